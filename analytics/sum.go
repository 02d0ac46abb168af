package analytics

// total sums one subject's rollups of one kind, in order of time.
type total struct {
	zone   ZoneRollup
	line   LineRollup
	queue  QueueRollup
	groups GroupRollup
	heat   heatmap
	number int64
}

// add adds a stored rollup, a zone's as far as it is read.
func (t *total) add(kind rollupKind, value []byte, far reach, scratch *ZoneRollup) error {
	switch kind {
	case kindZone:
		if err := scratch.read(value, far); err != nil {
			return err
		}
		t.zone.merge(scratch)
	case kindLine:
		var l LineRollup
		if err := l.read(value); err != nil {
			return err
		}
		t.line.merge(&l)
	case kindQueue:
		var q QueueRollup
		if err := q.read(value); err != nil {
			return err
		}
		t.queue.merge(&q)
	case kindGroup:
		var g GroupRollup
		if err := g.read(value); err != nil {
			return err
		}
		t.groups.merge(g)
	case kindHeat:
		t.addHeat(nil)
		return t.heat.read(value)
	default:
		n, err := readNumber(value)
		if err != nil {
			return err
		}
		t.number += n
	}
	return nil
}

func (t *total) addHeat(h heatmap) {
	if t.heat == nil {
		t.heat = heatmap{}
	}
	t.heat.add(h)
}

// empty reports whether no visit was open, began or ended, nothing crossed, nobody
// flowed, came to a stage or waited.
func (t *total) empty() bool {
	return t.zone.Sum[PersonTime] == 0 && t.zone.Entries() == 0 && t.zone.Exits() == 0 && t.zone.End == 0 &&
		t.line == LineRollup{} && t.queue.Sum == [queueFigures]int64{} && t.groups.Groups == 0 && len(t.heat) == 0 && t.number == 0
}

// reset empties the total for another interval.
func (t *total) reset() {
	t.zone.reset()
	t.queue.reset()
	t.line, t.groups, t.number = LineRollup{}, GroupRollup{}, 0
	clear(t.heat)
}

func (t *total) append(kind rollupKind, b []byte) []byte {
	switch kind {
	case kindZone:
		return t.zone.append(b)
	case kindLine:
		return t.line.append(b)
	case kindQueue:
		return t.queue.append(b)
	case kindGroup:
		return t.groups.append(b)
	case kindHeat:
		return t.heat.append(b)
	default:
		return appendNumber(b, t.number)
	}
}

// level says how the rollups of one table are summed into those of the next.
type level struct {
	source, target Table
	bounds         func(at int64) (start, end int64) // of the target's that at lies in
}

// sum puts the sums of a location's rollups of one kind that start in [from, to),
// bounds of the target, into a batch. What is damaged is told, and not in them.
func (l level) sum(source rollups, b *Batch, from, to int64, lost func(span)) error {
	var scratch ZoneRollup
	var spare []*total
	totals := map[subject]*total{}
	start, end := l.bounds(from)
	put := func() {
		for s, t := range totals {
			key := rollupKey{source.location, source.kind, start, s.a, s.b}
			b.Put(l.target, key.bytes(), t.append(source.kind, nil))
			t.reset()
			spare = append(spare, t)
		}
		clear(totals)
	}
	err := source.scanSound(from, to, func(k rollupKey, value []byte) error {
		if k.start >= end {
			put()
			start, end = l.bounds(k.start)
		}
		t := totals[subject{k.a, k.b}]
		if t == nil {
			if n := len(spare); n > 0 {
				t, spare = spare[n-1], spare[:n-1]
			} else {
				t = &total{}
			}
			totals[subject{k.a, k.b}] = t
		}
		return t.add(source.kind, value, reachAll, &scratch)
	}, lost)
	put()
	return err
}
