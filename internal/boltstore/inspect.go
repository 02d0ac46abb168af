package boltstore

import (
	"bytes"

	"github.com/footfall/footfall/analytics"
)

// inspection looks at the pages of a table that bbolt is going to change, so that
// it does not copy damage, lose itself in it, or make it look sound.
type inspection struct {
	*tree
	table   analytics.Table
	deletes bool
	damaged [][]byte // keys of records to be replaced that are damaged
}

func (s *snapshot) inspect(t analytics.Table, list []change) (damaged [][]byte, err error) {
	tree, err := s.openTable(bucketName(t))
	if err != nil {
		return nil, err
	}
	in := inspection{tree: tree, table: t}
	for _, c := range list {
		in.deletes = in.deletes || c.value == nil
	}
	err = in.page(tree.root, nil, list, 0)
	return in.damaged, err
}

// page goes down to the leaves of the changes. Where something is deleted bbolt
// may merge a page with a neighbour, so those are looked at too.
func (in *inspection) page(p page, limit []byte, list []change, depth int) error {
	if err := in.level(&p, depth); err != nil {
		return err
	}
	if p.leaf {
		in.records(&p, list)
		return nil
	}
	beside := false // whether the child before is changed
	for i := range p.n {
		here := len(list)
		if i+1 < p.n {
			here = before(list, p.key(i+1))
		}
		if here > 0 || in.deletes && (beside || i+2 >= p.n || before(list, p.key(i+2)) > 0) {
			c, below, err := in.child(&p, i, limit)
			if err != nil {
				return err
			}
			if err := in.page(c, below, list[:here], depth+1); err != nil {
				return err
			}
		}
		list, beside = list[here:], here > 0
	}
	return nil
}

func (in *inspection) records(p *page, list []change) {
	for _, c := range list {
		i := p.search(c.key)
		if i == p.n {
			return
		}
		k, v := p.record(i)
		if !bytes.Equal(k, c.key) {
			continue
		}
		if _, ok := readValue(uint8(in.table), k, v); !ok {
			in.damaged = append(in.damaged, k[1:])
		}
	}
}

// before counts the changes of keys before a key.
func before(list []change, key []byte) int {
	n := 0
	for n < len(list) && bytes.Compare(list[n].key, key) < 0 {
		n++
	}
	return n
}
