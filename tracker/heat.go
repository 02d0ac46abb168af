package tracker

import "math"

// Heat is where people were: for so long, together, their last known positions lay in a
// square during a minute. Parts of it may be told apart and add up, negative ones too
// where it turned out that somebody had left, or was elsewhere.
type Heat struct {
	Square Square
	Minute int64 // its beginning
	Time   int64 // person-µs
}

// Square is a square of the heatmap's grid, whose corner of least x and y is at X·Size
// and Y·Size; edges as those of zones: [X·Size, (X+1)·Size).
type Square struct{ Size, X, Y int32 } // Size in cm

// What positions one may have squares for, so that nobody fills the memory with far-off
// ones. Beyond the first most a minute, people are counted in coarser squares, and
// beyond the second in one that has everything.
const (
	mostSquares   = 1 << 16
	coarser       = 64
	mostCoarser   = 1 << 12
	everywhere    = 1_000_000_000 // cm, either way from the origin
	minuteLength  = 60_000_000    // µs
	leastHeatBits = 8             // of a table
	mostIdleBits  = 12            // of one that is kept though it is nearly empty
)

// heatMeter integrates over time where people are. How far it has come for a person is
// heated; everybody's last position counts until the next.
type heatMeter struct {
	size    int32 // cm; 0 is no heatmap
	swept   int64 // everybody present is counted up to here at least
	current heatMinute
	before  heatMinute // the one that was current
	sink    Sink
}

// heatMinute is one minute: an open hash table of squares of one size, and what did not
// fit into it.
type heatMinute struct {
	start  int64
	places []heatPlace
	used   []int32
	coarse map[Square]int64
}

type heatPlace struct {
	key  uint64 // of X and Y; 0 is an empty place
	time int64  // that is not told yet
}

// keyOf is not 0: no square has the least X.
func keyOf(x, y int32) uint64 { return (uint64(uint32(x))<<32 | uint64(uint32(y))) ^ 1<<63 }

func (p *heatPlace) square(size int32) Square {
	return Square{Size: size, X: int32((p.key ^ 1<<63) >> 32), Y: int32(p.key)}
}

func newHeatMeter(size int32, sink Sink) heatMeter {
	never := heatMinute{start: -maxTime}
	return heatMeter{size: size, sink: sink, swept: -maxTime, current: never, before: never}
}

// heated is up to when a person's heat is told.
func (t *Tracker) heated(p *person) int64 {
	if p.flags&limbo != 0 {
		return p.last
	}
	return max(p.last, t.heat.swept)
}

// warm counts a person where they were until an instant, from which they are at (x, y).
func (t *Tracker) warm(p *person, at int64, x, y float64) {
	h := &t.heat
	until := max(p.last, h.swept)
	h.add(p.x, p.y, until, at)
	if h.swept > at {
		h.add(x, y, at, h.swept)
	}
}

// warmUntil brings a person's heat to an instant: back to it where it was told further.
func (t *Tracker) warmUntil(p *person, at int64) {
	if t.heat.size > 0 {
		t.heat.add(p.x, p.y, t.heated(p), at)
	}
}

// Warm tells of where everybody was up to Now. Sweep does, too; but people may have
// moved since, and what is stored must have been told to one instant for all.
func (t *Tracker) Warm() {
	if t.heat.size == 0 {
		return
	}
	now := t.now
	for c, chunk := range t.people.chunks {
		if int32(c)<<chunkBits >= t.people.used {
			break
		}
		for i := range chunk {
			if p := &chunk[i]; p.flags&(present|limbo|unproven) == present {
				t.heat.add(p.x, p.y, max(p.last, t.heat.swept), now)
			}
		}
	}
	t.heat.swept = now
	t.heat.tell()
}

// tellWaiting tells that those in limbo are there still.
func (t *Tracker) tellWaiting(sink Sink) {
	if t.heat.size == 0 {
		return
	}
	h := newHeatMeter(t.heat.size, sink)
	for i := range t.lost {
		if p := t.people.at(t.lost[i].slot); p.flags&unproven == 0 {
			h.add(p.x, p.y, p.last, t.now)
		}
	}
	h.tell()
}

// add counts somebody at a place for a time; one that ends before it begins is taken
// back.
func (h *heatMeter) add(x, y float64, from, to int64) {
	if from == to {
		return
	}
	sign := int64(1)
	if to < from {
		from, to, sign = to, from, -1
	}
	column, line := gridLine(x, h.size), gridLine(y, h.size)
	for from < to {
		m := h.minute(from)
		until := min(to, m.start+minuteLength)
		if !m.add(keyOf(column, line), sign*(until-from)) {
			m.addCoarse(Square{h.size, column, line}, sign*(until-from))
		}
		from = until
	}
}

// gridLine is the number of the last line at or before x.
func gridLine(x float64, size int32) int32 {
	if !(x >= -everywhere && x <= everywhere) {
		x = math.Copysign(everywhere, x)
	}
	lines := x / float64(size)
	n := int32(lines)
	if float64(n) > lines {
		n--
	}
	return n
}

// minute is that of an instant. Two are held; others are told when it turns to one.
func (h *heatMeter) minute(at int64) *heatMinute {
	switch {
	case uint64(at-h.current.start) < minuteLength:
		return &h.current
	case uint64(at-h.before.start) < minuteLength:
		return &h.before
	}
	start := at - mod(at, minuteLength)
	if start > h.current.start {
		h.before, h.current = h.current, h.before
		h.current.begin(start, h.size, h.sink)
		return &h.current
	}
	h.before.begin(start, h.size, h.sink)
	return &h.before
}

// mod is the remainder that is never negative.
func mod(a, b int64) int64 { return ((a % b) + b) % b }

// tell tells what was counted since the last time.
func (h *heatMeter) tell() {
	h.before.tell(h.size, h.sink)
	h.current.tell(h.size, h.sink)
}

// begin turns to another minute.
func (m *heatMinute) begin(start int64, size int32, sink Sink) {
	m.tell(size, sink)
	for _, i := range m.used {
		m.places[i] = heatPlace{}
	}
	if len(m.places) > 1<<mostIdleBits && len(m.used) < len(m.places)/8 {
		m.places = nil
	}
	m.start, m.used, m.coarse = start, m.used[:0], nil
}

func (m *heatMinute) tell(size int32, sink Sink) {
	for _, i := range m.used {
		if place := &m.places[i]; place.time != 0 {
			sink.Heat(Heat{Square: place.square(size), Minute: m.start, Time: place.time})
			place.time = 0
		}
	}
	for square, time := range m.coarse {
		if time != 0 {
			sink.Heat(Heat{Square: square, Minute: m.start, Time: time})
			m.coarse[square] = 0
		}
	}
}

// add reports whether there is room for the square.
func (m *heatMinute) add(key uint64, time int64) bool {
	if 2*len(m.used) >= len(m.places) {
		m.grow()
	}
	mask := uint64(len(m.places) - 1)
	i := hashOf(key) & mask
	for m.places[i].key != key && m.places[i].key != 0 {
		i = (i + 1) & mask
	}
	place := &m.places[i]
	if place.key == 0 {
		if len(m.used) >= mostSquares {
			return false
		}
		place.key = key
		m.used = append(m.used, int32(i))
	}
	place.time += time
	return true
}

func hashOf(key uint64) uint64 {
	h := key * 0x9E3779B97F4A7C15
	return h>>32 ^ h>>7
}

// addCoarse counts in a coarser square that a square is in.
func (m *heatMinute) addCoarse(s Square, time int64) {
	if m.coarse == nil {
		m.coarse = map[Square]int64{}
	}
	wide := Square{Size: s.Size * coarser, X: floorDiv(s.X, coarser), Y: floorDiv(s.Y, coarser)}
	if _, there := m.coarse[wide]; !there && len(m.coarse) >= mostCoarser {
		wide = Square{Size: 2 * everywhere, X: floorDiv(s.X, math.MaxInt32), Y: floorDiv(s.Y, math.MaxInt32)}
	}
	m.coarse[wide] += time
}

func floorDiv(a, b int32) int32 {
	if a < 0 {
		return -1 - (-1-a)/b
	}
	return a / b
}

func (m *heatMinute) grow() {
	old := m.places
	m.places = make([]heatPlace, max(1<<leastHeatBits, 2*len(old)))
	mask := uint64(len(m.places) - 1)
	for n, from := range m.used {
		i := hashOf(old[from].key) & mask
		for m.places[i].key != 0 {
			i = (i + 1) & mask
		}
		m.places[i] = old[from]
		m.used[n] = int32(i)
	}
}
