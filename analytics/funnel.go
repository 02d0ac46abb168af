package analytics

// stageReached implements journeyEvents.
func (r *Recorder) stageReached(stage int, at int64) {
	r.addCount(kindStage, at, subject{int32(stage), r.journeys.rules.funnel}, 1)
}

// writeFunnel gives a stage's people, and their share of those of the stage before and
// of the first, in the same interval.
func writeFunnel(row *Row, f facts, out Output) error {
	if f.subject.hidden {
		return nil
	}
	n, stage := f.total.number, f.subject.a
	first, previous := f.all[0].number, n
	if stage > 1 {
		previous = f.all[stage-2].number
	}
	return put(row, f, out, 2, count(int64(stage)), text(f.subject.from), count(n), share(n, previous), share(n, first))
}

// share is n/of, null of 0.
func share(n, of int64) Cell {
	if of == 0 {
		return Cell{}
	}
	return number(float64(n) / float64(of))
}

// stages are those of the location's funnel, hidden where the zone is not wanted: the
// next one's rate needs them.
func (p *plan) stages() (subjects []reportSubject) {
	for i, id := range p.profile.stages() {
		subjects = append(subjects, reportSubject{subject: subject{int32(i + 1), p.profile.Funnel}, from: id, hidden: !p.wants(id)})
	}
	return subjects
}
