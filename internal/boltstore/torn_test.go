package boltstore

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

var torn = flag.Int("torn", 100, "how many mixtures of two transactions TestTornWrite makes, beside each page alone")

const sector = 512

// TestTornWrite mixes the file as it was before the last transaction with that after it: a
// page, or the sectors of one, were written, others not. With the header of before, it is
// the database before, whole; with the new one, what is old is found out.
func TestTornWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "footfall.db")
	old, now, before, after := lastTransaction(t, path)
	var sectors []int // that differ, but for the headers
	for at := 2 * 1024; at < len(after); at += sector {
		if at+sector > len(before) || !bytes.Equal(before[at:at+sector], after[at:at+sector]) {
			sectors = append(sectors, at)
		}
	}
	random := rand.New(rand.NewPCG(13, 14))
	seen := map[string]int{}
	probe := func(what string, newHeader bool, stays func(sector int) bool) {
		mixed, allowed, header := bytes.Clone(after), now, "new header, "
		for _, at := range sectors {
			if stays(at) {
				copy(mixed[at:at+sector], append(before[min(at, len(before)):min(at+sector, len(before))], make([]byte, sector)...))
			}
		}
		if !newHeader {
			copy(mixed, before[:2*1024])
			allowed, header = old, "old header, "
		}
		if err := os.WriteFile(path, mixed, 0o600); err != nil {
			t.Fatal(err)
		}
		outcome := probeFile(t, header+what, path, []*contents{allowed}, random)
		seen[header+outcome]++
		if !newHeader && outcome != "sound" {
			t.Errorf("%s with the header of before: %s", what, outcome)
		}
	}
	for _, page := range pagesOf(sectors) {
		probe(fmt.Sprintf("page %d old", page), true, func(at int) bool { return at/1024 == page })
		probe(fmt.Sprintf("page %d new", page), false, func(at int) bool { return at/1024 != page })
	}
	for _, one := range sectors {
		probe(fmt.Sprintf("sector %d old", one/sector), true, func(at int) bool { return at == one })
		probe(fmt.Sprintf("sector %d new", one/sector), false, func(at int) bool { return at != one })
	}
	for n := range *torn {
		share := random.Float64()
		probe(fmt.Sprintf("mixture %d", n), n%2 == 0, func(int) bool { return random.Float64() < share })
	}
	t.Logf("%d sectors of the last transaction; outcomes: %v", len(sectors), seen)
}

func pagesOf(sectors []int) (pages []int) {
	for _, at := range sectors {
		if page := at / 1024; len(pages) == 0 || pages[len(pages)-1] != page {
			pages = append(pages, page)
		}
	}
	return pages
}

// lastTransaction grows a database and writes once more: what it held and its pages
// before and after that.
func lastTransaction(t *testing.T, path string) (old, now *contents, before, after []byte) {
	t.Helper()
	old, _ = grow(t, path)
	before = readPages(t, path)
	s := open(t, path, Options{NoSync: true})
	now = old.clone()
	if err := now.apply(s, rand.New(rand.NewPCG(15, 16)), 60); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return old, now, before, readPages(t, path)
}
