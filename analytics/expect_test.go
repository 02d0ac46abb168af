package analytics_test

import (
	"math"
	"slices"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/tracker"
)

// row is a report's row with cells of its own.
type row struct {
	interval
	coverage float64
	partial  bool
	cells    []analytics.Cell
}

func text(s string) analytics.Cell     { return analytics.Cell{Type: analytics.Text, Text: s} }
func integer(n int64) analytics.Cell   { return analytics.Cell{Type: analytics.Integer, Int: n} }
func decimal(f float64) analytics.Cell { return analytics.Cell{Type: analytics.Float, Float: f} }
func seconds(us float64) analytics.Cell {
	return decimal(math.Round(us) / 1e6)
}

var null analytics.Cell

// expect are the rows of a report by the definitions. p is the profile that the
// store has, buckets those of the query.
func (k *known) expect(q analytics.Query, p *analytics.Profile, buckets []interval) (rows []row) {
	if len(buckets) == 0 {
		return nil
	}
	pairs := k.pairs(p, buckets)
	for _, in := range buckets {
		r := row{interval: in, coverage: k.coverage(in), partial: k.hours.last(in, tracker.Never).to > k.settled}
		if q.Kind == "groups" {
			r.partial = k.hours.last(in, tracker.Never).to > min(k.settled, k.grouped)
		}
		if q.Kind == "queue" {
			r.partial = k.hours.last(in, tracker.Never).to > k.settled-p.QueueGrace
		}
		add := func(data bool, labels []string, cells ...analytics.Cell) {
			named := slices.Contains(q.Zones, labels[0]) || q.Kind == "flows" && slices.Contains(q.Zones, labels[1])
			if len(q.Zones) > 0 && !named {
				return
			}
			r.cells = nil
			for _, l := range labels {
				if l == "shown" {
					r.cells = append(r.cells, analytics.Cell{Type: analytics.Bool})
					continue
				}
				r.cells = append(r.cells, text(l))
			}
			for _, c := range cells {
				if !data && r.coverage == 0 {
					c = null
				}
				r.cells = append(r.cells, c)
			}
			rows = append(rows, r)
		}
		switch q.Kind {
		case "lines":
			for _, l := range p.Lines {
				in, out, netIn, netOut := k.line(l.Number, in)
				add(in+out+netIn+netOut > 0, []string{l.ID}, integer(in), integer(out), integer(netIn), integer(netOut))
			}
		case "flows":
			for _, pair := range pairs {
				n := k.flow(pair, in)
				add(n > 0, []string{idOf(p, pair.From), idOf(p, pair.To)}, integer(n))
			}
		case "queue":
			for _, z := range p.Zones {
				if z.Kind == "queue" {
					data, cells := k.queueCells(p, z, in)
					add(data, []string{z.ID}, cells...)
				}
			}
		case "heatmap":
			rows = append(rows, k.heatRows(r)...)
		case "groups":
			groups, people := k.groupsIn(in)
			r.cells = []analytics.Cell{integer(groups), integer(people), ratio(people, groups)}
			if groups == 0 && r.coverage == 0 {
				clear(r.cells)
			}
			rows = append(rows, r)
		case "funnel":
			rows = append(rows, k.funnelRows(q, p, r)...)
		default:
			k.zoneRows(q.Kind, p, in, add)
		}
	}
	return rows
}

func (k *known) zoneRows(kind string, p *analytics.Profile, in interval, add func(bool, []string, ...analytics.Cell)) {
	ids := []analytics.Subject{{ID: "location"}}
	for _, s := range append(ids, p.Zones...) {
		z := k.zone(s.Number, in)
		switch kind {
		case "occupancy":
			least, mean, most := null, null, null
			if covered := total(k.pieces(in)); covered > 0 {
				least, mean, most = integer(z.least), decimal(float64(z.coveredTime)/float64(covered)), integer(z.most)
			}
			add(z.touched, []string{s.ID}, integer(z.entries), integer(z.exits), least, mean, most, seconds(float64(z.personTime)))
		case "dwell":
			d := dwellsOf(z.ended)
			add(z.touched, []string{s.ID}, integer(int64(len(d))), meanOf(d), quantile(d, 0.5), quantile(d, 0.9), quantile(d, 1), integer(z.ongoing))
		case "visits":
			add(z.touched, []string{s.ID}, visitsCells(k, s.Number, p, in)...)
		case "utilization":
			capacity, used, occupied, full := null, null, null, null
			limit := capacityOf(p, s.Number)
			covered := float64(total(k.pieces(in)))
			if covered > 0 {
				occupied = decimal(float64(k.timeAtLeast(s.Number, 1, in)) / covered)
			}
			if limit > 0 && covered > 0 {
				used = decimal(float64(z.coveredTime) / covered / float64(limit))
				full = decimal(float64(k.timeAtLeast(s.Number, limit, in)) / covered)
			}
			if limit > 0 {
				capacity = integer(limit)
			}
			add(z.touched, []string{s.ID}, capacity, used, occupied, full)
		case "ledger":
			l := k.ledger(s.Number, in)
			add(z.touched || l[11]+l[12] > 0, []string{s.ID}, l.cells()...)
		case "demographics":
			for _, gender := range []string{"male", "female", "unknown"} {
				for _, age := range []string{"0-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65+", "unknown"} {
					d := dwellsOf(slices.DeleteFunc(slices.Clone(z.ended), func(v visit) bool {
						return v.who.Gender.String() != gender || v.who.Age.String() != age
					}))
					add(z.touched, []string{s.ID, gender, age, "shown"}, integer(int64(len(d))), meanOf(d))
				}
			}
		}
	}
}

// account is a row of the ledger, without the zone.
type account [13]int64

func (a account) cells() (cells []analytics.Cell) {
	for _, n := range a {
		cells = append(cells, integer(n))
	}
	return cells
}

func (k *known) ledger(number int32, in interval) (a account) {
	for _, v := range k.visits {
		if v.zone != number {
			continue
		}
		if v.entered < in.from && v.left >= in.from {
			a[0]++
		}
		if v.entered < in.to && v.left >= in.to {
			a[10]++
		}
		if v.entered >= in.from && v.entered < in.to {
			a[map[tracker.Reason]int{tracker.Crossed: 1, tracker.Appeared: 2}[v.entry]]++
		}
		if v.left >= in.from && v.left < in.to {
			a[map[tracker.Reason]int{tracker.Crossed: 3, tracker.Lost: 4, tracker.Expired: 5, tracker.ZoneRemoved: 6}[v.exit]]++
		}
	}
	for _, s := range k.stitches {
		if s.Zone == number && s.At >= in.from && s.At < in.to {
			a[11]++
		}
	}
	for _, g := range k.ghosts {
		if g.Zone == number && g.At >= in.from && g.At < in.to {
			a[12]++
		}
	}
	return a
}

func dwellsOf(visits []visit) (d []int64) {
	for _, v := range visits {
		d = append(d, v.left-v.entered)
	}
	slices.Sort(d)
	return d
}

func meanOf(d []int64) analytics.Cell {
	if len(d) == 0 {
		return null
	}
	sum := int64(0)
	for _, x := range d {
		sum += x
	}
	return seconds(float64(sum) / float64(len(d)))
}

// quantile interpolates linearly between the neighbouring ranks of q(n-1).
func quantile(sorted []int64, q float64) analytics.Cell {
	if len(sorted) == 0 {
		return null
	}
	position := q * float64(len(sorted)-1)
	low := int(position)
	high := min(low+1, len(sorted)-1)
	return seconds(float64(sorted[low]) + float64(sorted[high]-sorted[low])*(position-float64(low)))
}

func (k *known) line(number int32, in interval) (ins, outs, netIn, netOut int64) {
	for _, c := range k.crossings {
		if c.Line == number && k.in(c.At, in) {
			if c.Direction > 0 {
				ins++
			} else {
				outs++
			}
		}
	}
	for _, n := range k.nets {
		if n.Line == number && k.in(n.At, in) {
			if n.Direction > 0 {
				netIn++
			} else {
				netOut++
			}
		}
	}
	return ins, outs, netIn, netOut
}

func (k *known) flow(pair tracker.Flow, in interval) (n int64) {
	for _, f := range k.flows {
		if f.From == pair.From && f.To == pair.To && k.in(f.At, in) {
			n++
		}
	}
	return n
}

// pairs are those with any flow in the buckets, in the order of the zones.
func (k *known) pairs(p *analytics.Profile, buckets []interval) (pairs []tracker.Flow) {
	whole := interval{buckets[0].from, buckets[len(buckets)-1].to}
	for _, from := range p.Zones {
		for _, to := range p.Zones {
			pair := tracker.Flow{From: from.Number, To: to.Number}
			if k.flow(pair, whole) > 0 {
				pairs = append(pairs, pair)
			}
		}
	}
	return pairs
}

func idOf(p *analytics.Profile, number int32) string {
	return p.Zones[slices.IndexFunc(p.Zones, func(s analytics.Subject) bool { return s.Number == number })].ID
}
