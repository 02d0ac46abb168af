package whatif

import "github.com/footfall/footfall/analytics"

// Figure is a figure of a zone or of a line.
type Figure struct {
	Name   string // as in the reports: "dwell_mean"
	Label  string // for people, with the unit
	report string // the kind that it is from
}

// isReason reports whether the figure says why other figures are what they are.
func (f *Figure) isReason() bool { return f.report == "ledger" }

// nothing reports whether a cell is null or 0.
func nothing(c analytics.Cell) bool {
	n, _ := number(c)
	return n == 0
}

// figures are in the order of a row's.
var figures = [...]Figure{
	{"entries", "entries", "occupancy"},
	{"exits", "exits", "occupancy"},
	{"visits", "visits", "dwell"},
	{"dwell_mean", "dwell mean, s", "dwell"},
	{"dwell_median", "dwell median, s", "dwell"},
	{"person_seconds", "person-seconds", "occupancy"},
	{"occupancy_max", "occupancy max", "occupancy"},
	{"entries_crossed", "entries, crossed", "ledger"},
	{"entries_appeared", "entries, appeared", "ledger"},
	{"exits_crossed", "exits, crossed", "ledger"},
	{"exits_lost", "exits, lost", "ledger"},
	{"exits_expired", "exits, expired", "ledger"},
	{"stitched", "stitched", "ledger"},
	{"ghosts", "ghosts", "ledger"},
	{"in", "in", "lines"},
	{"out", "out", "lines"},
	{"net_in", "net in", "lines"},
	{"net_out", "net out", "lines"},
}

// reports are the kinds that figures are from, zones before lines.
var reports = [...]string{"occupancy", "dwell", "ledger", "lines"}

// values are a subject's figures in one interval under one setting, as figures.
type values [len(figures)]analytics.Cell

// columnsOf finds the figures of a report among its columns.
func columnsOf(h analytics.Header) map[int]int {
	at := map[int]int{}
	for f, figure := range figures {
		for column, c := range h.Columns {
			if figure.report == h.Kind && figure.Name == c.Name {
				at[column] = f
			}
		}
	}
	return at
}
