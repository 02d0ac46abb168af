package boltstore

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// damages are the places that are known to be damaged.
type damages struct {
	mu    sync.Mutex
	known map[string]*Damage
	fresh map[string]*Damage // come upon since the present round of Patrol began
	round int64              // when the last one ended, Unix µs
}

// mostDamages are kept; a file with as many is no use.
const mostDamages = 10_000

// note keeps the damage in an error's tree, and says so the first time.
func (s *Store) note(err error) {
	var d *Damage
	if !errors.As(err, &d) {
		return
	}
	place := fmt.Sprintf("%s %x %s", d.Table, d.Key, d.What)
	s.damages.mu.Lock()
	defer s.damages.mu.Unlock()
	if s.damages.known == nil {
		s.damages.known, s.damages.fresh = map[string]*Damage{}, map[string]*Damage{}
	}
	_, known := s.damages.known[place]
	if !known && len(s.damages.known) >= mostDamages {
		return
	}
	s.damages.known[place], s.damages.fresh[place] = d, d
	if !known {
		s.log.Error("the database is damaged: restore a backup", "path", s.path, "table", d.Table, "key", fmt.Sprintf("%x", d.Key), "reason", d.What)
	}
}

// Damage lists the places that reading has come upon and that are, as far as is known,
// damaged still.
func (s *Store) Damage() []*Damage {
	s.damages.mu.Lock()
	defer s.damages.mu.Unlock()
	list := make([]*Damage, 0, len(s.damages.known))
	for _, d := range s.damages.known {
		list = append(list, d)
	}
	slices.SortFunc(list, func(a, b *Damage) int { return cmp.Compare(a.Error(), b.Error()) })
	return list
}

// Checked is when a round of Patrol last ended, Unix µs, 0 before the first.
func (s *Store) Checked() int64 {
	s.damages.mu.Lock()
	defer s.damages.mu.Unlock()
	return s.damages.round
}

// begin a round: what is not come upon again by its end has been written anew.
func (d *damages) begin() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fresh = map[string]*Damage{}
}

func (d *damages) end(now int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.known, d.round = d.fresh, now
	d.fresh = map[string]*Damage{}
	for place, damage := range d.known {
		d.fresh[place] = damage
	}
}
