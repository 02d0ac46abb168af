package boltstore

import (
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/footfall/footfall/analytics"
)

var stall = flag.Duration("stall", 3*time.Second, "how long the reader of TestStalledReader stands still, while 60 flushes are written")

// TestStalledReader lets a reader stand still in the middle of a table while a minute's
// flushes are written: none waits for it, what it reads then is as it was, and the pages
// that cannot be used again meanwhile do not double the file.
func TestStalledReader(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "footfall.db"), Options{})
	const history = 200_000
	for from := 0; from < history; from += 20_000 {
		b := &analytics.Batch{}
		for i := range 20_000 {
			b.Put(analytics.Minutes, fmt.Appendf(nil, "a%08d", from+i), fmt.Appendf(nil, "%060d", i))
		}
		applyAll(t, s, b)
	}
	before := s.Size()
	stands, goOn, read := make(chan bool), make(chan bool), make(chan error)
	go func() {
		n := 0
		err := s.View(func(v analytics.View) error {
			return v.Scan(analytics.Minutes, nil, nil, func(key, _ []byte) error {
				if n++; n == history/2 {
					close(stands)
					<-goOn
				}
				return nil
			})
		})
		if err == nil && n != history {
			err = fmt.Errorf("%d records, want %d", n, history)
		}
		read <- err
	}()
	<-stands
	var took []time.Duration
	for flush := range 60 {
		b := killBatch(flush + 1) // some hundred keys
		began := time.Now()
		applyAll(t, s, b)
		took = append(took, time.Since(began))
		time.Sleep(max(0, *stall/60-took[flush]))
	}
	after := s.Size()
	close(goOn)
	if err := <-read; err != nil {
		t.Error(err)
	}
	slices.Sort(took)
	t.Logf("the file: %d kB before, %d kB after 60 flushes; a flush took %v, 99 %% of them %v at most", before>>10, after>>10, took[30], took[58])
	if after >= 2*before {
		t.Errorf("the file grew from %d to %d bytes", before, after)
	}
	if *stall >= time.Minute && took[58] > 100*time.Millisecond {
		t.Errorf("a flush in a hundred took %v or longer", took[58])
	}
}
