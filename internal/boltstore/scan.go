package boltstore

import (
	"bytes"
	"errors"

	"github.com/footfall/footfall/analytics"
)

// Scan implements analytics.View.
func (v *view) Scan(t analytics.Table, from, to []byte, fn func(key, value []byte) error) error {
	return v.scan(t, from, to, fn, nil)
}

// ScanSound implements analytics.SoundView. What it passes over is noted.
func (v *view) ScanSound(t analytics.Table, from, to []byte, fn func(key, value []byte) error, lost func(after, before []byte)) error {
	return v.scan(t, from, to, fn, lost)
}

// scan is Scan, or ScanSound where what is lost is to be told.
func (v *view) scan(t analytics.Table, from, to []byte, fn func(key, value []byte) error, lost func(after, before []byte)) error {
	s := scan{view: v, table: t, first: appendKey(nil, from), end: lastFence, fn: fn, lost: lost}
	if to != nil {
		s.end = appendKey(nil, to)
	}
	tree, err := v.table(t)
	if err != nil {
		err = s.pass(err)
	} else {
		err = tree.walkPast(s.first, s.leaf, s.pass)
	}
	if err != nil {
		return locate(err, v.store.path, t)
	}
	if s.failed == nil && s.hole {
		lost(s.after(), nil)
	}
	return s.failed
}

// scan is one reading of records in order.
type scan struct {
	*view
	table      analytics.Table
	first, end []byte // as stored
	fn         func(key, value []byte) error
	lost       func(after, before []byte) // nil: damage ends it
	failed     error                      // of fn, which is not ours to explain

	last []byte // sound key of the interval, as stored
	hole bool   // something after it is damaged
}

func (s *scan) after() []byte {
	if s.last == nil {
		return nil
	}
	return s.last[1:]
}

// pass goes on beyond what is damaged, if that is to be told, and lets other errors end
// the walk.
func (s *scan) pass(err error) error {
	err = locate(err, s.store.path, s.table)
	if s.lost == nil || !errors.Is(err, ErrDamaged) {
		return err
	}
	s.store.note(err)
	s.hole = true
	return nil
}

// leaf reads a leaf's records of the interval, and the ones beside it: a key that was
// changed lies in its neighbour's place.
func (s *scan) leaf(leaf *page) (more bool, err error) {
	begin := leaf.search(s.first)
	for i := max(begin-1, 0); i < leaf.n && s.failed == nil; i++ {
		k, stored := leaf.record(i)
		value, ok := readValue(uint8(s.table), k, stored)
		switch {
		case !ok:
			if err := s.pass(s.store.damagedRecord(s.table, k[1:])); err != nil {
				return false, err
			}
		case bytes.Compare(k, s.end) >= 0:
			return false, nil
		case i >= begin:
			s.hand(k, value)
		}
	}
	return s.failed == nil, nil
}

// hand hands over a sound record, and what was lost before it first.
func (s *scan) hand(k, value []byte) {
	if s.hole {
		s.lost(s.after(), k[1:])
		s.hole = false
	}
	s.last = k
	s.failed = s.fn(k[1:], value)
}
