package engine

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
	"github.com/footfall/footfall/signals"
)

func estimate(seconds float64, person int64, gender signals.Gender, age float32) signals.Message {
	m := lost(seconds, person)
	m.Kind, m.Gender, m.Age = signals.KindDemographics, gender, age
	return m
}

// everything is what a store has, but for the state of locations.
func everything(t *testing.T, s analytics.Store) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := s.View(func(v analytics.View) error {
		for table := range analytics.Tables {
			err := v.Scan(table, nil, nil, func(key, value []byte) error {
				all[fmt.Sprintf("%s %x", table, key)] = string(value)
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func holds(all map[string]string, pattern []byte) (keys []string) {
	for key, value := range all {
		if bytes.Contains([]byte(value), pattern) {
			keys = append(keys, key)
		}
	}
	return keys
}

// somebody's id is found by its bytes in whatever has it.
const somebody = 0x5a3c1e7f2b4d6971

// Of a person who is there the database has a record, to go on from after a restart.
// Once the track has settled it has none, and nothing else that names the person; nor
// of one of whom there were estimates alone.
func TestNothingOfAPersonRemains(t *testing.T) {
	store := storetest.NewMemory()
	r := NewReplayer(store, plain(), mustParse(t, shop))
	err := r.Add(context.Background(), "a", scriptOf(
		estimate(0, somebody+1, signals.GenderMale, 30), // never seen
		position(0, somebody, 50, 50), estimate(1, somebody, signals.GenderFemale, 30.25), position(10, somebody, 150, 50)))
	if err != nil {
		t.Fatal(err)
	}
	id := binary.AppendVarint(nil, somebody)
	if len(holds(everything(t, store), id)) == 0 {
		t.Fatal("there is no record of who is there: the test looks for the wrong thing")
	}
	if err := r.Finish(); err != nil {
		t.Fatal(err)
	}
	after := everything(t, store)
	for _, pattern := range [][]byte{id, binary.AppendVarint(nil, somebody+1), binary.AppendUvarint(nil, somebody), binary.BigEndian.AppendUint64(nil, somebody), binary.LittleEndian.AppendUint64(nil, somebody)} {
		if keys := holds(after, pattern); len(keys) > 0 {
			t.Errorf("%x is still in %v", pattern, keys)
		}
	}
	for key := range after {
		if key[:len("people")] == "people" {
			t.Errorf("%s is still there", key)
		}
	}
	if len(after) == 0 {
		t.Error("nothing was counted")
	}
}

// With privacy.demographics off the database is, byte for byte, that of a recording
// whose estimates say nothing, while people are there and after.
func TestNoDemographicsAreKept(t *testing.T) {
	with := []signals.Message{
		estimate(0, 3, signals.GenderMale, 40), position(0, 1, 50, 50), estimate(1, 1, signals.GenderFemale, 30), estimate(1, 2, signals.GenderMale, 64),
		position(2, 2, 150, 50), position(10, 1, 150, 50), estimate(11, 1, signals.GenderFemale, 31), lost(12, 2), position(20, 1, 50, 50),
	}
	without := slices.Clone(with)
	for i := range without {
		without[i].Gender, without[i].Age = signals.GenderUnknown, float32(math.NaN())
	}
	count := func(kept bool, messages []signals.Message) (during, after map[string]string) {
		store, cfg := storetest.NewMemory(), plain()
		cfg.Privacy.Demographics = kept
		r := NewReplayer(store, cfg, mustParse(t, shop))
		if err := r.Add(context.Background(), "a", scriptOf(messages...)); err != nil {
			t.Fatal(err)
		}
		during = everything(t, store)
		if err := r.Finish(); err != nil {
			t.Fatal(err)
		}
		return during, everything(t, store)
	}
	during, after := count(false, with)
	wantDuring, wantAfter := count(false, without)
	if !maps.Equal(during, wantDuring) || !maps.Equal(after, wantAfter) {
		t.Errorf("estimates leave a trace:\n%q\n%q", during, wantDuring)
	}
	kept, _ := count(true, with)
	if maps.Equal(kept, during) {
		t.Error("they leave none where they are kept, either: the test looks at nothing")
	}
}
