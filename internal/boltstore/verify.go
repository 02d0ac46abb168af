package boltstore

import (
	"context"
	"errors"
	"runtime/debug"

	"github.com/footfall/footfall/analytics"
)

// TableSize is what a table holds.
type TableSize struct {
	Name    string
	Records int64
	Bytes   int64 // of keys and values
}

// Verification is what Verify found.
type Verification struct {
	Tables []TableSize
	Size   int64     // of the file
	Free   int64     // bytes in free pages, which are used again
	Lost   int64     // bytes in pages that are neither used nor free: Compact gives them back
	Damage []*Damage // what cannot be read; of each table the first damaged page and every record before it
}

// Verify reads every page and every record in one state of the database. An error
// means that it could not: damage is no error but among the findings.
func (s *Store) Verify(ctx context.Context) (v Verification, err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	tx, snap, err := s.begin()
	if err != nil {
		return v, err
	}
	defer tx.Rollback()
	defer func() {
		if cause := recover(); cause != nil {
			if !faulted(snap.source.(mapped), cause) {
				panic(cause)
			}
			err = s.fault(cause)
		}
	}()
	c := verifying{snapshot: snap, store: s, ctx: ctx, used: make([]bool, snap.pages), found: &v}
	v.Size = s.Size()
	return v, c.all()
}

type verifying struct {
	*snapshot
	store *Store
	ctx   context.Context
	used  []bool // pages, by id
	found *Verification
}

func (c *verifying) all() error {
	names, root, err := c.bucketNames()
	if err == nil {
		err = c.pages(root, &root.root, c.root, nil, 0, nil)
	}
	if err := c.note("", err); err != nil {
		return err
	}
	for t := range analytics.Tables {
		if err := c.table(t.String(), uint8(t), func() (*tree, error) { return c.openTable(bucketName(t)) }); err != nil {
			return err
		}
	}
	for _, name := range names {
		if _, known := tableNamed(name); known || name == metaBucket {
			continue
		}
		if err := c.table(name, unknownTable, func() (*tree, error) { return c.bucket([]byte(name)) }); err != nil {
			return err
		}
	}
	err = c.table(metaBucket, metaTable, func() (*tree, error) { return c.bucket([]byte(metaBucket)) })
	c.account()
	return err
}

// note keeps a flaw as a finding and lets other errors pass.
func (c *verifying) note(table string, err error) error {
	var f flaw
	var d *Damage
	switch {
	case errors.As(err, &f):
		c.found.Damage = append(c.found.Damage, &Damage{Path: c.store.path, Table: table, What: string(f)})
	case errors.As(err, &d):
		c.found.Damage = append(c.found.Damage, d)
	default:
		return err
	}
	return nil
}

// table verifies one bucket.
func (c *verifying) table(name string, number uint8, open func() (*tree, error)) error {
	t, err := open()
	if err != nil {
		return c.note(name, err)
	}
	size := TableSize{Name: name}
	err = c.pages(t, &t.root, t.rootID, nil, 0, func(leaf *page) error {
		for i := range leaf.n {
			k, v := leaf.record(i)
			if _, ok := readValue(number, k, v); !ok && number != unknownTable {
				c.found.Damage = append(c.found.Damage, &Damage{Path: c.store.path, Table: name, Key: append([]byte{}, k[1:]...), What: noChecksum})
			}
			size.Records++
			size.Bytes += int64(len(k) + len(v))
		}
		return c.ctx.Err()
	})
	if number < uint8(analytics.Tables) {
		size.Records -= 2 // the fences
	}
	c.found.Tables = append(c.found.Tables, size)
	return c.note(name, err)
}

// pages visits a page and those under it. An id of 0 is a page within another.
func (c *verifying) pages(t *tree, p *page, id uint64, limit []byte, depth int, visit func(leaf *page) error) error {
	if err := t.level(p, depth); err != nil {
		return err
	}
	for i := range uint64(len(p.b)/c.pageSize) * min(id, 1) {
		if c.used[id+i] {
			return flawf("page %d is used twice", id+i)
		}
		c.used[id+i] = true
	}
	if p.leaf {
		if visit == nil {
			return nil
		}
		return visit(p)
	}
	for i := range p.n {
		child, below, err := t.child(p, i, limit)
		if err != nil {
			return err
		}
		if err := c.pages(t, &child, p.child(i), below, depth+1, visit); err != nil {
			return err
		}
	}
	return nil
}

// account counts the pages that are free, and those that are lost.
func (c *verifying) account() {
	c.found.Free = int64(c.unused.len()) * int64(c.pageSize)
	if len(c.found.Damage) > 0 {
		return // what is under a damaged page is not known
	}
	for i := range c.unused.len() {
		c.used[c.unused.id(i)] = true
	}
	if list, err := c.raw(c.free); err == nil {
		for i := range len(list) / c.pageSize {
			c.used[c.free+uint64(i)] = true
		}
	}
	for _, used := range c.used[2:] {
		if !used {
			c.found.Lost += int64(c.pageSize)
		}
	}
}

// unknownTable is a bucket that this version knows nothing of.
const unknownTable = 254

// bucketNames lists the buckets, with the tree that they are in.
func (s *snapshot) bucketNames() (names []string, buckets *tree, err error) {
	root, err := s.page(s.root, bucketElement)
	if err != nil {
		return nil, nil, err
	}
	buckets = &tree{snapshot: s, root: root, rootID: s.root, kind: bucketElement, depth: -1}
	err = buckets.walk(nil, func(leaf *page) (bool, error) {
		for i := range leaf.n {
			names = append(names, string(leaf.key(i)))
		}
		return true, nil
	})
	return names, buckets, err
}

func tableNamed(name string) (analytics.Table, bool) {
	for t := range analytics.Tables {
		if t.String() == name {
			return t, true
		}
	}
	return 0, false
}
