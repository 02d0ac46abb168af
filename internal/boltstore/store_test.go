package boltstore

import (
	"path/filepath"
	"testing"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
)

func open(t testing.TB, path string, opts Options) *Store {
	t.Helper()
	s, err := Open(path, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) analytics.Store {
		return open(t, filepath.Join(t.TempDir(), "footfall.db"), Options{NoSync: true})
	}, func(t *testing.T, s analytics.Store) analytics.Store {
		if err := s.(*Store).Close(); err != nil {
			t.Fatal(err)
		}
		return open(t, s.(*Store).Path(), Options{NoSync: true})
	})
}
