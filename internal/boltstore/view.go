package boltstore

import (
	"bytes"
	"fmt"
	"runtime"
	"runtime/debug"
	"unsafe"

	"go.etcd.io/bbolt"

	"github.com/footfall/footfall/analytics"
)

// View implements analytics.Store. An error of fn is returned as it is.
func (s *Store) View(fn func(analytics.View) error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	tx, snap, err := s.begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	defer func() {
		if cause := recover(); cause != nil {
			if !faulted(snap.source.(mapped), cause) {
				panic(cause) // of fn's own
			}
			err = s.fault(cause)
		}
	}()
	err = fn(&view{store: s, snapshot: snap})
	s.note(err)
	return err
}

// begin starts a transaction, which keeps its pages from being written over, and
// reads its header. That one's page is written over two commits later, so it may
// be gone by now; then there is a newer one to begin with.
func (s *Store) begin() (*bbolt.Tx, *snapshot, error) {
	for range 100 {
		tx, snap, err := s.tryBegin()
		if snap != nil || err != nil {
			return tx, snap, err
		}
	}
	return nil, nil, s.damaged(flaw("no header page that can be read"))
}

func (s *Store) tryBegin() (tx *bbolt.Tx, snap *snapshot, err error) {
	if s.stuck.Load() {
		return nil, nil, s.Err()
	}
	defer func() {
		if cause := recover(); cause != nil {
			err = s.fault(cause)
			s.stuck.CompareAndSwap(false, tx == nil)
		}
		if tx != nil && snap == nil {
			tx.Rollback()
		}
	}()
	if tx, err = s.db.Begin(false); err != nil {
		return nil, nil, s.explain(err)
	}
	snap, err = snapshotOf(tx)
	return tx, snap, s.damaged(err)
}

// snapshotOf returns nil where the transaction's header cannot be read any more.
func snapshotOf(tx *bbolt.Tx) (*snapshot, error) {
	txid := uint64(tx.ID())
	if tx.Writable() {
		txid-- // what it is going to be
	}
	info := tx.DB().Info()
	base := *(**byte)(unsafe.Pointer(&info.Data))
	for slot := range 2 {
		page := unsafe.Slice(base, 2*info.PageSize)[slot*info.PageSize:]
		h, _, sound := readHeader(bytes.Clone(page[:headerReaches]))
		if !sound || h.txid != txid {
			continue
		}
		snap := &snapshot{header: h, source: mapped(unsafe.Slice(base, int(h.pages)*h.pageSize))}
		list, err := snap.raw(h.free)
		if err != nil {
			return nil, err
		}
		if snap.unused, err = readFreelist(list); err != nil {
			return nil, err
		}
		return snap, nil
	}
	return nil, nil
}

// faulted tells whether a panic is a fault of the mapped file: the disk failed,
// or somebody cut the file.
func faulted(file mapped, cause any) bool {
	fault, ok := cause.(interface {
		runtime.Error
		Addr() uintptr
	})
	if !ok {
		return false
	}
	from := uintptr(unsafe.Pointer(unsafe.SliceData(file)))
	return fault.Addr() >= from && fault.Addr() < from+uintptr(len(file))
}

// view is an analytics.View.
type view struct {
	*snapshot
	store  *Store
	tables [analytics.Tables]*tree // as far as they were asked for
}

// table opens a table when it is first asked for.
func (v *view) table(t analytics.Table) (*tree, error) {
	if t >= analytics.Tables {
		return nil, fmt.Errorf("there is no table %d", t)
	}
	if v.tables[t] == nil {
		tree, err := v.openTable(bucketName(t))
		if err != nil {
			return nil, locate(err, v.store.path, t)
		}
		v.tables[t] = tree
	}
	return v.tables[t], nil
}

// openTable opens a table and checks that it goes from fence to fence, as far as these
// can be read: one of them at least.
func (s *snapshot) openTable(name []byte) (*tree, error) {
	t, err := s.bucket(name)
	if err != nil {
		return nil, err
	}
	if t == nil {
		return nil, flaw("it is missing")
	}
	first, depth, err := t.descend(func(*page) int { return 0 })
	last, lastDepth, lastErr := t.descend(func(p *page) int { return p.n - 1 })
	switch {
	case err != nil && lastErr != nil:
		return nil, err
	case err != nil: // who reads there will find out
		depth = lastDepth
	case lastErr != nil:
		lastDepth = depth
	}
	fenced := (err != nil || bytes.Equal(first.key(0), firstFence)) && (lastErr != nil || bytes.Equal(last.key(last.n-1), lastFence))
	if t.depth = depth; !fenced || depth != lastDepth {
		return nil, flaw("its beginning or its end is missing")
	}
	return t, nil
}

// Get implements analytics.View.
func (v *view) Get(t analytics.Table, key []byte) ([]byte, error) {
	tree, err := v.table(t)
	if err != nil {
		return nil, err
	}
	var short [64]byte
	k := appendKey(short[:0], key)
	stored, err := tree.get(k)
	if err != nil {
		return nil, locate(err, v.store.path, t)
	}
	if stored == nil {
		return nil, v.absent(tree, t, key)
	}
	value, ok := readValue(uint8(t), k, stored)
	if !ok {
		return nil, v.store.damagedRecord(t, key)
	}
	return value, nil
}

// absent reads the records on both sides of where a key would be.
func (v *view) absent(tree *tree, t analytics.Table, key []byte) error {
	k := appendKey(nil, key)
	err := tree.walk(k, func(leaf *page) (bool, error) {
		for i := max(leaf.search(k)-1, 0); i < leaf.n; i++ {
			found, stored := leaf.record(i)
			if _, ok := readValue(uint8(t), found, stored); !ok {
				return false, v.store.damagedRecord(t, found[1:])
			}
			if bytes.Compare(found, k) >= 0 {
				return false, nil
			}
		}
		return true, nil
	})
	return locate(err, v.store.path, t)
}
