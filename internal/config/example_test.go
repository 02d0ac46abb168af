package config

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

const examplePath = "../../footfall.example.yaml"

func TestExampleLoads(t *testing.T) {
	c, err := Load(examplePath, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := Default()
	for _, k := range Keys() {
		if k.Default != "" && c.Source(k.Name) == sourceDefault {
			t.Errorf("%s is not in the example", k.Name)
		}
	}
	if c.Listen != want.Listen || c.Database != want.Database || c.Zones != want.Zones ||
		c.Tracking != want.Tracking || c.Privacy != want.Privacy || c.Reports != want.Reports || c.Heatmap != want.Heatmap || c.Retention != want.Retention || c.Limits != want.Limits {
		t.Errorf("the example's values are not the defaults: %+v, want %+v", c, want)
	}
	l := c.Location(21)
	if l.Name != "Kamppi" || l.Timezone.String() != "Europe/Helsinki" || l.Capacity != 120 || l.DayStart != 240 ||
		len(l.Funnel) != 4 || l.Occupancy != Tracks || len(l.Opening.Closures) != 2 || len(l.Opening.Week[time.Sunday]) != 2 {
		t.Errorf("location 21: %+v", l)
	}
	if len(c.Feeds) != 1 || c.Feeds[0].TokenFile != "signals.token" || c.Feeds[0].Locations[0] != 21 {
		t.Errorf("feeds: %v", c.Feeds)
	}
}

// What is commented out must be valid too, and with it every key must be there.
func TestExampleHasEveryKey(t *testing.T) {
	data, err := os.ReadFile(examplePath)
	if err != nil {
		t.Fatal(err)
	}
	all := regexp.MustCompile(`(?m)^(\s*)#(\w+:)`).ReplaceAllString(string(data), "$1$2")
	all = strings.Replace(all, "    token_file: signals.token\n", "", 1)
	c, err := load("example", []byte(all), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range Keys() {
		if c.Source(k.Name) == sourceDefault {
			t.Errorf("%s is not in the example", k.Name)
		}
	}
	for _, key := range listKeys() {
		name := key[strings.LastIndex(key, ".")+1:]
		if !regexp.MustCompile(`(?m)^\s+(- |#)?` + name + `:`).Match(data) {
			t.Errorf("%s is not in the example", key)
		}
	}
	for _, day := range weekdays {
		if !strings.Contains(all, "      "+day+":") {
			t.Errorf("opening hours of %s are not in the example", day)
		}
	}
	if token, err := c.Feeds[0].ReadToken(); err != nil || token != "the-token-itself" {
		t.Errorf("token %q, %v", token, err)
	}
}
