package boltstore

import (
	"errors"

	"go.etcd.io/bbolt"
)

// migrations bring a database from the version of their place, counted from 1, to the
// next one; nil where records of the version are read as they are, and the number alone
// keeps older programs away.
//
//	1 → 2  journeys, groups and heat are counted. A state of version 1 says by its own
//	       first byte that they were not before it (analytics.Recorder).
var migrations = []func(*bbolt.Tx) error{
	nil,
}

// migrate brings an open database up to date in one transaction: a kill leaves it of its
// old version or of the new one, whole.
func (s *Store) migrate(steps []func(*bbolt.Tx) error) error {
	from, to := s.version, uint32(len(steps)+1)
	if from >= to {
		return nil
	}
	err := s.transact(func(tx *bbolt.Tx) error {
		for _, step := range steps[from-1:] {
			if step == nil {
				continue
			}
			if err := step(tx); err != nil {
				return err
			}
		}
		if err := tx.Bucket([]byte(metaBucket)).Put(schemaKey, schemaValue(to)); err != nil {
			return err
		}
		return tx.Commit()
	})
	var known *Damage
	switch {
	case errors.As(err, &known) || errors.Is(err, ErrReadOnly):
		return err
	case err != nil:
		return cannot(s.path, "be brought up to date", err)
	}
	s.version = to
	s.log.Info("database brought up to date", "path", s.path, "from", from, "to", to)
	return nil
}
