package boltstore

import (
	"bytes"
	"fmt"
	"runtime/debug"

	"go.etcd.io/bbolt"

	"github.com/footfall/footfall/analytics"
)

// change is one key to write, as it is stored; a nil value deletes it.
type change struct{ key, value []byte }

// changes are a batch, each table in the order of its keys.
type changes [analytics.Tables][]change

// Apply implements analytics.Store. Once it returns nil the batch is on the disk.
// An error means that nothing of it is in the store; only where the disk failed
// to confirm the very last write the batch may be there, whole. Applying it again
// is right in either case.
func (s *Store) Apply(b *analytics.Batch) error {
	all, err := collect(b)
	if err != nil {
		return fail(s.path, fmt.Errorf("cannot be written: %w", err))
	}
	s.applying.Lock()
	defer s.applying.Unlock()
	if err := s.Err(); err != nil {
		return err
	}
	if err := s.confirm(); err != nil {
		return fail(s.path, fmt.Errorf("cannot be written: %w", err))
	}
	if b.Len() == 0 {
		return nil
	}
	return s.commit(&all)
}

// collect encodes a batch into one piece of memory.
func collect(b *analytics.Batch) (all changes, err error) {
	for t := range analytics.Tables {
		count, size := 0, 0
		for key, value := range b.Sorted(t) {
			if len(key) == 0 || len(key) >= bbolt.MaxKeySize {
				return all, fmt.Errorf("table %v: a key of %d bytes", t, len(key))
			}
			count, size = count+1, size+1+len(key)+checksumLength+len(value)
		}
		room := make([]byte, 0, size)
		all[t] = make([]change, 0, count)
		for key, value := range b.Sorted(t) {
			c := change{key: appendKey(room, key)[len(room):]}
			room = room[:len(room)+len(c.key)]
			if value != nil {
				c.value = appendValue(room, uint8(t), c.key, value)[len(room):]
				room = room[:len(room)+len(c.value)]
			}
			all[t] = append(all[t], c)
		}
	}
	return all, nil
}

func (s *Store) commit(all *changes) (err error) {
	tx, err := s.db.Begin(true)
	if err != nil {
		return s.explain(err)
	}
	id := tx.ID()
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if cause := recover(); cause != nil {
			err = s.fault(cause)
			s.abandon(tx)
		}
	}()
	if err := s.write(tx, all); err != nil {
		tx.Rollback()
		return err
	}
	if err := tx.Commit(); err != nil {
		s.unsure = s.committed(id)
		return fail(s.path, fmt.Errorf("cannot be written: %w", err))
	}
	return nil
}

func (s *Store) write(tx *bbolt.Tx, all *changes) error {
	snap, err := snapshotOf(tx)
	if err == nil && snap == nil {
		err = flaw("both header pages")
	}
	if err != nil {
		return s.damaged(err)
	}
	for t := range analytics.Tables {
		if len(all[t]) == 0 {
			continue
		}
		if err := snap.inspect(bucketName(t), all[t]); err != nil {
			return locate(err, s.path, t)
		}
		if err := put(tx.Bucket(bucketName(t)), all[t]); err != nil {
			return fail(s.path, fmt.Errorf("cannot be written: table %v: %w", t, err))
		}
	}
	return nil
}

func put(bucket *bbolt.Bucket, list []change) error {
	bucket.FillPercent = fillPercent
	for _, c := range list {
		var err error
		if c.value == nil {
			err = bucket.Delete(c.key)
		} else {
			err = bucket.Put(c.key, c.value)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// abandon ends a transaction in which bbolt panicked, if that is still possible.
func (s *Store) abandon(tx *bbolt.Tx) {
	defer func() {
		if recover() != nil {
			s.stuck.Store(true)
		}
	}()
	tx.Rollback()
}

// committed tells whether a transaction is the file's newest state.
func (s *Store) committed(id int) bool {
	tx, err := s.db.Begin(false)
	if err != nil {
		return false
	}
	defer tx.Rollback()
	return tx.ID() == id
}

// confirm writes a header again of which the disk did not confirm the first
// writing. The next transaction would write over pages of the state before it,
// and a power cut could then bring that state back.
func (s *Store) confirm() error {
	if !s.unsure {
		return nil
	}
	both := make([]byte, 2*s.db.Info().PageSize)
	if _, err := s.file.ReadAt(both, 0); err != nil {
		return err
	}
	if _, err := s.file.WriteAt(both, 0); err != nil {
		return err
	}
	if err := s.file.Sync(); err != nil {
		return err
	}
	s.unsure = false
	return nil
}

// inspect checks the pages of a table that bbolt is going to change, so that it
// does not copy damage, lose itself in it, or make it look sound.
func (s *snapshot) inspect(name []byte, list []change) error {
	t, err := s.openTable(name)
	if err != nil {
		return err
	}
	deletes := false
	for _, c := range list {
		deletes = deletes || c.value == nil
	}
	return t.inspect(t.root, nil, list, deletes, 0)
}

// inspect goes down to the leaves of the changes. Where something is deleted
// bbolt may merge a page with a neighbour, so those are looked at too.
func (t *tree) inspect(p page, limit []byte, list []change, deletes bool, depth int) error {
	if err := t.level(&p, depth); p.leaf || err != nil {
		return err
	}
	beside := false // whether the child before is changed
	for i := range p.n {
		here := len(list)
		if i+1 < p.n {
			here = before(list, p.key(i+1))
		}
		if here > 0 || deletes && (beside || i+2 >= p.n || before(list, p.key(i+2)) > 0) {
			c, below, err := t.child(&p, i, limit)
			if err != nil {
				return err
			}
			if err := t.inspect(c, below, list[:here], deletes, depth+1); err != nil {
				return err
			}
		}
		list, beside = list[here:], here > 0
	}
	return nil
}

// before counts the changes of keys before a key.
func before(list []change, key []byte) int {
	n := 0
	for n < len(list) && bytes.Compare(list[n].key, key) < 0 {
		n++
	}
	return n
}
