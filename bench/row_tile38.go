package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"
)

// tile38Row compares server CPU for the same positions and zones, both without
// delays, Tile38 with a subscriber that gets every enter and exit.
func tile38Row(s *suite) (outcome, error) {
	if s.tile38 == "" {
		return notMeasured("no tile38-server given; see -tile38"), nil
	}
	if _, err := os.Stat(s.tile38); err != nil {
		return outcome{}, err
	}
	const mark = 25
	people, g := newCrowd(1000), tiling(100)
	load, err := startLoad(people)
	if err != nil {
		return outcome{}, err
	}
	defer load.kill()
	server, err := startTile38(s.tile38, s.folder, g.boxes())
	if err != nil {
		return outcome{}, err
	}
	defer server.stop()
	sets := people.encode(appendSet)
	var entered float64 // zone entries a position, ours
	ours := &side{name: "footfall", unit: "position", run: func() (one sample, err error) {
		one, entered, err = s.countAlone(feedURL(load.first), zonesFile(g.boxes()))
		return one, err
	}}
	theirs := &side{name: "tile38", unit: "position", run: func() (sample, error) {
		stop, err := server.feed(people, sets)
		if err != nil {
			return sample{}, err
		}
		defer stop()
		time.Sleep(s.length / 5)
		return server.window(s.length), nil
	}}
	if err := alternate(s.repeat, ours, theirs); err != nil {
		return outcome{}, err
	}
	ratio := ratios(theirs, ours, sample.cpuEach)
	return outcome{ratio.show("%.1f"), judge(ratio.median >= mark), []string{
		ours.note(), theirs.note(), "by wall time instead of CPU: " + ratios(ours, theirs, sample.rate).show("%.1f"),
		fmt.Sprintf("a position: footfall %.4f entries; tile38 %.4f enters and %.4f exits told to the subscriber; the stream has %.4f changes of zone",
			entered, spreadOf(server.enters).median, spreadOf(server.exits).median, changes(people, g)),
	}}, nil
}

// countAlone measures a service of its own, and its zones' entries a position.
func (s *suite) countAlone(url string, zones []byte) (one sample, entered float64, err error) {
	service, err := s.startService(serviceOptions{url: url, zones: zones, noDelays: true})
	if err != nil {
		return one, 0, err
	}
	defer service.stop()
	if err := service.await(200_000); err != nil {
		return one, 0, err
	}
	if one, err = service.window(s.length); err != nil {
		return one, 0, err
	}
	entries, err := service.entries()
	if err != nil {
		return one, 0, err
	}
	counted, err := service.counted()
	return one, float64(entries) / float64(counted), err
}

// entries are all zones' of the last and the next hour.
func (s *service) entries() (sum int64, err error) {
	now := time.Now().UTC()
	body, err := s.get(fmt.Sprintf("/api/v1/locations/1/reports/occupancy?from=%s&to=%s",
		now.Add(-time.Hour).Format(time.RFC3339), now.Add(time.Hour).Format(time.RFC3339)))
	if err != nil {
		return 0, err
	}
	var report struct {
		Rows []struct {
			Zone    string `json:"zone_id"`
			Entries int64  `json:"entries"`
		} `json:"rows"`
	}
	if err := json.Unmarshal(body, &report); err != nil {
		return 0, err
	}
	for _, r := range report.Rows {
		if r.Zone != "location" {
			sum += r.Entries
		}
	}
	return sum, nil
}
