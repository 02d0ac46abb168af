package boltstore

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/footfall/footfall/analytics"
)

// A database like a shop's: 200 zones in groups that grow at their ends, 5,000
// minutes of each. 1 M keys of 21 bytes, values of 60.
const (
	benchGroups  = 200
	benchMinutes = 5_000
)

func benchKey(group, minute int) []byte {
	key := binary.BigEndian.AppendUint64(nil, uint64(group/10))
	key = append(key, 'z')
	key = binary.BigEndian.AppendUint64(key, uint64(group))
	return binary.BigEndian.AppendUint32(key, uint32(minute))
}

// benchStore fills a store in the order in which time brings it: each batch adds
// a while to every group.
func benchStore(b *testing.B, opts Options) *Store {
	b.Helper()
	s := open(b, filepath.Join(b.TempDir(), "footfall.db"), opts)
	value := make([]byte, 60)
	for from := 0; from < benchMinutes; from += 25 {
		batch := &analytics.Batch{}
		for group := range benchGroups {
			for minute := from; minute < from+25; minute++ {
				batch.Put(analytics.Minutes, benchKey(group, minute), value)
			}
		}
		if err := s.Apply(batch); err != nil {
			b.Fatal(err)
		}
	}
	return s
}

func BenchmarkApply(b *testing.B) {
	s := benchStore(b, Options{NoSync: true})
	s.db.NoSync, s.db.NoGrowSync = false, false
	b.Logf("%d MB for %d MB of keys and values", s.Size()>>20, benchGroups*benchMinutes*81>>20)
	random := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{100, 4_900, 10_000} {
		b.Run(fmt.Sprintf("recent/%d", n), func(b *testing.B) {
			benchApply(b, s, func(i int) []byte { return benchKey(i%benchGroups, benchMinutes-1-i/benchGroups) }, n)
		})
		b.Run(fmt.Sprintf("anywhere/%d", n), func(b *testing.B) {
			benchApply(b, s, func(int) []byte { return benchKey(random.IntN(benchGroups), random.IntN(benchMinutes)) }, n)
		})
	}
}

func benchApply(b *testing.B, s *Store, key func(i int) []byte, n int) {
	b.ReportAllocs()
	for round := 0; b.Loop(); round++ {
		batch := &analytics.Batch{}
		for i := range n {
			batch.Put(analytics.Minutes, key(i), fmt.Appendf(nil, "%060d", round))
		}
		if err := s.Apply(batch); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/op")
}

func BenchmarkRead(b *testing.B) {
	s := benchStore(b, Options{NoSync: true})
	random := rand.New(rand.NewPCG(1, 2))
	view := func(b *testing.B, read func(v analytics.View) error) {
		b.Helper()
		b.ReportAllocs()
		if err := s.View(read); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("get", func(b *testing.B) {
		view(b, func(v analytics.View) (err error) {
			for b.Loop() {
				value, e := v.Get(analytics.Minutes, benchKey(random.IntN(benchGroups), random.IntN(benchMinutes)))
				if err = e; err != nil || value == nil {
					b.Fatal(value, err)
				}
			}
			return err
		})
	})
	b.Run("scan 1M", func(b *testing.B) {
		view(b, func(v analytics.View) (err error) {
			for b.Loop() {
				n := 0
				err = v.Scan(analytics.Minutes, nil, nil, func(_, value []byte) error { n += len(value); return nil })
				if n != 60*benchGroups*benchMinutes {
					b.Fatal(n, err)
				}
			}
			return err
		})
	})
	b.Run("view", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			view(b, func(analytics.View) error { return nil })
		}
	})
}

func BenchmarkOpen(b *testing.B) {
	s := benchStore(b, Options{NoSync: true})
	s.Close()
	for b.Loop() {
		s, err := Open(s.Path(), Options{})
		if err != nil {
			b.Fatal(err)
		}
		s.Close()
	}
}
