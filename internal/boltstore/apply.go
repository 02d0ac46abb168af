package boltstore

import (
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
	s.applying.Lock()
	defer s.applying.Unlock()
	all, err := s.room.collect(b)
	if err != nil {
		return fail(s.path, fmt.Errorf("cannot be written: %w", err))
	}
	if err := s.Err(); err != nil {
		return err
	}
	if err := s.confirm(); err != nil {
		return fail(s.path, fmt.Errorf("cannot be written: %w", err))
	}
	if b.Len() == 0 {
		return nil
	}
	err = s.commit(&all)
	s.note(err)
	return err
}

// collect encodes a batch.
func (a *arena) collect(b *analytics.Batch) (all changes, err error) {
	a.reset()
	for t := range analytics.Tables {
		for key, value := range b.Sorted(t) {
			if len(key) == 0 || len(key) >= bbolt.MaxKeySize {
				return all, fmt.Errorf("table %v: a key of %d bytes", t, len(key))
			}
			c := change{key: appendKey(a.take(1+len(key)), key)}
			if value != nil {
				c.value = appendValue(a.take(checksumLength+len(value)), uint8(t), c.key, value)
			}
			all[t] = append(all[t], c)
		}
	}
	return all, nil
}

// arena gives out pieces of one piece of memory, which is taken anew, larger,
// where it is too small. What it gave out holds until reset.
type arena []byte

// keptRoom is how large an arena may be from one batch to the next: that of a
// location with a million people needs 16 MiB. One of which the last batch used
// little is let go.
const (
	keptRoom  = 32 << 20
	leastUsed = 4 // the share of it is 1/leastUsed
)

func (a *arena) reset() {
	if cap(*a) > keptRoom || len(*a) < cap(*a)/leastUsed {
		*a = nil
	}
	*a = (*a)[:0]
}

// take returns an empty slice with room for n bytes.
func (a *arena) take(n int) []byte {
	if cap(*a)-len(*a) < n {
		*a = make([]byte, 0, max(n, 2*cap(*a), 64<<10))
	}
	at := len(*a)
	*a = (*a)[:at+n]
	return (*a)[at : at : at+n]
}

func (s *Store) commit(all *changes) error {
	var replaced []*Damage
	err := s.transact(func(tx *bbolt.Tx) (err error) {
		id := tx.ID()
		if replaced, err = s.write(tx, all); err != nil {
			return err
		}
		if err := tx.Commit(); err != nil {
			s.unsure = s.committed(id)
			return fail(s.path, fmt.Errorf("cannot be written: %w", err))
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, d := range replaced {
		s.log.Error("a damaged record was written over: if its key was damaged too, another record is lost",
			"path", d.Path, "table", d.Table, "key", fmt.Sprintf("%x", d.Key))
	}
	return nil
}

// transact has fn fill and commit a transaction. Where it fails, or bbolt panics over
// damage, there was none.
func (s *Store) transact(fn func(*bbolt.Tx) error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	var tx *bbolt.Tx
	defer func() {
		if cause := recover(); cause != nil {
			err = s.fault(cause)
			s.abandon(tx)
		}
	}()
	if tx, err = s.db.Begin(true); err != nil {
		return s.explain(err)
	}
	if err = fn(tx); err != nil {
		_ = tx.Rollback() // a commit that failed has done so
	}
	return err
}

// write makes the changes and returns which damaged records they replace.
func (s *Store) write(tx *bbolt.Tx, all *changes) (replaced []*Damage, err error) {
	snap, err := snapshotOf(tx)
	if err == nil && snap == nil {
		err = flaw("no header page that can be read")
	}
	if err != nil {
		return nil, s.damaged(err)
	}
	for t := range analytics.Tables {
		if len(all[t]) == 0 {
			continue
		}
		keys, err := snap.inspect(t, all[t])
		if err != nil {
			return nil, locate(err, s.path, t)
		}
		for _, key := range keys {
			replaced = append(replaced, s.damagedRecord(t, key))
		}
		if err := put(tx.Bucket(bucketName(t)), all[t]); err != nil {
			return nil, fail(s.path, fmt.Errorf("cannot be written: table %v: %w", t, err))
		}
	}
	return replaced, nil
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

// abandon ends a transaction in which bbolt panicked, if that is still possible;
// it is nil where bbolt did so at its beginning.
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
