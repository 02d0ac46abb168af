package analytics

// QueueRollup is what happened in one queue zone in one interval.
type QueueRollup struct {
	Sum              [queueFigures]int64
	LongestServed    int64 // wait
	LongestAbandoned int64
	ServedWaits      Sketch
	AbandonedWaits   Sketch
}

// Additive figures of a queue, as indices of QueueRollup.Sum. Times are microseconds.
const (
	Joined    = iota // waits that began
	Served           // waits that ended so
	Abandoned        // waits that ended so
	OverTarget
	ServedWait // of the waits that were served
	AbandonedWait
	queueFigures
)

func (q *QueueRollup) addServed(wait, target int64) {
	q.Sum[Served]++
	q.Sum[ServedWait] += wait
	if wait > target {
		q.Sum[OverTarget]++
	}
	q.LongestServed = max(q.LongestServed, wait)
	q.ServedWaits.Add(wait)
}

func (q *QueueRollup) addAbandoned(wait int64) {
	q.Sum[Abandoned]++
	q.Sum[AbandonedWait] += wait
	q.LongestAbandoned = max(q.LongestAbandoned, wait)
	q.AbandonedWaits.Add(wait)
}

func (q *QueueRollup) merge(o *QueueRollup) {
	for i := range q.Sum {
		q.Sum[i] += o.Sum[i]
	}
	q.LongestServed = max(q.LongestServed, o.LongestServed)
	q.LongestAbandoned = max(q.LongestAbandoned, o.LongestAbandoned)
	q.ServedWaits.Merge(&o.ServedWaits)
	q.AbandonedWaits.Merge(&o.AbandonedWaits)
}

func (q *QueueRollup) reset() {
	*q = QueueRollup{ServedWaits: Sketch{q.ServedWaits.bins[:0]}, AbandonedWaits: Sketch{q.AbandonedWaits.bins[:0]}}
}

func (q *QueueRollup) clone() *QueueRollup {
	c := &QueueRollup{}
	c.merge(q)
	return c
}

func (q *QueueRollup) append(b []byte) []byte {
	b = append(b, codecVersion)
	b = appendSparse(b, q.Sum[:])
	b = appendSparse(b, []int64{q.LongestServed, q.LongestAbandoned})
	return q.AbandonedWaits.append(q.ServedWaits.append(b))
}

func (q *QueueRollup) read(value []byte) error {
	q.reset()
	r := reader{b: value}
	r.version()
	r.sparse(q.Sum[:])
	var longest [2]int64
	r.sparse(longest[:])
	q.LongestServed, q.LongestAbandoned = longest[0], longest[1]
	q.ServedWaits.read(&r)
	q.AbandonedWaits.read(&r)
	return r.err(ErrRollup)
}

// waitBegan, waitServed and waitAbandoned implement journeyEvents.
func (r *Recorder) waitBegan(zone int32, at int64) {
	r.addQueue(zone, at, func(q *QueueRollup) { q.Sum[Joined]++ })
}

func (r *Recorder) waitServed(w wait, at, target int64) {
	r.addQueue(w.zone, at, func(q *QueueRollup) { q.addServed(at-w.began, target) })
}

func (r *Recorder) waitAbandoned(w wait) {
	r.addQueue(w.zone, w.left, func(q *QueueRollup) { q.addAbandoned(w.left - w.began) })
}

// addQueue adds to a queue's minute, which may be closed.
func (r *Recorder) addQueue(zone int32, at int64, add func(*QueueRollup)) {
	if r.isClosed(at) {
		var one QueueRollup
		add(&one)
		r.addLate(kindQueue, at, subject{zone, 0}, one.append(nil))
		return
	}
	add(r.page(at).changeQueue(zone))
}

func writeQueue(row *Row, f facts, out Output) error {
	q := &f.total.queue
	longest := Cell{}
	if f.covered > 0 && row.Coverage > 0 {
		longest = count(f.most)
	}
	return put(row, f, out, 1, text(f.subject.from),
		count(q.Sum[Joined]), count(q.Sum[Served]), count(q.Sum[Abandoned]),
		mean(q.Sum[ServedWait], q.Sum[Served]), seconds(q.ServedWaits.Quantile(0.5, q.LongestServed)), seconds(q.ServedWaits.Quantile(0.9, q.LongestServed)),
		mean(q.Sum[AbandonedWait], q.Sum[Abandoned]), seconds(q.AbandonedWaits.Quantile(0.5, q.LongestAbandoned)), seconds(q.AbandonedWaits.Quantile(0.9, q.LongestAbandoned)),
		longest, count(q.Sum[OverTarget]))
}
