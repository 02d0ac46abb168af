package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"
	"pgregory.net/rapid"

	"github.com/footfall/footfall/internal/edge"
)

func flagSet(t testing.TB, args ...string) *pflag.FlagSet {
	t.Helper()
	set := pflag.NewFlagSet("footfall", pflag.ContinueOnError)
	Flags(set)
	if err := set.Parse(args); err != nil {
		t.Fatal(err)
	}
	return set
}

func mustLoad(t testing.TB, yaml string, environ []string, args ...string) *Config {
	t.Helper()
	c, err := load("footfall.yaml", []byte(yaml), flagSet(t, args...), environ)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestDefaults(t *testing.T) {
	got, err := Load("", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := &Config{
		Listen: "127.0.0.1:8080", Database: "footfall.db", Zones: "zones.geojson",
		Tracking: Tracking{
			EnterAfter: time.Second, ExitAfter: time.Second, ExpireAfter: time.Minute,
			Stitch: Stitch{Within: 3 * time.Second, Radius: 150},
			Filter: Filter{MaxWindow: time.Second}, Margin: Margin{Max: 50},
			Ghosts: Ghosts{ProveAfter: 1300 * time.Millisecond, Moved: 50}, Corrections: true,
		},
		Privacy:   Privacy{MinCell: 5, Demographics: true, Preview: true},
		Reports:   Reports{BounceUnder: 30 * time.Second, EngagedOver: 2 * time.Minute, QueueGrace: 30 * time.Second},
		Retention: Retention{Minutes: 90 * 24 * time.Hour, Quarters: 730 * 24 * time.Hour},
		Heatmap:   Heatmap{Cell: 50},
		Auth:      Auth{External: External{ScopeClaim: "scope", LocationsClaim: "footfall_locations"}},
		Limits:    edge.DefaultMost(),
		origins:   map[string]origin{},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	l := got.Location(7)
	if l.ID != 7 || l.Name != "7" || l.Timezone != time.UTC || l.Capacity != 0 || l.DayStart != 0 ||
		l.Funnel != nil || l.Occupancy != Tracks || l.Opening.Given {
		t.Errorf("default location: %+v", l)
	}
}

func TestPrecedence(t *testing.T) {
	const key = "tracking.stitch.within"
	yaml := "tracking: {stitch: {within: 2s}}"
	environ := []string{"FOOTFALL_TRACKING_STITCH_WITHIN=4s", "HOME=/root"}
	flag := "--tracking.stitch.within=5s"
	for _, step := range []struct {
		yaml    string
		environ []string
		args    []string
		want    time.Duration
		source  string
	}{
		{"", nil, nil, 3 * time.Second, "default"},
		{yaml, nil, nil, 2 * time.Second, "footfall.yaml:1"},
		{yaml, environ, nil, 4 * time.Second, "FOOTFALL_TRACKING_STITCH_WITHIN"},
		{yaml, environ, []string{flag}, 5 * time.Second, "--tracking.stitch.within"},
		{"", nil, []string{flag}, 5 * time.Second, "--tracking.stitch.within"},
		{yaml, []string{"FOOTFALL_TRACKING_STITCH_WITHIN="}, nil, 2 * time.Second, "footfall.yaml:1"},
	} {
		c := mustLoad(t, step.yaml, step.environ, step.args...)
		if c.Tracking.Stitch.Within != step.want || c.Source(key) != step.source {
			t.Errorf("%s from %s, want %s from %s", c.Tracking.Stitch.Within, c.Source(key), step.want, step.source)
		}
	}
}

// A value other than the default, for every key.
var otherValues = map[string]string{
	"listen": "0.0.0.0:80", "database": "other.db", "zones": "",
	"tracking.enter_after": "2s", "tracking.exit_after": "0", "tracking.expire_after": "90",
	"tracking.stitch.within": "0.5", "tracking.stitch.radius": "99.5",
	"tracking.filter.max_window": "0.25", "tracking.margin.max": "12.5",
	"tracking.ghosts.prove_after": "2s", "tracking.ghosts.moved": "33", "tracking.corrections": "false",
	"auth.required": "true", "auth.external.issuer": "https://login.example", "auth.external.audience": "shop",
	"auth.external.jwks_url": "https://login.example/keys", "auth.external.scope_claim": "s", "auth.external.locations_claim": "l", "privacy.min_cell": "0", "privacy.demographics": "false", "privacy.preview": "false",
	"reports.bounce_under": "1m", "reports.engaged_over": "10m", "reports.queue_grace": "250ms", "heatmap.cell": "25",
	"retention.minutes": "36h", "retention.quarters": "0", "retention.days": "10000d",
	"tls.cert": "tls.crt", "tls.key": "tls.key", "trusted_proxies": "10.0.0.0/8", "cors.origins": "https://board.example",
	"limits.body": "2MiB", "limits.zones_body": "1MB", "limits.plan_body": "2MB", "limits.upload_body": "1GiB", "limits.frame": "4096",
	"limits.connections": "10", "limits.connections_per_address": "5", "limits.requests_per_second": "7", "limits.requests_burst": "8",
	"limits.sockets": "9", "limits.reports": "2", "limits.report_rows": "5000", "limits.report_time": "90s", "limits.uploads": "1",
	"limits.people": "1000", "limits.zones": "20", "limits.unwritten": "1MiB",
}

// Each layer alone sets each key to the same effect, and no two keys share a field.
func TestEveryKeyInEveryLayer(t *testing.T) {
	var seen []Config
	for _, k := range Keys() {
		text, ok := otherValues[k.Name]
		if !ok {
			t.Fatalf("%s: no value to test with", k.Name)
		}
		names := strings.Split(k.Name, ".")
		yaml := strings.Join(names[:len(names)-1], ": {")
		quote := ""
		if text == "" {
			quote = `""`
		}
		if yaml != "" {
			yaml += ": {"
		}
		yaml += names[len(names)-1] + ": " + text + quote + strings.Repeat("}", len(names)-1)

		inFile := mustLoad(t, yaml, nil)
		byFlag := mustLoad(t, "", nil, "--"+k.Flag+"="+text)
		loaded := []*Config{inFile, byFlag}
		if text != "" {
			loaded = append(loaded, mustLoad(t, "", []string{k.Env + "=" + text}))
		}
		for i, c := range loaded {
			if c.Source(k.Name) == sourceDefault {
				t.Errorf("%s: layer %d left no source", k.Name, i)
			}
			c.origins = nil
			if !reflect.DeepEqual(c, inFile) {
				t.Errorf("%s: layer %d gives %+v, the file %+v", k.Name, i, c, inFile)
			}
		}
		for _, other := range seen {
			if reflect.DeepEqual(other, *inFile) {
				t.Errorf("%s sets what another key sets, or nothing", k.Name)
			}
		}
		plain := *Default()
		plain.origins = nil
		if reflect.DeepEqual(plain, *inFile) {
			t.Errorf("%s sets nothing", k.Name)
		}
		seen = append(seen, *inFile)
	}
}

func TestFlagHelp(t *testing.T) {
	usage := flagSet(t).FlagUsagesWrapped(1000)
	for _, k := range Keys() {
		var line string
		for l := range strings.Lines(usage) {
			if strings.Contains(l, "--"+k.Flag+" ") || strings.Contains(l, "--"+k.Flag+"[") {
				line = l
			}
		}
		if !strings.Contains(line, k.Help) || k.Default != "" && !strings.Contains(line, "(default "+k.Default+")") {
			t.Errorf("%s: help says %q", k.Name, line)
		}
	}
}

func TestFlagsOfOthersAreNotOurs(t *testing.T) {
	set := pflag.NewFlagSet("simulate", pflag.ContinueOnError)
	set.String("listen", "", "")
	set.String("speed", "1", "")
	if err := set.Parse([]string{"--listen=nonsense", "--speed=2"}); err != nil {
		t.Fatal(err)
	}
	c, err := Load("", set, nil)
	if err != nil || c.Listen != Default().Listen {
		t.Errorf("listen %v, %v", c, err)
	}
}

func TestBoolFlagNeedsNoValue(t *testing.T) {
	c := mustLoad(t, "", nil, "--auth.required", "--tracking.corrections=false")
	if !c.AuthRequired() || c.Tracking.Corrections {
		t.Errorf("auth %v, corrections %v", c.AuthRequired(), c.Tracking.Corrections)
	}
}

func TestAuthRequired(t *testing.T) {
	for listen, want := range map[string]bool{
		"127.0.0.1:8080": false, "127.8.9.1:80": false, "localhost:0": false, "LocalHost.:1": false,
		"[::1]:8080": false, "[::ffff:127.0.0.1]:80": false,
		":8080": true, "0.0.0.0:8080": true, "[::]:80": true, "10.0.0.1:80": true, "shop.example:80": true,
	} {
		c := mustLoad(t, "", []string{"FOOTFALL_LISTEN=" + listen})
		if c.AuthRequired() != want {
			t.Errorf("%s: required %v", listen, !want)
		}
		c = mustLoad(t, "auth: {required: "+map[bool]string{true: "false", false: "true"}[want]+"}", nil, "--listen", listen)
		if c.AuthRequired() == want {
			t.Errorf("%s: the key does not win", listen)
		}
	}
}

func TestFileErrors(t *testing.T) {
	if _, err := Load(filepath.Join(t.TempDir(), "none.yaml"), nil, nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
	if _, err := Load(t.TempDir(), nil, nil); err == nil {
		t.Error("a directory is taken for a file")
	}
	big := filepath.Join(t.TempDir(), "big.yaml")
	if err := os.WriteFile(big, make([]byte, mostFileBytes+1), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(big, nil, nil); err == nil || !strings.Contains(err.Error(), "larger than 4096 KiB") {
		t.Errorf("large file: %v", err)
	}
}

func TestFilesThatSayNothing(t *testing.T) {
	for _, yaml := range []string{"", "# only a comment\n", "---\n", "tracking:\n  # enter_after: 1s\nfeeds:\nlocations:\n", "{}", "feeds: []"} {
		if c := mustLoad(t, yaml, nil); c.Tracking != Default().Tracking || c.Feeds != nil || c.Locations != nil {
			t.Errorf("%q: %+v", yaml, c)
		}
	}
}

func TestConfigVariable(t *testing.T) {
	environ := []string{"FOOTFALL_CONFIG=a.yaml", "FOOTFALL_TOKEN=secret"}
	if got := File("", environ); got != "a.yaml" {
		t.Errorf("from the environment: %q", got)
	}
	if got := File("b.yaml", environ); got != "b.yaml" {
		t.Errorf("by flag: %q", got)
	}
	if got := File("", nil); got != "" {
		t.Errorf("none: %q", got)
	}
	mustLoad(t, "", environ)
}

func TestAliasesAndMerges(t *testing.T) {
	c := mustLoad(t, `
locations:
  - &first
    id: 1
    timezone: Europe/Helsinki
    opening_hours: &hours {mon: ["09:00-18:00"]}
  - {<<: *first, id: 2, name: Two}
  - {id: 3, opening_hours: {<<: [*hours, {sun: ["12:00-16:00"]}], tue: []}}
`, nil)
	two, three := c.Location(2), c.Location(3)
	if two.Name != "Two" || two.Timezone.String() != "Europe/Helsinki" || len(two.Opening.Week[time.Monday]) != 1 {
		t.Errorf("merged location: %+v", two)
	}
	if len(three.Opening.Week[time.Sunday]) != 1 || len(three.Opening.Week[time.Monday]) != 1 || len(three.Opening.Week[time.Tuesday]) != 0 {
		t.Errorf("merged hours: %+v", three.Opening)
	}
}

func TestDurationsAreWholeMicroseconds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := time.Duration(rapid.Int64Range(0, int64(mostDuration/time.Microsecond)).Draw(t, "µs")) * time.Microsecond
		for _, text := range []string{want.String(), strconv.FormatFloat(want.Seconds(), 'f', -1, 64)} {
			if got, problem := durationKind(0).parse(text); problem != "" || got != want {
				t.Fatalf("%s: %v, %s", text, got, problem)
			}
		}
	})
	for text, want := range map[string]time.Duration{
		"0": 0, "0s": 0, "1.5": 1500 * time.Millisecond, "1h30m": 90 * time.Minute, "1e-6": time.Microsecond,
		"100ns": 0, "86400": mostDuration, "0.250": 250 * time.Millisecond, "60": time.Minute,
	} {
		if got, problem := durationKind(0).parse(text); problem != "" || got != want {
			t.Errorf("%s: %v, %s", text, got, problem)
		}
	}
}

func TestSourceNamesTheFilesLine(t *testing.T) {
	c := mustLoad(t, "listen: :80\ntracking:\n  enter_after: 2\n", nil)
	if got := c.Source("tracking.enter_after"); got != "footfall.yaml:3" {
		t.Errorf("source %q", got)
	}
}
