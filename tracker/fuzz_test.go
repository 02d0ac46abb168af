package tracker

import (
	"bytes"
	"testing"

	"github.com/footfall/footfall/zones"
)

// FuzzRecord: no record makes the tracker panic, and what is accepted is stored
// again as it was and can be lived with.
func FuzzRecord(f *testing.F) {
	for _, record := range recordsOfScenarios(f) {
		f.Add(record)
		f.Add(record[:len(record)/2])
	}
	f.Add([]byte{})
	f.Add([]byte{recordVersion})
	f.Fuzz(func(t *testing.T, record []byte) {
		p, err := readPerson(record)
		if err != nil {
			return
		}
		first := appendPerson(nil, &p.person, p.left)
		again, err := readPerson(first)
		if err != nil {
			t.Fatalf("%x was accepted, and its record %x is not", record, first)
		}
		if second := appendPerson(nil, &again.person, again.left); !bytes.Equal(first, second) {
			t.Fatalf("%x was stored as %x, and then as %x", record, first, second)
		}
		liveWith(t, DefaultSettings(), record, &p.person)
		liveWith(t, correctedSettings(), record, &p.person)
	})
}

// FuzzCorrected: whatever a sensor says and however long it is silent, corrections
// keep the insides and the counts in order. Five bytes are a message: how much later,
// who and what, where to.
func FuzzCorrected(f *testing.F) {
	f.Add([]byte{10, 0, 1, 0, 0, 10, 0, 1, 30, 0, 10, 8, 1, 0, 0, 200, 1, 1, 5, 5})
	f.Add(bytes.Repeat([]byte{10, 1, 1, 12, 250, 10, 2, 1, 244, 3}, 60))
	f.Add(bytes.Repeat([]byte{1, 1, 1, 127, 127, 255, 25, 1, 0, 0, 40, 16, 0, 0, 0}, 20))
	f.Fuzz(func(t *testing.T, script []byte) {
		areas := []area{{"a", 0, 0, 100, 100, zones.Unset, zones.Unset}, {"b", 50, 0, 200, 100, zones.Unset, 0}}
		ear := newEar()
		tr := New(correctedSettings(), (&numbering{}).layout(t, areas, []door{{"d", 70, 200, 70, -10, zones.Unset}}), ear)
		at, places := scenarioStart, [8][2]float64{}
		for ; len(script) >= 5 && len(script) < 5*400; script = script[5:] {
			at += int64(script[0]) * int64(script[0]) * 1000
			id, scale := int64(script[1]&7), float64(script[2])
			switch script[1] >> 3 & 3 {
			case 1:
				tr.Lost(at, id)
			case 2:
				ear.final = tr.Sweep(at).Final
			default:
				to := &places[id]
				to[0] += float64(int8(script[3])) * (1 + scale*scale)
				to[1] += float64(int8(script[4])) * (1 + scale*scale)
				tr.Position(at, id, to[0], to[1])
			}
			if err := tr.audit(); err != nil {
				t.Fatal(err)
			}
		}
		tr.End()
		for zone, n := range tr.live {
			if n != 0 {
				t.Fatalf("live count of zone %d is %d and nobody is there", zone, n)
			}
		}
		for _, e := range ear.late {
			if e.kind != "flow" {
				t.Fatalf("told after a sweep had called it final: %+v", e)
			}
		}
	})
}

// liveWith restores a record, walks the person about, stores and ends it.
func liveWith(t *testing.T, settings Settings, record []byte, p *person) {
	ear := newEar()
	areas := []area{{"a", 0, 0, 100, 100, zones.Unset, zones.Unset}, {"b", 50, 0, 200, 100, zones.Unset, 0}}
	layout := (&numbering{}).layout(t, areas, []door{{"d", 70, 200, 70, -10, zones.Unset}})
	tr := New(settings, layout, ear)
	at := max(p.last, scenarioStart)
	stored := Stored{At: at, Final: p.last, Known: []int32{1, 2, 5}, People: map[int32][]byte{3: record}}
	if err := tr.Restore(stored); err != nil {
		t.Fatal(err)
	}
	tr.Reload(at+1, (&numbering{}).layout(t, areas[:1], nil))
	tr.Position(at+second, p.id, p.x, p.y)
	tr.Position(at+2*second, p.id, 60, 50)
	tr.Tentative(ear)
	tr.Sweep(at + 3*second)
	kept := store{}
	kept.flush(tr)
	tr.Reload(at+3*second, layout)
	tr.Lost(at+4*second, p.id)
	tr.End()
	counts, _ := tr.Live()
	for zone, n := range counts {
		if n != 0 {
			t.Fatalf("live count of zone %d is %d and nobody is there", zone, n)
		}
	}
}

// recordsOfScenarios are those of everybody at every line of the scenarios.
func recordsOfScenarios(f *testing.F) [][]byte {
	var records [][]byte
	seen := map[string]bool{}
	for _, s := range readScenarios(f) {
		s.play(f, "as it stands", func(p *theatre, _ int64) {
			p.tracker.Records(0, p.tracker.Slots(), func(_ int32, record []byte) {
				if !seen[string(record)] {
					seen[string(record)] = true
					records = append(records, bytes.Clone(record))
				}
			})
		})
	}
	return records
}
