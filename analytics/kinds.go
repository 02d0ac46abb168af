package analytics

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/footfall/footfall/tracker"
)

// CellType says what a Cell holds.
type CellType uint8

// Types of cells.
const (
	Null CellType = iota
	Integer
	Float
	Text
	Time // an instant: Unix microseconds in Int
	Bool // true where Int is not 0
)

// Cell is one figure of a row.
type Cell struct {
	Type  CellType
	Int   int64
	Float float64
	Text  string
}

func text(s string) Cell { return Cell{Type: Text, Text: s} }
func count(n int64) Cell { return Cell{Type: Integer, Int: n} }
func yes(b bool) Cell {
	if b {
		return Cell{Type: Bool, Int: 1}
	}
	return Cell{Type: Bool}
}
func number(f float64) Cell {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return Cell{}
	}
	return Cell{Type: Float, Float: f}
}

// seconds is a time in microseconds.
func seconds(us float64) Cell { return number(math.Round(us) / 1e6) }

// mean is sum/n in seconds of a sum in microseconds; null without any.
func mean(sum, n int64) Cell {
	if n == 0 {
		return Cell{}
	}
	return seconds(float64(sum) / float64(n))
}

// facts is what one row is made of.
type facts struct {
	subject *reportSubject
	total   *total
	covered int64   // of the location in the bucket, microseconds
	before  int64   // visits open before the bucket: entered < its beginning <= left
	all     []total // of the subjects, in order
	most    int64   // people in a queue zone at one instant
	gated   bool    // the subject is a location counted by gates
	null    bool    // no data: every figure is null
	hidden  classSet
}

// reportKind is a kind of report.
type reportKind struct {
	name       string
	rollups    rollupKind
	reach      reach // into a zone's rollups
	columns    []Column
	perSubject int // rows a subject and bucket
	write      func(*Row, facts, Output) error
	visits     bool // of single visits, of which a location counted by gates has none
	balance    bool // asks for facts.before
	queues     bool // of queue zones alone: asks for facts.most
	typical    bool // hours, folded into those of a week
	averages   bool // over time
	sparse     bool // has rows alone for what there was
	unbroken   bool // follows a count from its beginning to its end: not over opening hours
	younger    bool // than the first databases: null before Recorder.since
	suppresses bool // cells of few visits: asks for facts.hidden
}

// labels are the columns that say what a row is about; all others are figures.
var labels = strings.Fields("zone_id line_id from_zone to_zone gender age_band stage weekday hour x y cell")

func columns(names string) []Column {
	var cs []Column
	for _, name := range strings.Fields(names) {
		cs = append(cs, Column{Name: name, Label: slices.Contains(labels, name)})
	}
	return cs
}

var reportKinds = []*reportKind{
	{name: "occupancy", rollups: kindZone, reach: reachFigures, perSubject: 1, write: writeOccupancy, averages: true,
		columns: columns("zone_id entries exits occupancy_min occupancy_mean occupancy_max person_seconds")},
	{name: "dwell", rollups: kindZone, reach: reachDwells, perSubject: 1, write: writeDwell, visits: true,
		columns: columns("zone_id visits dwell_mean dwell_median dwell_p90 dwell_max ongoing")},
	{name: "demographics", rollups: kindZone, reach: reachAll, perSubject: classes, write: writeDemographics, visits: true, suppresses: true,
		columns: columns("zone_id gender age_band suppressed visits dwell_mean")},
	{name: "flows", rollups: kindFlow, reach: reachAll, perSubject: 1, write: writeFlow,
		columns: columns("from_zone to_zone count")},
	{name: "lines", rollups: kindLine, reach: reachAll, perSubject: 1, write: writeLine,
		columns: columns("line_id in out net_in net_out")},
	{name: "visits", rollups: kindZone, reach: reachFigures, perSubject: 1, write: writeVisits, younger: true,
		columns: columns("zone_id entries visitors visits bounces engaged")},
	{name: "funnel", rollups: kindStage, reach: reachAll, perSubject: 1, write: writeFunnel, younger: true,
		columns: columns("stage zone_id count rate_previous rate_first")},
	{name: "queue", rollups: kindQueue, reach: reachAll, perSubject: 1, write: writeQueue, queues: true, younger: true,
		columns: columns("zone_id joined served abandoned served_wait_mean served_wait_median served_wait_p90 abandoned_wait_mean abandoned_wait_median abandoned_wait_p90 queue_max over_target")},
	{name: "utilization", rollups: kindZone, reach: reachFigures, perSubject: 1, write: writeUtilization, averages: true,
		columns: columns("zone_id capacity utilization occupied_share full_share")},
	{name: "peaks", rollups: kindZone, reach: reachFigures, perSubject: 1, write: writePeaks, typical: true, averages: true,
		columns: columns("zone_id weekday hour days occupancy_mean occupancy_max")},
	{name: "heatmap", rollups: kindHeat, reach: reachAll, perSubject: 1, write: writeHeatmap, sparse: true, younger: true,
		columns: columns("x y cell person_seconds")},
	{name: "groups", rollups: kindGroup, reach: reachAll, perSubject: 1, write: writeGroups, younger: true,
		columns: columns("groups people size_mean")},
	{name: "ledger", rollups: kindZone, reach: reachFigures, perSubject: 1, write: writeLedger, balance: true, unbroken: true,
		columns: columns("zone_id occupancy_from entries_crossed entries_appeared exits_crossed exits_lost exits_expired exits_zone_removed entries_reset exits_reset clamped occupancy_to stitched ghosts")},
}

// Kinds are the names of the report kinds.
func Kinds() []string {
	var names []string
	for _, k := range reportKinds {
		names = append(names, k.name)
	}
	return names
}

// KindColumns are a kind's own columns, nil for an unknown kind.
func KindColumns(name string) []Column {
	k, err := kindNamed(name)
	if err != nil {
		return nil
	}
	return k.columns
}

// KindAverages reports whether some of a kind's columns are averages over time.
func KindAverages(name string) bool {
	k, err := kindNamed(name)
	return err == nil && k.averages
}

func kindNamed(name string) (*reportKind, error) {
	for _, k := range reportKinds {
		if k.name == name {
			return k, nil
		}
	}
	return nil, &QueryError{Parameter: "kind", NotFound: true, Reason: fmt.Sprintf("there is no report %q; there are %s", name, strings.Join(Kinds(), ", "))}
}

// put fills the row with a label and figures, or nulls, and writes it.
func put(row *Row, f facts, out Output, labels int, cells ...Cell) error {
	copy(row.Cells, cells)
	if f.null {
		clear(row.Cells[labels:])
	}
	return out.Row(row)
}

func writeOccupancy(row *Row, f facts, out Output) error {
	z := &f.total.zone
	least, most, average := Cell{}, Cell{}, Cell{}
	if f.covered > 0 && row.Coverage > 0 {
		if z.Sum[Covered] < f.covered {
			z.seeOccupancy(0, 0) // no rollup, nobody there
		}
		least, most = count(z.Min), count(z.Max)
		average = number(float64(z.Sum[CoveredPersonTime]) / float64(f.covered))
	}
	return put(row, f, out, 1, text(f.subject.from), count(z.Entries()), count(z.Exits()),
		least, average, most, seconds(float64(z.Sum[PersonTime])))
}

func writeDwell(row *Row, f facts, out Output) error {
	z := &f.total.zone
	longest := Cell{}
	if z.Sum[Visits] > 0 {
		longest = seconds(float64(z.Longest))
	}
	return put(row, f, out, 1, text(f.subject.from), count(z.Sum[Visits]), mean(z.Sum[Dwell], z.Sum[Visits]),
		seconds(z.Dwells.Quantile(0.5, z.Longest)), seconds(z.Dwells.Quantile(0.9, z.Longest)), longest, count(z.End))
}

// Rows of demographics come by gender, then by age, the unknown last.
var (
	genderOrder = []tracker.Gender{tracker.Male, tracker.Female, tracker.GenderUnknown}
	ageOrder    = []tracker.AgeBand{
		tracker.Age0to17, tracker.Age18to24, tracker.Age25to34, tracker.Age35to44,
		tracker.Age45to54, tracker.Age55to64, tracker.Age65up, tracker.AgeUnknown,
	}
)

func writeDemographics(row *Row, f facts, out Output) error {
	var sums [classes]ClassSum
	for _, c := range f.total.zone.Classes {
		sums[c.Class] = c
	}
	for _, gender := range genderOrder {
		for _, age := range ageOrder {
			class := tracker.Class{Gender: gender, Age: age}.Index()
			c, shown := sums[class], f
			hidden := !f.null && f.hidden.has(class)
			shown.null = f.null || hidden
			err := put(row, shown, out, 4, text(f.subject.from), text(gender.String()), text(age.String()), yes(hidden), count(c.Visits), mean(c.Dwell, c.Visits))
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func writeFlow(row *Row, f facts, out Output) error {
	return put(row, f, out, 2, text(f.subject.from), text(f.subject.to), count(f.total.number))
}

func writeLine(row *Row, f facts, out Output) error {
	s := f.total.line.Sum
	return put(row, f, out, 1, text(f.subject.from), count(s[LineIn]), count(s[LineOut]), count(s[LineNetIn]), count(s[LineNetOut]))
}
