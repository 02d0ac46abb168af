package analytics

import "github.com/footfall/footfall/tracker"

// limitBy takes the capacities of a profile.
func (r *Recorder) limitBy(p *Profile) {
	r.capacities = nil
	r.limit(tracker.LocationZone, p.Capacity)
	for _, z := range p.Zones {
		r.limit(z.Number, z.Capacity)
	}
}

func (r *Recorder) limit(number int32, capacity int) {
	for int(number) >= len(r.capacities) {
		r.capacities = append(r.capacities, 0)
	}
	r.capacities[number] = int64(capacity)
}

func (r *Recorder) capacity(number int32) int64 {
	if int(number) < len(r.capacities) {
		return r.capacities[number]
	}
	return 0
}

// addUse adds a time under data at a steady occupancy.
func (z *ZoneRollup) addUse(occupancy, capacity, covered int64) {
	if occupancy <= 0 {
		return
	}
	z.Sum[OccupiedTime] += covered
	switch {
	case capacity == 0:
		z.Sum[UncappedTime] += covered
	case occupancy >= capacity:
		z.Sum[FullTime] += covered
	}
}

// measure marks a rollup from before OccupiedTime was kept: somebody was there,
// and it does not know for how long.
func (z *ZoneRollup) measure() {
	if z.Sum[CoveredPersonTime] > 0 && z.Sum[OccupiedTime] == 0 && z.Sum[UnmeasuredTime] == 0 {
		z.Sum[UnmeasuredTime] = z.Sum[Covered]
	}
}

func writeUtilization(row *Row, f facts, out Output) error {
	var capacity, utilization, occupied, full Cell
	limit := f.subject.capacity
	if limit > 0 {
		capacity = count(int64(limit))
	}
	if f.covered > 0 && row.Coverage > 0 {
		sum, covered := &f.total.zone.Sum, float64(f.covered)
		if limit > 0 {
			utilization = number(float64(sum[CoveredPersonTime]) / covered / float64(limit))
		}
		if sum[UnmeasuredTime] == 0 {
			occupied = number(float64(sum[OccupiedTime]) / covered)
		}
		if limit > 0 && sum[UnmeasuredTime] == 0 && sum[UncappedTime] == 0 {
			full = number(float64(sum[FullTime]) / covered)
		}
	}
	return put(row, f, out, 1, text(f.subject.from), capacity, utilization, occupied, full)
}
