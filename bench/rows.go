package main

import (
	"fmt"
	"strings"
)

// row is a line of the table.
type row struct {
	name    string // for -row
	what    string
	mark    string
	measure func(*suite) (outcome, error)
}

// rows in the order of the table. A mark is written here and checked by measure.
func rows() []row {
	return []row{
		{"people-1k", "whole pipeline / read and discard, 1,000 people", "≥ 0.45", peopleRow(1_000, 0.45)},
		{"people-100k", "the same, 100,000 people", "≥ 0.33", peopleRow(100_000, 0.33)},
		{"people-1m", "the same, 1,000,000 people", "≥ 0.25", peopleRow(1_000_000, 0.25)},
		{"corrections-1k", "corrected as by default / counted as sent, 1,000 people", "≥ 0.8", correctionsRow(1_000)},
		{"corrections-1m", "the same, 1,000,000 people", "≥ 0.8", correctionsRow(1_000_000)},
		{"zones", "10,000 zones / 10 zones, at equal zone visits per position", "≥ 0.6", zonesRow},
		{"naive", "the pipeline / a straightforward one", "≥ 12", naiveRow},
		{"tile38", "the pipeline / Tile38 with 100 fences, positions per second of server CPU", "≥ 25", tile38Row},
		{"memory", "memory per tracked person, 10 zones deep", "≤ 300 B", memoryRow},
		{"allocations", "allocations per position in the steady state", "0", allocationsRow},
		{"latency-0", "position in → live count out, 10,000 positions/s, delays 0", "p99 ≤ 5 ms", latencyRow(0)},
		{"latency-default", "the same beyond the default delays", "p99 ≤ 5 ms", latencyRow(1)},
		{"occupancy", "GET …/occupancy for 50 zones / the same bytes from a bare net/http handler", "≥ 0.8", occupancyRow},
		{"revalidation", "the same with If-None-Match at 5,000 requests/s while ingesting 200,000 positions/s", "p99 ≤ 2 ms", revalidationRow},
		{"flush", "flush of 10,000 changed rollups", "p99 ≤ 50 ms", flushRow},
		{"flush-1m", "flushing each second with 1,000,000 people present", "≤ 0.3 of a core", presenceRow},
		{"start", "start with 1 year of history of 100 zones", "≤ 300 ms", startRow},
		{"report", "one year by the hour, 100 zones, JSON / PostgreSQL 15 for the same rows, time", "≤ 0.5", reportRow},
		{"replay", "replay of a recording (ndjson.gz) / decompressing and splitting it alone", "≥ 0.5", replayRow},
		{"frames", "the live view in Chromium, 500 people at 10 Hz: time from frame to frame", "p95 < 20 ms", framesRow},
	}
}

func rowNames() []string {
	var names []string
	for _, r := range rows() {
		names = append(names, r.name)
	}
	return names
}

// chooseRows are those that the list names, in the order of the table.
func chooseRows(list string) ([]row, error) {
	if list == "" {
		return rows(), nil
	}
	wanted := map[string]bool{}
	for pattern := range strings.SplitSeq(list, ",") {
		found := false
		for _, name := range rowNames() {
			prefix, open := strings.CutSuffix(pattern, "*")
			if name == pattern || open && strings.HasPrefix(name, prefix) {
				wanted[name], found = true, true
			}
		}
		if !found {
			return nil, fmt.Errorf("there is no row %q; there are %s", pattern, strings.Join(rowNames(), ", "))
		}
	}
	var chosen []row
	for _, r := range rows() {
		if wanted[r.name] {
			chosen = append(chosen, r)
		}
	}
	return chosen, nil
}
