package config

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestOverridesWinOverEveryLayer(t *testing.T) {
	const key = "tracking.stitch.within"
	c, err := load("footfall.yaml", []byte("tracking: {stitch: {within: 2s}}"), flagSet(t, "--"+key+"=5s"),
		[]string{"FOOTFALL_TRACKING_STITCH_WITHIN=4s"}, key+"=6s", key+"=7s")
	if err != nil {
		t.Fatal(err)
	}
	if c.Tracking.Stitch.Within != 7*time.Second || c.Source(key) != "--set" {
		t.Errorf("%s from %s, want the last override's 7s", c.Tracking.Stitch.Within, c.Source(key))
	}
}

// Every key may be overridden, and what then differs is that key alone.
func TestEveryKeyCanBeOverridden(t *testing.T) {
	for _, k := range Keys() {
		text := otherValues[k.Name]
		after, err := Load("", nil, nil, k.Name+"="+text)
		if err != nil {
			t.Fatal(err)
		}
		byFlag := mustLoad(t, "", nil, "--"+k.Flag+"="+text)
		changes := Changes(Default(), after)
		if len(changes) != 1 || changes[0].Key != k.Name || changes[0].Before != Default().Text(k.Name) {
			t.Errorf("%s: changes %v", k.Name, changes)
		}
		if same := Changes(byFlag, after); len(same) != 0 {
			t.Errorf("%s: the flag gives something else: %v", k.Name, same)
		}
		after.origins, byFlag.origins = nil, nil
		if !reflect.DeepEqual(after, byFlag) {
			t.Errorf("%s: got %+v, want %+v", k.Name, after, byFlag)
		}
	}
}

func TestChangesAreOfValues(t *testing.T) {
	before := mustLoad(t, "tracking: {enter_after: 1000ms, stitch: {radius: 150.0}}", nil)
	after, err := Load("", nil, nil, "tracking.enter_after=1", "tracking.exit_after=90", "zones=")
	if err != nil {
		t.Fatal(err)
	}
	want := []Change{{"zones", "zones.geojson", ""}, {"tracking.exit_after", "1s", "1m30s"}}
	if got := Changes(before, after); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestOverrideFaults(t *testing.T) {
	for override, want := range map[string]string{
		"tracking.enter_afer=2s":      `--set: "tracking.enter_afer": is not a known key (did you mean tracking.enter_after?)`,
		"enter_after=2s":              "--set: enter_after: is not a known key (did you mean tracking.enter_after?)",
		"tracking.enter_after=soon":   `--set: tracking.enter_after: "soon" is not a duration; allowed: a duration from 0 to 24h`,
		"tracking.enter_after":        "--set: tracking.enter_after: has no value; allowed: tracking.enter_after=duration",
		"tracking.enter_after=":       `--set: tracking.enter_after: "" is not a duration`,
		"tracking.stitch=3s":          `--set: "tracking.stitch": is a section of keys, not a key; its keys are within, radius`,
		"locations=3":                 "--set: locations: is in a list, which can only be given in the configuration file",
		"feeds[0].token=s":            `--set: "feeds[0].token": is in a list`,
		"":                            `--set: "": is not a known key`,
		"a b=c":                       `--set: "a b": is not a known key`,
		"tracking.expire_after=3s":    "--set: tracking.expire_after: tracking.expire_after (3s, --set) is not longer than",
		"tracking.stitch.within=100s": "--set: tracking.stitch.within: tracking.expire_after (1m, default) is not longer than",
	} {
		_, err := Load("", nil, nil, override)
		var faults Faults
		if !errors.As(err, &faults) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", override, err, want)
		}
	}
	_, err := Load("", nil, nil, "listen=x", "databas=x")
	if err == nil || !strings.HasPrefix(err.Error(), "2 faults") {
		t.Errorf("got %v, want both faults", err)
	}
}
