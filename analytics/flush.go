package analytics

import "slices"

// Flush puts what changed since the last flush into a batch, with what Restore
// needs. Batches are numbered upwards from 1.
func (r *Recorder) Flush(b *Batch, s State) {
	r.batch = s.Batch
	for _, p := range r.pages {
		if p.dirty {
			p.batch = s.Batch
		}
		p.put(r.location, b)
	}
	for i := range r.late {
		if r.late[i].batch == 0 {
			r.late[i].batch = s.Batch
			b.late = append(b.late, r.late[i])
		}
	}
	b.Put(Locations, locationKey(r.location, partState), r.stateValue(s))
	r.putGates(b)
	r.putJourneys(b)
}

// Committed forgets what is stored for good: closed minutes that no batch after
// the given one writes.
func (r *Recorder) Committed(batch int64) {
	r.pages = slices.Delete(r.pages, 0, storedBefore(r.pages, r.followed, batch))
	r.late = slices.DeleteFunc(r.late, func(l lateRollup) bool { return l.batch != 0 && l.batch <= batch })
}

// FlushClosed puts the minutes that are closed into a batch and forgets them, for
// one that is kept until much more is in it.
func (r *Recorder) FlushClosed(b *Batch) {
	closed := 0
	for ; closed < len(r.pages) && r.pages[closed].end() <= r.followed; closed++ {
		r.pages[closed].put(r.location, b)
	}
	r.pages = slices.Delete(r.pages, 0, closed)
	for _, l := range r.late {
		if l.batch == 0 {
			b.late = append(b.late, l)
		}
	}
	r.late = r.late[:0]
}
