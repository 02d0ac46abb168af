package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

const (
	ageAllowed      = "a number of days from 1d to 36500d, or a duration of as long such as 2160h; 0 is for ever"
	coarserAllowed  = "coarser counts are kept at least as long as finer ones, or for ever (0)"
	durationAllowed = "a duration from 0 to 24h, such as 250ms, 1s or 1h, or a number of seconds"
	addressAllowed  = "HOST:PORT, such as 127.0.0.1:8080, localhost:0, [::1]:8080 or :8080"
	urlAllowed      = "ws://HOST… or wss://HOST…, without name or password, such as wss://signals.example.com/websocket_realtime"
	spanAllowed     = "HH:MM-HH:MM in quarter hours, such as 09:00-18:00, 18:00-24:00 or, past midnight, 18:00-02:00"
	funnelAllowed   = "a list of 2 to 100 different zone ids in order, such as [passage, entrance, till]"
	idAllowed       = "a whole number of 0 or more, as the sensors send it"
	locationAllowed = "id, name, timezone, capacity, day_start, opening_hours, closures, funnel, occupancy, plan"
	topAllowed      = "listen, database, zones, tracking, auth, privacy, reports, retention, heatmap, tls, trusted_proxies, cors, limits, locations, feeds"
	trackingAllowed = "enter_after, exit_after, expire_after, stitch, filter, margin, ghosts, corrections"
)

func location(rest string) string { return "locations:\n- id: 21\n  " + rest }
func feed(rest string) string {
	return "feeds:\n- url: wss://a.example\n  locations: [1]\n  " + rest
}

// Each file has one fault; its text is the whole error, with f.yaml for "f".
var fileFaults = []struct{ yaml, want string }{
	// YAML itself
	{"listen: :80\na: b: c\n", "f:2: is not valid YAML: mapping values are not allowed in this context"},
	{"tracking:\n  enter_after: 1s\n exit_after: 1s\n", "f:3: is not valid YAML: did not find expected key"},
	{"listen: :80\nzones: [a\ndatabase: b\n", "f:2: is not valid YAML: did not find expected ',' or ']'"},
	{"listen: :80\n\n\nzones: \"a\n", "f:4: is not valid YAML: found unexpected end of stream"},
	{"listen: :80\nzones: *zones\n", "f:2: is not valid YAML: an alias (*name) whose anchor (&name) is not given before; text that begins with * needs quotes"},
	{"listen: :80\n---\nlisten: :81\n", "f:2: the file holds a second document (---); allowed: one document"},
	{"- listen\n", "f:1: is a list, not a mapping (key: value)"},
	{"listen\n", "f:1: is text, not a mapping (key: value)"},

	// keys
	{"listn: :80", "f:1: listn: is not a known key (did you mean listen?); allowed: " + topAllowed},
	{"\nfrobnicate: 1", "f:2: frobnicate: is not a known key; allowed: " + topAllowed},
	{"enter_after: 1s", "f:1: enter_after: is not a known key (did you mean tracking.enter_after?); allowed: " + topAllowed},
	{"timezone: UTC", "f:1: timezone: is not a known key (did you mean locations[].timezone?); allowed: " + topAllowed},
	{"tracking:\n  within: 3s", "f:2: tracking.within: is not a known key (did you mean tracking.stitch.within?); allowed: " + trackingAllowed},
	{"tracking:\n  entre_after: 3s", "f:2: tracking.entre_after: is not a known key (did you mean enter_after?); allowed: " + trackingAllowed},
	{"tracking.enter_after: 3s", "f:1: tracking.enter_after: is written with a dot; allowed: enter_after: indented below tracking:"},
	{"tracking:\n  stitch.within: 3s", "f:2: tracking.stitch.within: is written with a dot; allowed: within: indented below tracking.stitch:"},
	{"listen: :80\nzones: a\nlisten: :81", "f:3: listen: is given twice, first in line 1"},
	{location("name: a\n  name: b"), "f:4: locations[0].name: is given twice, first in line 3"},
	{"tracking: 5", "f:1: tracking: is a number, not a mapping (key: value)"},
	{"[a]: 5", "f:1: has a name that is no text"},
	{"<<: 5", "f:1: is a number, not an alias of a mapping after <<"},

	// keys outside lists
	{"listen: 8080", "f:1: listen: is a number, not text (put it in quotes); allowed: " + addressAllowed},
	{"listen:", "f:1: listen: has no value; allowed: " + addressAllowed},
	{"listen: [a]", "f:1: listen: is a list, not text; allowed: " + addressAllowed},
	{"listen: localhost", `f:1: listen: "localhost" is not HOST:PORT; allowed: ` + addressAllowed},
	{"listen: http://localhost:80", `f:1: listen: "http://localhost:80" is not HOST:PORT; allowed: ` + addressAllowed},
	{"listen: localhost:http", `f:1: listen: "localhost:http": the port is not a number from 0 to 65535; allowed: ` + addressAllowed},
	{"listen: localhost:65536", `f:1: listen: "localhost:65536": the port is not a number from 0 to 65535; allowed: ` + addressAllowed},
	{"listen: a/b:80", `f:1: listen: "a/b:80": the host is neither a name nor an IP address; allowed: ` + addressAllowed},
	{`database: ""`, "f:1: database: is empty; allowed: a path"},
	{`zones: "a\nb"`, `f:1: zones: has a control character or line break in it; allowed: a path, or "" for none`},
	{"tracking: {enter_after: fast}", `f:1: tracking.enter_after: "fast" is not a duration; allowed: ` + durationAllowed},
	{"tracking: {enter_after: 5 s}", `f:1: tracking.enter_after: "5 s" is not a duration; allowed: ` + durationAllowed},
	{"tracking: {enter_after: .nan}", `f:1: tracking.enter_after: ".nan" is not a duration; allowed: ` + durationAllowed},
	{"tracking: {enter_after: true}", "f:1: tracking.enter_after: is true or false, not a duration; allowed: " + durationAllowed},
	{"tracking: {enter_after: -1s}", `f:1: tracking.enter_after: "-1s" is negative; allowed: ` + durationAllowed},
	{"tracking: {exit_after: -0.5}", `f:1: tracking.exit_after: "-0.5" is negative; allowed: ` + durationAllowed},
	{"tracking: {exit_after: 24h1s}", `f:1: tracking.exit_after: "24h1s" is too long; allowed: ` + durationAllowed},
	{"tracking: {expire_after: 0}", `f:1: tracking.expire_after: "0" is too short; allowed: a duration above 0 and up to 24h, such as 250ms, 1s or 1h, or a number of seconds`},
	{"tracking: {stitch: {within: 60s}}", `f:1: tracking.stitch.within: tracking.expire_after (1m, default) is not longer than tracking.stitch.within (1m, f.yaml:1); allowed: an expiry later than any stitch; tracking.stitch.within 0 turns stitching off`},
	{"retention: {minutes: 90 days}", `f:1: retention.minutes: "90 days" is not a duration; allowed: ` + ageAllowed},
	{"retention: {minutes: 23h}", `f:1: retention.minutes: "23h" is too short; allowed: ` + ageAllowed},
	{"retention: {days: 99999999d}", `f:1: retention.days: "99999999d" is too long; allowed: ` + ageAllowed},
	{"retention: {days: -1d}", `f:1: retention.days: "-1d" is negative; allowed: ` + ageAllowed},
	{"retention: {quarters: 30d}", `f:1: retention.quarters: retention.quarters (30d, f.yaml:1) is shorter than retention.minutes (90d, default); allowed: ` + coarserAllowed},
	{"retention: {minutes: 0}", `f:1: retention.minutes: retention.quarters (730d, default) is shorter than retention.minutes (0, for ever, f.yaml:1); allowed: ` + coarserAllowed},
	{"retention: {days: 365d}", `f:1: retention.days: retention.days (365d, f.yaml:1) is shorter than retention.quarters (730d, default); allowed: ` + coarserAllowed},
	{"tracking: {expire_after: 2s}", `f:1: tracking.expire_after: tracking.expire_after (2s, f.yaml:1) is not longer than tracking.stitch.within (3s, default); allowed: an expiry later than any stitch; tracking.stitch.within 0 turns stitching off`},
	{"tracking: {ghosts: {prove_after: 6s}}", `f:1: tracking.ghosts.prove_after: "6s" is too long; allowed: a duration from 0 to 5s, such as 250ms, 1s or 1h, or a number of seconds`},
	{"tracking: {filter: {max_window: 3s}}", `f:1: tracking.filter.max_window: "3s" is too long; allowed: a duration from 0 to 2s, such as 250ms, 1s or 1h, or a number of seconds`},
	{"tracking: {stitch: {radius: -1}}", `f:1: tracking.stitch.radius: "-1" is negative; allowed: a number of cm from 0 to 100000`},
	{"tracking: {stitch: {radius: .inf}}", `f:1: tracking.stitch.radius: ".inf" is not such a number; allowed: a number of cm from 0 to 100000`},
	{"tracking: {stitch: {radius: 1e6}}", `f:1: tracking.stitch.radius: "1e6" is out of range; allowed: a number of cm from 0 to 100000`},
	{`tracking: {corrections: "true"}`, `f:1: tracking.corrections: is text, not true or false (leave out the quotes); allowed: true or false`},
	{"tracking: {corrections: yes}", `f:1: tracking.corrections: is text, not true or false; allowed: true or false`},
	{"auth: {required: 1}", `f:1: auth.required: is a number, not true or false; allowed: true or false`},
	{"privacy: {min_cell: -1}", `f:1: privacy.min_cell: "-1" is negative; allowed: a whole number of people from 0 to 1000`},
	{"privacy: {min_cell: 1001}", `f:1: privacy.min_cell: "1001" is too large; allowed: a whole number of people from 0 to 1000`},
	{"privacy: {min_cell: 2.5}", `f:1: privacy.min_cell: "2.5" is not such a whole number; allowed: a whole number of people from 0 to 1000`},
	{`privacy: {min_cell: "5"}`, `f:1: privacy.min_cell: is text, not a number (leave out the quotes); allowed: a whole number of people from 0 to 1000`},
	{"heatmap: {cell: 9}", `f:1: heatmap.cell: "9" is too small; allowed: a whole number of cm from 10 to 1000`},
	{"heatmap: {cell: !cm 9}", `f:1: heatmap.cell: is a value with a YAML tag, not a number; allowed: a whole number of cm from 10 to 1000`},

	// locations
	{"locations: {id: 1}", "f:1: locations: is a mapping, not a list; allowed: a list of locations, each with an id"},
	{"locations: [21]", "f:1: locations[0]: is a number, not a mapping (key: value)"},
	{"locations:\n- name: a", "f:2: locations[0]: has no id; allowed: " + idAllowed},
	{"locations:\n- id: a", "f:2: locations[0].id: is text, not a number; allowed: " + idAllowed},
	{"locations:\n- id: -1", `f:2: locations[0].id: "-1" is negative; allowed: ` + idAllowed},
	{"locations:\n- id: 9223372036854775808", `f:2: locations[0].id: "9223372036854775808" is not such a whole number; allowed: ` + idAllowed},
	{"locations:\n- id: 1\n- id: 2\n- id: 1", "f:4: locations[2].id: location 1 is given twice, first at f.yaml:2; allowed: one entry for each location"},
	{location("tz: UTC"), "f:3: locations[0].tz: is not a known key; allowed: " + locationAllowed},
	{location("time_zone: UTC"), "f:3: locations[0].time_zone: is not a known key (did you mean timezone?); allowed: " + locationAllowed},
	{location("name: 7"), "f:3: locations[0].name: is a number, not text (put it in quotes); allowed: text of 1 to 200 characters in one line"},
	{location("name: ' '"), "f:3: locations[0].name: is empty; allowed: text of 1 to 200 characters in one line"},
	{location("name: " + strings.Repeat("ä", 201)), "f:3: locations[0].name: has 201 characters; allowed: text of 1 to 200 characters in one line"},
	{location("timezone: Europe/Helsingfors"), `f:3: locations[0].timezone: "Europe/Helsingfors" is not a known time zone; allowed: an IANA time zone such as Europe/Helsinki or UTC`},
	{location("timezone: Local"), `f:3: locations[0].timezone: "Local" is not a known time zone; allowed: an IANA time zone such as Europe/Helsinki or UTC`},
	{location("timezone: ../../etc/passwd"), `f:3: locations[0].timezone: "../../etc/passwd" is not a known time zone; allowed: an IANA time zone such as Europe/Helsinki or UTC`},
	{location("capacity: 0"), `f:3: locations[0].capacity: "0" is too small; allowed: a whole number of people from 1 to 10000000`},
	{location("day_start: 4"), `f:3: locations[0].day_start: is a number, not text (put it in quotes); allowed: a time of day in quarter hours from 00:00 to 23:45`},
	{location("day_start: '04:10'"), `f:3: locations[0].day_start: "04:10" is not a quarter hour; allowed: a time of day in quarter hours from 00:00 to 23:45`},
	{location("day_start: '24:00'"), `f:3: locations[0].day_start: "24:00" is not a time of day; allowed: a time of day in quarter hours from 00:00 to 23:45`},
	{location("occupancy: doors"), `f:3: locations[0].occupancy: "doors" is not a way to count; allowed: tracks (counted by positions) or gates (counted by lines)`},
	{location("funnel: till"), `f:3: locations[0].funnel: is text, not a list; allowed: ` + funnelAllowed},
	{location("funnel: [till]"), `f:3: locations[0].funnel: has 1 stages; allowed: ` + funnelAllowed},
	{location("funnel: [a, b, a]"), `f:3: locations[0].funnel[2]: zone "a" is in the funnel twice; allowed: ` + funnelAllowed},
	{location(`funnel: [a, ""]`), `f:3: locations[0].funnel[1]: is empty; allowed: a zone id of 1 to 128 bytes`},

	// hours
	{location("opening_hours: always"), "f:3: locations[0].opening_hours: is text, not a mapping (key: value)"},
	{location("opening_hours: {monday: []}"), "f:3: locations[0].opening_hours.monday: is not a known key (did you mean mon?); allowed: mon, tue, wed, thu, fri, sat, sun"},
	{location(`opening_hours: {mon: "09:00-18:00"}`), "f:3: locations[0].opening_hours.mon: is text, not a list; allowed: " + spansAllowed},
	{location("opening_hours: {mon: [" + strings.Repeat("a,", 97) + "]}"), "f:3: locations[0].opening_hours.mon: has 97 spans; allowed: " + spansAllowed},
	{location(`opening_hours: {mon: }`), "f:3: locations[0].opening_hours.mon: is no value, not a list; allowed: " + spansAllowed},
	{location(`opening_hours: {mon: [9-18]}`), `f:3: locations[0].opening_hours.mon[0]: "9-18" is not a span of a day; allowed: ` + spanAllowed},
	{location(`opening_hours: {mon: ["09:00-24:15"]}`), `f:3: locations[0].opening_hours.mon[0]: "09:00-24:15" is not a span of a day; allowed: ` + spanAllowed},
	{location(`opening_hours: {mon: ["24:00-01:00"]}`), `f:3: locations[0].opening_hours.mon[0]: "24:00-01:00" is not a span of a day; allowed: ` + spanAllowed},
	{location(`opening_hours: {mon: ["09:00-18:10"]}`), `f:3: locations[0].opening_hours.mon[0]: "09:00-18:10" is not in quarter hours; allowed: ` + spanAllowed},
	{location(`opening_hours: {mon: ["09:00-09:00"]}`), `f:3: locations[0].opening_hours.mon[0]: "09:00-09:00" has no length (the whole day is 00:00-24:00); allowed: ` + spanAllowed},
	{location(`opening_hours: {mon: ["09:00-13:00", "12:45-18:00"]}`), `f:3: locations[0].opening_hours.mon[1]: 12:45-18:00 overlaps 09:00-13:00`},
	{location(`opening_hours: {sun: ["18:00-02:00"], mon: ["01:45-03:00"]}`), `f:3: locations[0].opening_hours: 18:00-02:00 of sun runs into 01:45-03:00 of mon`},
	{location(`closures: {"2026-02-30": []}`), `f:3: locations[0].closures.2026-02-30: is not a date that exists; allowed: a date as YYYY-MM-DD`},
	{location(`closures: {christmas: []}`), `f:3: locations[0].closures.christmas: is not a date that exists; allowed: a date as YYYY-MM-DD`},
	{location(`closures: [2026-12-25]`), `f:3: locations[0].closures: is a list, not a mapping (key: value)`},
	{location("closures:\n    2026-12-25: []\n    \"2026-12-25\": []"), `f:5: locations[0].closures.2026-12-25: is given twice, first in line 4`},
	{location(`closures: {2026-12-25: [9]}`), `f:3: locations[0].closures.2026-12-25[0]: is a number, not text (put it in quotes); allowed: ` + spanAllowed},
	{location("opening_hours: {}\n  closures: {2026-12-25: ['18:00-02:00'], 2026-12-26: ['01:00-02:00']}"), `f:4: locations[0].closures: 18:00-02:00 of 2026-12-25 runs into 01:00-02:00 of 2026-12-26`},
	{location("opening_hours: {sat: ['01:00-12:00']}\n  closures: {2026-12-25: ['18:00-02:00']}"), `f:4: locations[0].closures: 18:00-02:00 of 2026-12-25 runs into 01:00-12:00 of 2026-12-26`},

	// feeds
	{"feeds: wss://a.example", "f:1: feeds: is text, not a list; allowed: a list of feeds, each with url and locations"},
	{"feeds:\n- locations: [1]", "f:2: feeds[0]: has no url; allowed: " + urlAllowed},
	{"feeds:\n- url: wss://a.example", "f:2: feeds[0]: has no locations; allowed: " + feedLocationsAllowed},
	{"feeds:\n- url: https://a.example\n  locations: [1]", "f:2: feeds[0].url: does not begin with ws:// or wss://; allowed: " + urlAllowed},
	{"feeds:\n- url: wss:///path\n  locations: [1]", "f:2: feeds[0].url: has no host; allowed: " + urlAllowed},
	{"feeds:\n- url: wss://me:secret@a.example\n  locations: [1]", "f:2: feeds[0].url: has a name or password in it; allowed: " + urlAllowed},
	{"feeds:\n- url: \"wss://a:secret\"\n  locations: [1]", "f:2: feeds[0].url: is not a URL; allowed: " + urlAllowed},
	{"feeds:\n- url: wss://a.example/#x\n  locations: [1]", "f:2: feeds[0].url: has a fragment (#…); allowed: " + urlAllowed},
	{"feeds:\n- url: ws://a\n  locations: []", "f:3: feeds[0].locations: is empty; allowed: " + feedLocationsAllowed},
	{"feeds:\n- url: ws://a\n  locations: 21", "f:3: feeds[0].locations: is a number, not a list; allowed: " + feedLocationsAllowed},
	{"feeds:\n- url: ws://a\n  locations: [21, 22, 21]", "f:3: feeds[0].locations[2]: location 21 is in the feed twice"},
	{"feeds:\n- url: ws://a\n  locations: [x]", "f:3: feeds[0].locations[0]: is text, not a number; allowed: " + idAllowed},
	{feed("token: secret\n  token_file: secret.txt"), "f:5: feeds[0].token_file: is given beside token; allowed: one of the two, or neither"},
	{feed("token: ''"), "f:4: feeds[0].token: is empty; allowed: the token, or token_file with the path of a file that holds it"},
	{feed("token: 123456"), "f:4: feeds[0].token: is a number, not text (put it in quotes); allowed: the token, or token_file with the path of a file that holds it"},
	{feed(`token: "secret\nsecret"`), "f:4: feeds[0].token: has a control character or line break in it; allowed: the token, or token_file with the path of a file that holds it"},
	{"feeds:\n- {url: 'ws://a', locations: [1], token:secret}", "f:2: feeds[0].token: lacks the space after its colon"},
	{feed("tokn: secret"), "f:4: feeds[0].tokn: is not a known key (did you mean token?); allowed: url, token, token_file, locations"},
}

func TestFileFaults(t *testing.T) {
	for _, test := range fileFaults {
		c, err := load("f.yaml", []byte(test.yaml), nil, nil)
		want := "f.yaml" + strings.TrimPrefix(test.want, "f")
		if err == nil || c != nil {
			t.Errorf("%q is taken; want %s", test.yaml, want)
			continue
		}
		if err.Error() != want {
			t.Errorf("%q\n got %s\nwant %s", test.yaml, err, want)
		}
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: the error shows what may be a token: %s", test.yaml, err)
		}
	}
}

func TestEnvironmentFaults(t *testing.T) {
	for entry, want := range map[string]string{
		"FOOTFALL_TRACKING_ENTER_AFTER=fast": `FOOTFALL_TRACKING_ENTER_AFTER: tracking.enter_after: "fast" is not a duration; allowed: ` + durationAllowed,
		"FOOTFALL_AUTH_REQUIRED=yes":         `FOOTFALL_AUTH_REQUIRED: auth.required: "yes" is neither true nor false; allowed: true or false`,
		"FOOTFALL_LISTN=secret":              "FOOTFALL_LISTN: is not a known variable (did you mean FOOTFALL_LISTEN?)",
		"FOOTFALL_ENTER_AFTER=1s":            "FOOTFALL_ENTER_AFTER: is not a known variable (did you mean FOOTFALL_TRACKING_ENTER_AFTER?)",
		"FOOTFALL_FROBNICATE=secret":         "FOOTFALL_FROBNICATE: is not a known variable",
		"FOOTFALL_FROBNICATE=":               "FOOTFALL_FROBNICATE: is not a known variable",
		"FOOTFALL_=":                         "FOOTFALL_: is not a known variable",
		"FOOTFALL_FEEDS=secret":              "FOOTFALL_FEEDS: feeds is a list, which can only be given in the configuration file",
		"FOOTFALL_TRACKING_STITCH=3s":        "FOOTFALL_TRACKING_STITCH: is a section of keys, not a key; its keys are FOOTFALL_TRACKING_STITCH_WITHIN, FOOTFALL_TRACKING_STITCH_RADIUS",
		"FOOTFALL_PORT=tcp://10.0.0.1:80":    "FOOTFALL_PORT: is no variable of ours; Kubernetes sets it for a service named footfall: set enableServiceLinks: false or rename the service",
		"FOOTFALL_SERVICE_HOST=10.0.0.1":     "FOOTFALL_SERVICE_HOST: is no variable of ours; Kubernetes sets it for a service named footfall: set enableServiceLinks: false or rename the service",
		"FOOTFALL_PORT=80":                   "FOOTFALL_PORT: is not a known variable",
	} {
		_, err := load("", nil, nil, []string{"PATH=/bin", entry})
		if err == nil || err.Error() != want {
			t.Errorf("%s\n got %v\nwant %s", entry, err, want)
		}
	}
}

func TestFlagFaults(t *testing.T) {
	for arg, want := range map[string]string{
		"--tracking.enter_after=fast": `--tracking.enter_after: "fast" is not a duration; allowed: ` + durationAllowed,
		"--heatmap.cell=-5":           `--heatmap.cell: "-5" is negative; allowed: a whole number of cm from 10 to 1000`,
		"--database=":                 `--database: is empty; allowed: a path`,
	} {
		_, err := load("", nil, flagSet(t, arg), nil)
		if err == nil || err.Error() != want {
			t.Errorf("%s\n got %v\nwant %s", arg, err, want)
		}
	}
}

func TestAllFaultsTogether(t *testing.T) {
	_, err := load("f.yaml", []byte("listen: nowhere\ntracking: {expire_after: 0}\nlocations: [{id: 1, capacity: 0}]\n"),
		flagSet(t, "--heatmap.cell=5"), []string{"FOOTFALL_BOGUS=1", "FOOTFALL_LISTEN=127.0.0.1:1"})
	var faults Faults
	if !errors.As(err, &faults) {
		t.Fatalf("error %v", err)
	}
	want := []string{"f.yaml:1", "f.yaml:2", "f.yaml:3", "FOOTFALL_BOGUS", "--heatmap.cell"}
	if len(faults) != len(want) {
		t.Fatalf("got %v", err)
	}
	for i, f := range faults {
		if f.Source != want[i] {
			t.Errorf("fault %d: %v, want one of %s", i, f, want[i])
		}
	}
	if lines := strings.Split(err.Error(), "\n"); lines[0] != "5 faults in the configuration:" || len(lines) != 6 {
		t.Errorf("text:\n%v", err)
	}
	var one Fault
	if !errors.As(err, &one) || one.Key != "listen" {
		t.Errorf("first fault: %v", one)
	}
}

func TestManyFaultsAreCut(t *testing.T) {
	var yaml strings.Builder
	for i := range 250 {
		fmt.Fprintf(&yaml, "key%d: 1\n", i)
	}
	_, err := load("f.yaml", []byte(yaml.String()), nil, nil)
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 102 || lines[101] != "  and 150 more" {
		t.Errorf("%d lines, last %q", len(lines), lines[len(lines)-1])
	}
}

func TestNoStitchNeedsNoExpiry(t *testing.T) {
	mustLoad(t, "tracking: {expire_after: 2s, stitch: {within: 0}}", nil)
	mustLoad(t, "tracking: {expire_after: 2s, corrections: false}", nil)
}

// A small file can stand for an enormous one by aliases.
func TestAliasBomb(t *testing.T) {
	hours := "[" + strings.Repeat("'09:00-10:00',", mostSpans) + "]"
	yaml := "locations:\n- {id: 1, opening_hours: {mon: &s " + hours + ", tue: *s}}\n"
	yaml += "- &l {id: 2, opening_hours: {mon: *s, tue: *s, wed: *s, thu: *s, fri: *s, sat: *s, sun: *s}}\n"
	yaml += strings.Repeat("- *l\n", 5000)
	_, err := load("f.yaml", []byte(yaml), nil, nil)
	var faults Faults
	if !errors.As(err, &faults) || len(faults) > nodeBudget {
		t.Fatalf("%d faults", len(faults))
	}
	if !slices.ContainsFunc(faults, func(f Fault) bool { return strings.Contains(f.Problem, "values, aliases written out") }) {
		t.Error("the budget is not reported")
	}
}

func TestMergedIntoItself(t *testing.T) {
	if _, err := load("f.yaml", []byte("locations: [&a {<<: *a, id: 1}]"), nil, nil); err == nil || !strings.Contains(err.Error(), "nested more than") {
		t.Errorf("a mapping merged into itself: %v", err)
	}
}
