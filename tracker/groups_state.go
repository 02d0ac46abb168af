package tracker

import (
	"encoding/binary"
	"math"
)

// AppendGroups appends what is known of those who appeared lately, for Stored.Groups,
// and reports whether that has changed since the last call. Nothing is appended where
// nobody did.
func (t *Tracker) AppendGroups(b []byte) (_ []byte, changed bool) {
	g := &t.groups
	changed, g.changed = g.changed, false
	if len(g.all) == 0 {
		return b, changed
	}
	slots, places := map[*youth]int32{}, make(map[*youth]int, len(g.all))
	for slot, y := range g.present {
		slots[y] = slot
	}
	for i, y := range g.all {
		places[y] = i
	}
	b = append(b, recordVersion)
	b = binary.AppendUvarint(b, uint64(len(g.all)))
	for _, y := range g.all {
		slot, present := slots[y]
		if !present {
			slot = -1
		}
		b = binary.AppendVarint(b, y.first)
		b = binary.AppendUvarint(b, uint64(y.until()-y.first))
		b = binary.AppendVarint(b, int64(slot))
		b = append(b, boolByte(y.compared))
		b = binary.AppendUvarint(b, uint64(places[y.head()]))
		b = binary.AppendUvarint(b, uint64(len(y.seconds)))
		for _, s := range y.seconds {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(s[0]))
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(s[1]))
		}
	}
	return b, changed
}

func boolByte(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// readGroups reads what AppendGroups wrote.
func readGroups(value []byte) (groups, error) {
	g := newGroups()
	if len(value) == 0 {
		return g, nil
	}
	r := reader{b: value}
	r.must(r.byte() == recordVersion)
	var heads []int
	for range r.count(6) {
		y := &youth{first: r.time(0), end: Never, people: 1}
		length := int64(r.uvarint())
		r.must(length >= 0 && length <= youthLength && len(g.all) < mostYouths && (len(g.all) == 0 || g.all[len(g.all)-1].first <= y.first))
		if length < youthLength {
			y.end = y.first + length
		}
		slot := r.signed(-1, maxSlots-1)
		y.compared, y.last = r.byte() == 1, y.first
		heads = append(heads, int(r.uvarint()))
		for range r.count(8) {
			y.seconds = append(y.seconds, [2]float32{math.Float32frombits(r.uint32()), math.Float32frombits(r.uint32())})
		}
		known := int64(len(y.seconds))
		r.must(known <= max(0, y.secondsUntil()))
		if y.next = ceilSecond(y.first) + known*wholeSecond; slot < 0 {
			r.must(known == max(0, y.secondsUntil()))
			y.next = max(y.next, y.until())
		} else {
			r.must(g.present[slot] == nil && !y.isOver() && y.end == Never)
			g.present[slot] = y
		}
		g.all = append(g.all, y)
	}
	for i, head := range heads {
		r.must(head >= 0 && head < len(g.all) && heads[head] == head)
		if r.bad {
			break
		}
		if head != i {
			g.all[head].join(g.all[i])
		}
	}
	r.must(len(r.b) == 0)
	if r.bad {
		return groups{}, ErrRecord
	}
	return g, nil
}
