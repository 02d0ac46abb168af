package engine

import (
	"testing"

	"github.com/footfall/footfall/analytics"
)

func (h *pastHour) count(since int64) (n int, first int64) {
	for _, chunk := range h.lend(since) {
		for _, p := range chunk {
			if n++; first == 0 {
				first = p.at
			}
		}
	}
	return n, first
}

func TestPastHourThinsOutWhatComesOften(t *testing.T) {
	var h pastHour
	for i := range 100 { // ten a second for ten seconds
		for person := range int64(3) {
			m := position(float64(i)/10, person, float64(i), 0)
			h.add(&m)
		}
	}
	gone := lost(10, 1)
	h.add(&gone)
	n, _ := h.count(0)
	if n != 3*25+1 {
		t.Errorf("%d kept of 3 people for 10 s, want one each 0.4 s and a loss", n)
	}
}

func TestPastHourIsAnHour(t *testing.T) {
	var h pastHour
	for second := range 3 * 3600 {
		for person := range int64(4) {
			m := position(float64(second), person, 0, 0)
			h.add(&m)
		}
	}
	now := at(3 * 3600)
	n, first := h.count(now - pastLength)
	if n != 4*3600 || first < now-pastLength {
		t.Errorf("%d positions since %d s ago, want %d", n, (now-first)/analytics.Second, 4*3600)
	}
	if most := 4*3600/4096 + 3; len(h.chunks) > most {
		t.Errorf("%d chunks are held, want %d", len(h.chunks), most)
	}
}

func TestPastHourIsBounded(t *testing.T) {
	var h pastHour
	for i := range int64(2 * mostPast) { // a million distinct ids and more
		m := position(float64(i)/1000, i, 0, 0)
		h.add(&m)
	}
	if n, _ := h.count(0); n > mostPast || n < mostPast-2*4096 {
		t.Errorf("%d positions are held, want up to %d", n, mostPast)
	}
}

// What was lent stays as it is, whatever comes after.
func TestPastHourLends(t *testing.T) {
	var h pastHour
	for i := range int64(3 * 4096) {
		m := position(float64(i)/10, i, float64(i), 0)
		h.add(&m)
	}
	lent := h.lend(0)
	for i := range int64(2 * mostPast) {
		m := position(float64(i)+1e5, i, -1, 0)
		h.add(&m)
	}
	i := 0
	for _, chunk := range lent {
		for _, p := range chunk {
			if p.at != at(float64(i)/10) || p.x != float32(i) {
				t.Fatalf("position %d has become %+v", i, p)
			}
			i++
		}
	}
	if i != 3*4096 {
		t.Errorf("%d were lent", i)
	}
}

func TestPastHourAllocatesNothing(t *testing.T) {
	var h pastHour
	second := 0
	fill := func() {
		for range 4096 {
			m := position(float64(second), int64(second%5), 0, 0)
			h.add(&m)
			second++
		}
	}
	for range 4 {
		fill()
	}
	if n := testing.AllocsPerRun(20, fill); n > 0 {
		t.Errorf("%g allocations a chunk", n)
	}
}
