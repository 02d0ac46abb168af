# Footfall. `make demo` runs it, `make test` tests it; both need Go alone.

GO ?= go
GOLANGCI_LINT_VERSION := v2.15.0
FUZZTIME ?= 10s
BENCHFLAGS ?=

.PHONY: build demo test check lint race fuzz-seeds fuzz exact accuracy bench bench-stages clean

build: ## the binary, in bin/
	$(GO) build -trimpath -o bin/footfall ./cmd/footfall

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

race: ## the tests under the race detector
	$(GO) test -race -short ./...
	cd bench && $(GO) test -race -short ./...

fuzz-seeds: ## every fuzz target on its committed seeds
	$(GO) test -run '^Fuzz' ./...

fuzz: ## every fuzz target for FUZZTIME
	@for package in $$($(GO) list ./...); do \
	  for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz'); do \
	    echo "$$package $$target"; \
	    $(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x $$package || exit 1; \
	  done; \
	done

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

clean:
	rm -rf bin
