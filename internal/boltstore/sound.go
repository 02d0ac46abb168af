package boltstore

import (
	"bytes"
	"errors"

	"github.com/footfall/footfall/analytics"
)

// ScanSound implements analytics.SoundView. What it passes over is noted.
func (v *view) ScanSound(t analytics.Table, from, to []byte, fn func(key, value []byte) error, lost func(after, before []byte)) error {
	s := soundScan{scan: scan{view: v, table: t}, fn: fn, lost: lost}
	tree, err := v.table(t)
	if err != nil {
		if !errors.Is(err, ErrDamaged) {
			return err
		}
		v.store.note(err)
		lost(nil, nil)
		return nil
	}
	s.first, s.end = appendKey(nil, from), lastFence
	if to != nil {
		s.end = appendKey(nil, to)
	}
	if err := tree.walkPast(s.first, s.leaf, s.pass); err != nil {
		return locate(err, v.store.path, t)
	}
	if s.failed == nil && s.hole {
		lost(s.after(), nil)
	}
	return s.failed
}

// soundScan is one reading of what is sound.
type soundScan struct {
	scan
	first, end []byte
	fn         func(key, value []byte) error
	lost       func(after, before []byte)
	last       []byte // sound key of the interval, as stored
	hole       bool   // something after it is damaged
}

func (s *soundScan) after() []byte {
	if s.last == nil {
		return nil
	}
	return s.last[1:]
}

// pass notes what is damaged, and lets other errors end the walk.
func (s *soundScan) pass(err error) error {
	err = locate(err, s.store.path, s.table)
	if !errors.Is(err, ErrDamaged) {
		return err
	}
	s.store.note(err)
	s.hole = true
	return nil
}

// leaf reads a leaf's records of the interval, and the ones beside it: a key that was
// changed lies in its neighbour's place.
func (s *soundScan) leaf(leaf *page) (more bool, err error) {
	begin := leaf.search(s.first)
	for i := max(begin-1, 0); i < leaf.n && s.failed == nil; i++ {
		k, stored := leaf.record(i)
		value, ok := readValue(uint8(s.table), k, stored)
		if !ok {
			s.store.note(s.store.damagedRecord(s.table, k[1:]))
			s.hole = true
			continue
		}
		if bytes.Compare(k, s.end) >= 0 {
			return false, nil
		}
		if i < begin {
			continue
		}
		if s.hole {
			s.lost(s.after(), k[1:])
			s.hole = false
		}
		s.last = append(s.last[:0], k...)
		s.failed = s.fn(k[1:], value)
	}
	return s.failed == nil, nil
}
