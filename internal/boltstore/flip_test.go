package boltstore

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/footfall/footfall/analytics"
)

var flips = flag.Int("flips", 200, "how many bytes TestFlippedByte damages, beside vital ones; -1 for each byte of the file")

const keySpace = 1_000

// contents is what a store holds.
type contents [analytics.Tables]map[string]string

func (c *contents) clone() *contents {
	d := *c
	for t := range d {
		d[t] = maps.Clone(d[t])
	}
	return &d
}

// apply writes random changes to a store and to the contents, if the store takes
// them.
func (c *contents) apply(s *Store, random *rand.Rand, writes int) error {
	b, next := &analytics.Batch{}, c.clone()
	for range writes {
		t := analytics.Table(random.IntN(2)) // the others stay small
		if random.IntN(20) == 0 {
			t = analytics.Table(random.IntN(int(analytics.Tables)))
		}
		key := fmt.Sprintf("%08d", random.IntN(keySpace))
		if random.IntN(3) == 0 {
			b.Delete(t, []byte(key))
			delete(next[t], key)
			continue
		}
		value := fmt.Sprintf("%0*d", 10+random.IntN(80), random.Uint32())
		if random.IntN(200) == 0 {
			value = fmt.Sprintf("%05000d", random.Uint32()) // needs overflow pages
		}
		b.Put(t, []byte(key), []byte(value))
		next[t][key] = value
	}
	err := s.Apply(b)
	if err == nil {
		*c = *next
	}
	return err
}

// grow makes a database of small pages with a history: deep trees, free pages.
// It returns what it holds and what it held before the last batch.
func grow(t testing.TB, path string) (now, before *contents) {
	t.Helper()
	if err := fill(path, &bbolt.Options{PageSize: 1024, NoSync: true, FreelistType: bbolt.FreelistMapType}, schemaVersion); err != nil {
		t.Fatal(err)
	}
	s := open(t, path, Options{NoSync: true})
	now = &contents{}
	for i := range now {
		now[i] = map[string]string{}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for _, writes := range []int{1_500, 300, 300, 20, 100, 50, 5} {
		before = now.clone()
		if err := now.apply(s, random, writes); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return now, before
}

// readPages reads a file without the room at its end that no page has yet.
func readPages(t testing.TB, path string) []byte {
	t.Helper()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	hs, err := readHeaders(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		t.Fatal(err)
	}
	h := hs.newest()
	return whole[:int(h.pages)*h.pageSize]
}

// vitalBytes are those of the headers, of the list of free pages, of the root and
// of each table's uppermost pages, as far as they are used.
func vitalBytes(t *testing.T, whole []byte) (offsets []int) {
	hs, err := readHeaders(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		t.Fatal(err)
	}
	h := hs.newest()
	snap := &snapshot{header: h, source: mapped(whole)}
	add := func(id uint64, n int) {
		for i := range n {
			offsets = append(offsets, int(id)*h.pageSize+i)
		}
	}
	add(0, headerReaches)
	add(1, headerReaches)
	add(h.root, h.pageSize)
	add(h.free, 200)
	for table := range analytics.Tables {
		tree, err := snap.openTable(bucketName(table))
		if err != nil {
			t.Fatal(err)
		}
		if !tree.root.leaf {
			add(native.Uint64(tree.root.b), 150)
			add(tree.root.child(0), 150)
		}
	}
	return offsets
}

// TestFlippedByte damages one byte of a file at a time. Whatever is read then is
// right, or an error that says so, before and after more has been written.
func TestFlippedByte(t *testing.T) {
	path := filepath.Join(t.TempDir(), "footfall.db")
	now, before := grow(t, path)
	whole := readPages(t, path)
	random := rand.New(rand.NewPCG(3, 4))
	seen := map[string]int{}
	probe := func(at int, mask byte) {
		damaged := append([]byte(nil), whole...)
		damaged[at] ^= mask
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		allowed := []*contents{now}
		if at < 2*1024 {
			allowed = append(allowed, before) // a lost header is a lost commit
		}
		seen[probeFile(t, fmt.Sprintf("byte %d ^ %#x", at, mask), path, allowed, random)]++
	}
	if *flips < 0 {
		for at := range whole {
			probe(at, byte(1+random.IntN(255)))
		}
	} else {
		for i, at := range vitalBytes(t, whole) {
			if i%8 == 0 || *flips > 1_000 {
				probe(at, byte(1+random.IntN(255)))
			}
		}
		for range *flips {
			probe(random.IntN(len(whole)), 1<<random.IntN(8))
		}
	}
	t.Logf("%d bytes; outcomes: %v", len(whole), seen)
	for _, outcome := range []string{"refused", "damaged", "sound"} {
		if seen[outcome] == 0 {
			t.Errorf("no probe was %s", outcome)
		}
	}
}

// probeFile reads and writes a damaged file and says how it went.
func probeFile(t *testing.T, what, path string, allowed []*contents, random *rand.Rand) string {
	t.Helper()
	var log bytes.Buffer
	s, err := Open(path, Options{NoSync: true, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		if !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrForeign) && !errors.Is(err, ErrTruncated) && !errors.Is(err, ErrNewer) {
			t.Errorf("%s: Open: %v", what, err)
		}
		return "refused"
	}
	defer s.Close()
	outcome, held := compare(t, what, s, allowed)
	if held == nil {
		return outcome
	}
	for range 3 {
		if err := held.apply(s, random, 20); err != nil {
			if !errors.Is(err, ErrDamaged) {
				t.Errorf("%s: Apply: %v", what, err)
			}
			outcome = "damaged"
		}
		if strings.Contains(log.String(), "a damaged record was written over") {
			return "damaged"
		}
		if after, _ := compare(t, what+", written to", s, []*contents{held}); after != "sound" {
			outcome = after
		}
	}
	return outcome
}

// compare reads everything. What is not an error must be as in one of the
// contents, which it returns.
func compare(t *testing.T, what string, s *Store, allowed []*contents) (outcome string, held *contents) {
	t.Helper()
	outcome = "sound"
	err := s.View(func(v analytics.View) error {
		for _, c := range allowed {
			damaged, wrong := readAll(v, c)
			if wrong != nil {
				err := fmt.Errorf("%s: %w", what, wrong)
				if c == allowed[len(allowed)-1] {
					return err
				}
				continue
			}
			if held = c.clone(); damaged {
				outcome = "damaged"
			}
			return nil
		}
		return nil
	})
	if errors.Is(err, ErrDamaged) {
		return "damaged", nil
	}
	if err != nil {
		t.Error(err)
	}
	return outcome, held
}

// readSound reads what can be read: every other record lies where something is said to be
// lost.
func readSound(v analytics.View, t analytics.Table, want map[string]string) error {
	type hole struct{ after, before string }
	var holes []hole
	seen := map[string]bool{}
	err := v.(analytics.SoundView).ScanSound(t, nil, nil, func(key, value []byte) error {
		if w, ok := want[string(key)]; !ok || w != string(value) {
			return fmt.Errorf("%v: ScanSound gives %.40q for %q, want %.40q", t, value, key, w)
		}
		seen[string(key)] = true
		return nil
	}, func(after, before []byte) {
		h := hole{string(after), "~"}
		if before != nil {
			h.before = string(before)
		}
		holes = append(holes, h)
	})
	if err != nil {
		return err
	}
	for key := range want {
		if !seen[key] && !slices.ContainsFunc(holes, func(h hole) bool { return h.after < key && key < h.before }) {
			return fmt.Errorf("%v: ScanSound does not give %q, and loses only %q", t, key, holes)
		}
	}
	return nil
}

// readAll compares every record, by Scan and by Get. Damage that is reported is
// not wrong.
func readAll(v analytics.View, want *contents) (damaged bool, wrong error) {
	for t := range analytics.Tables {
		n := 0
		err := v.Scan(t, nil, nil, func(key, value []byte) error {
			if w, ok := want[t][string(key)]; !ok || w != string(value) {
				return fmt.Errorf("%v: Scan gives %.40q for %q, want %.40q", t, value, key, w)
			}
			n++
			return nil
		})
		if errors.Is(err, ErrDamaged) {
			damaged = true
		} else if err != nil {
			return damaged, err
		} else if n != len(want[t]) {
			return damaged, fmt.Errorf("%v: Scan gives %d records of %d", t, n, len(want[t]))
		}
		if wrong := readSound(v, t, want[t]); wrong != nil {
			return damaged, wrong
		}
		for i := int(v.(*view).txid) % 11; i < keySpace; i += 11 {
			key := fmt.Appendf(nil, "%08d", i)
			value, err := v.Get(t, key)
			if errors.Is(err, ErrDamaged) {
				damaged = true
				continue
			}
			if w, ok := want[t][string(key)]; err != nil || ok != (value != nil) || w != string(value) {
				return damaged, fmt.Errorf("%v: Get gives %.40q for %q, want %.40q; %v", t, value, key, w, err)
			}
		}
	}
	return damaged, nil
}
