# Footfall. `make demo` runs it, `make test` tests it; both need Go alone.

GO ?= go
GOLANGCI_LINT_VERSION := v2.15.0
NFPM_VERSION := v2.45.2
CYCLONEDX_VERSION := v1.10.0
GOVULNCHECK_VERSION := v1.9.0
FUZZTIME ?= 10m
SOAKTIME ?= 30m
BENCHFLAGS ?=

.PHONY: build web web-test screenshots demo test check lint race fuzz-seeds fuzz faults exact accuracy bench bench-stages soak clean dist dist/footfall deb deb-check sbom reproducible vuln

build: ## the binary, in bin/
	CGO_ENABLED=0 $(GO) build -trimpath -buildvcs=auto -o bin/footfall ./cmd/footfall

web: ## the dashboard, into api/dashboard/dist (needs node 20); what it makes is committed
	cd api/dashboard && npm ci --no-audit --no-fund && npm run build

web-test: build ## the dashboard's logic, and its views in a browser against a demo
	cd api/dashboard && npm test && npm run browser -- $(CURDIR)/bin/footfall

screenshots: build ## every view in docs/screenshots, of a demo with a week of history
	cd api/dashboard && node browser/screenshots.mjs $(CURDIR)/bin/footfall $(CURDIR)/docs/screenshots

demo: build ## a whole store on this machine
	./bin/footfall demo

test: ## every test
	$(GO) test ./...
	cd bench && $(GO) test ./...

check: lint race fuzz-seeds exact ## everything else that CI checks

lint:
	@test -z "$$(gofmt -l .)" || { echo "gofmt would change:"; gofmt -l .; exit 1; }
	$(GO) vet ./...
	$(GO) mod verify
	$(GO) mod tidy -diff
	cd bench && $(GO) vet ./... && $(GO) mod verify && $(GO) mod tidy -diff
	@command -v golangci-lint >/dev/null 2>&1 || $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT_VERSION)
	PATH="$$PATH:$$($(GO) env GOPATH)/bin" golangci-lint run
	cd bench && PATH="$$PATH:$$($(GO) env GOPATH)/bin" golangci-lint run

# What starts no goroutine: those that use it are what can race.
ALONE := zones|tracker|analytics|analytics/storetest|internal/(archtest|config|recording|simulate|whatif)|packaging

race: ## the tests under the race detector
	$(GO) test -race -short $$($(GO) list ./... | grep -v -E '/($(ALONE))$$')
	cd bench && $(GO) test -race -short ./...

fuzz-seeds: ## every fuzz target on its committed seeds
	$(GO) test -run '^Fuzz' ./...

fuzz: ## every fuzz target for FUZZTIME
	GO=$(GO) FUZZTIME=$(FUZZTIME) sh scripts/fuzz.sh

faults: ## the faults of docs/reliability.md at length, half an hour or so: 200 kills, bytes flipped, writes torn, a reader that stalls for a minute
	$(GO) test -count=1 -timeout 2h -v ./cmd/footfall -run '^TestKilledAtRandomMoments$$' -kills 200
	$(GO) test -count=1 -timeout 2h -v ./cmd/footfall -run '^TestReportsOfADamagedDatabase$$' -damages 300
	$(GO) test -count=1 -timeout 2h -v ./cmd/footfall -run '^TestStalledExport$$' -stall 60s
	$(GO) test -count=1 -timeout 2h -v ./internal/boltstore -run '^TestFlippedByte$$' -flips 20000
	$(GO) test -count=1 -timeout 2h -v ./internal/boltstore -run '^(TestTornWrite|TestStalledReader)$$' -torn 5000 -stall 60s

exact: build ## counts of recordings of real people against an independent truth
	@if [ -f ../shared/tools/exact.py ]; then \
	  python3 ../shared/tools/exact.py --footfall $(CURDIR)/bin/footfall; \
	else \
	  echo "SKIPPED exact: ../shared/tools/exact.py is not on this machine"; \
	fi

accuracy: build ## how right the counts stay when the sensor is not; ABLATION=1 what each part does; WRITE=1 into docs/accuracy.md
	@python3 scripts/accuracy.py --footfall $(CURDIR)/bin/footfall --shared ../shared \
	  $(if $(ABLATION),--ablation) $(if $(WRITE),--write docs/accuracy.md) $(ACCURACYFLAGS)

bench: ## the table of docs/benchmarks.md; BENCHFLAGS='-row people-1k -tile38 PATH' and more
	cd bench && $(GO) run . $(BENCHFLAGS)

bench-stages: ## each stage of the hot path alone
	$(GO) test -run '^$$' -bench '^Benchmark(Decode|Locate|Position|Recorder)' -benchmem ./signals ./zones ./tracker ./analytics

soak: ## a server with everything going on at once, for SOAKTIME: what grows, what is lost; make test has half a minute of it
	cd bench && $(GO) run . -soak $(SOAKTIME)

dist: dist/footfall sbom ## what a release is made of, in dist/: the static program, man pages, completions, SBOM
	rm -rf dist/man dist/completions && mkdir -p dist/completions
	dist/footfall man dist/man
	dist/footfall completion bash >dist/completions/footfall.bash
	dist/footfall completion zsh >dist/completions/_footfall
	dist/footfall completion fish >dist/completions/footfall.fish

dist/footfall:
	CGO_ENABLED=0 $(GO) build -trimpath -buildvcs=auto -ldflags '-s -w' -o dist/footfall ./cmd/footfall

sbom: dist/footfall ## the Go modules in the program and their licences (CycloneDX), in dist/
	$(GO) run github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@$(CYCLONEDX_VERSION) bin -json -licenses -noserial \
	  -notimestamp -version "$$(dist/footfall --version | cut -d' ' -f3)" -output dist/footfall.cdx.json dist/footfall

deb: dist ## the Debian package, in dist/
	NFPM_VERSION=$(NFPM_VERSION) sh packaging/deb.sh

deb-check: deb ## the package is whole and works
	TEST_DEB=$$(ls -t $(CURDIR)/dist/*.deb | head -1) $(GO) test -count=1 -run Debian ./packaging

reproducible: ## two builds of the last commit, from two folders, one from nothing: the same bytes
	sh packaging/reproducible.sh

vuln: ## known vulnerabilities in what is called (needs vuln.go.dev)
	GOVULNCHECK_VERSION=$(GOVULNCHECK_VERSION) sh packaging/vuln.sh

clean:
	rm -rf bin dist
