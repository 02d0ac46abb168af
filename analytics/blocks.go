package analytics

import (
	"errors"
	"iter"
	"runtime/debug"
	"strconv"
)

// blocks reads a location's rows bucket by bucket, in turns with whoever asks.
type blocks struct {
	columns []Column
	next    func() (*Row, bool)
	stop    func()
	err     error // of the writer, once its rows have ended

	pending *Row // the first row of the bucket to come
	ended   bool

	there    bool // there is a bucket at hand
	start    int64
	rows     [][]Cell
	met      []bool         // by row: that like gave it
	byLabels map[string]int // places of rows, made when first asked
}

// errStopped ends a writer whose rows nobody wants any more.
var errStopped = errors.New("no more rows are wanted")

// newBlocks reads what write writes; stop must be called.
func newBlocks(columns []Column, write func(Output) error) *blocks {
	b := &blocks{columns: columns}
	// The writer runs on a goroutine of its own, and a store that maps a file counts
	// on its faults being panics.
	faults := debug.SetPanicOnFault(false)
	debug.SetPanicOnFault(faults)
	b.next, b.stop = iter.Pull(func(yield func(*Row) bool) {
		debug.SetPanicOnFault(faults)
		b.err = write(rowFunc(func(r *Row) error {
			if !yield(r) {
				return errStopped
			}
			return nil
		}))
	})
	return b
}

// rowFunc is an Output that takes rows alone.
type rowFunc func(*Row) error

// Begin implements Output.
func (f rowFunc) Begin(Header) error { return nil }

// Row implements Output.
func (f rowFunc) Row(r *Row) error { return f(r) }

// advance takes the next bucket, whose rows are copied.
func (b *blocks) advance() error {
	spare := b.rows // rows of closed hours keep the bucket's place and are dropped
	b.rows, b.byLabels, b.there = b.rows[:0], nil, false
	if b.pending == nil && !b.pull() {
		return b.err
	}
	b.start = b.pending.Start
	for b.pending != nil && b.pending.Start == b.start {
		b.there = b.there || !b.pending.closed
		if b.pending.closed || b.pending.blank {
			b.pull()
			continue
		}
		var cells []Cell
		if n := len(b.rows); n < cap(spare) {
			cells = spare[:n+1][n]
		}
		b.rows = append(b.rows, append(cells[:0], b.pending.Cells...))
		b.pull()
	}
	b.met = append(b.met[:0], make([]bool, len(b.rows))...)
	return b.err
}

// pull makes the next row the pending one; false at the end.
func (b *blocks) pull() bool {
	b.pending = nil
	if b.ended {
		return false
	}
	row, more := b.next()
	if !more {
		b.ended = true
		return false
	}
	b.pending = row
	return true
}

// like is the row of the bucket at hand that has a row's labels, nil where there
// is none; place is where it is expected.
func (b *blocks) like(r *Row, place int) []Cell {
	if !b.there {
		return nil
	}
	if place >= len(b.rows) || !b.alike(b.rows[place], r.Cells) {
		if b.byLabels == nil {
			b.byLabels = make(map[string]int, len(b.rows))
			for i, cells := range b.rows {
				b.byLabels[b.labels(cells)] = i
			}
		}
		var known bool
		if place, known = b.byLabels[b.labels(r.Cells)]; !known {
			return nil
		}
	}
	b.met[place] = true
	return b.rows[place]
}

func (b *blocks) alike(x, y []Cell) bool {
	for i, c := range b.columns {
		if c.Label && x[i] != y[i] {
			return false
		}
	}
	return true
}

// labels are a row's in one text, that of no other row of its bucket.
func (b *blocks) labels(cells []Cell) string {
	var key []byte
	for i, c := range b.columns {
		if c.Label {
			key = strconv.AppendQuote(strconv.AppendInt(key, cells[i].Int, 10), cells[i].Text)
			key = strconv.AppendFloat(key, cells[i].Float, 'g', -1, 64)
		}
	}
	return string(key)
}
