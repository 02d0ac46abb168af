package analytics

import (
	"cmp"
	"context"
	"encoding/binary"
	"math"
	"slices"

	"github.com/footfall/footfall/tracker"
)

// heatmap is person-time by square.
type heatmap map[tracker.Square]int64

// Heat implements tracker.Sink.
func (r *Recorder) Heat(h tracker.Heat) {
	if r.isClosed(h.Minute) {
		r.addLate(kindHeat, h.Minute, subject{}, heatmap{h.Square: h.Time}.append(nil))
		return
	}
	r.page(h.Minute).addHeat(h.Square, h.Time)
}

func (h heatmap) add(o heatmap) {
	for square, time := range o {
		h[square] += time
	}
}

// squares are those in which anybody was, by size, then line by line.
func (h heatmap) squares() []tracker.Square {
	all := make([]tracker.Square, 0, len(h))
	for square, time := range h {
		if time != 0 {
			all = append(all, square)
		}
	}
	slices.SortFunc(all, func(a, b tracker.Square) int {
		return cmp.Or(cmp.Compare(a.Size, b.Size), cmp.Compare(a.Y, b.Y), cmp.Compare(a.X, b.X))
	})
	return all
}

// append writes the squares in order: of each what differs from the one before.
func (h heatmap) append(b []byte) []byte {
	squares := h.squares()
	b = append(b, codecVersion)
	b = binary.AppendUvarint(b, uint64(len(squares)))
	var last tracker.Square
	for _, s := range squares {
		b = binary.AppendVarint(b, int64(s.Size)-int64(last.Size))
		b = binary.AppendVarint(b, int64(s.Y)-int64(last.Y))
		b = binary.AppendVarint(b, int64(s.X)-int64(last.X))
		b = binary.AppendVarint(b, h[s])
		last = s
	}
	return b
}

// read adds what append wrote.
func (h heatmap) read(value []byte) error {
	r := reader{b: value}
	r.version()
	var last tracker.Square
	for range r.count(4) {
		s := tracker.Square{Size: r.next(last.Size), Y: r.next(last.Y), X: r.next(last.X)}
		r.require(s.Size > 0)
		h[s] += r.varint()
		last = s
	}
	return r.err(ErrRollup)
}

// next is a number by its difference to another.
func (r *reader) next(last int32) int32 {
	n := int64(last) + r.varint()
	r.require(n >= math.MinInt32 && n <= math.MaxInt32)
	return int32(n)
}

// writeHeatmap writes a row for every square that anybody was in.
func writeHeatmap(row *Row, f facts, out Output) error {
	if f.null {
		return nil
	}
	for _, s := range f.total.heat.squares() {
		time := f.total.heat[s]
		if time < 0 { // somebody whom a restart had forgotten had left elsewhere
			continue
		}
		size := int64(s.Size)
		copy(row.Cells, []Cell{count(size * int64(s.X)), count(size * int64(s.Y)), count(size), seconds(float64(time))})
		if err := out.Row(row); err != nil {
			return err
		}
	}
	return nil
}

// countSquares counts the rows of a heatmap before any is written.
func (p *plan) countSquares(ctx context.Context) error {
	if p.kind.rollups != kindHeat {
		return nil
	}
	squares, bucket := heatmap{}, 0
	count := func() {
		p.squares += int64(len(squares))
		clear(squares)
	}
	err := p.scan(ctx, kindHeat, func(f *found) error {
		if f.bucket != bucket {
			count()
			bucket = f.bucket
		}
		if f.value != nil {
			return squares.read(f.value)
		}
		squares.add(f.heat)
		return nil
	})
	count()
	return err
}
