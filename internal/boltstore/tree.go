package boltstore

import (
	"bytes"
	"io"
)

// source gives bytes of a database file.
type source interface {
	bytes(at int64, n int) ([]byte, error)
}

// mapped is the file as bbolt has mapped it, as far as the transaction goes.
type mapped []byte

func (m mapped) bytes(at int64, n int) ([]byte, error) { return m[at:][:n:n], nil }

// unmapped reads a file that bbolt has not opened yet.
type unmapped struct{ io.ReaderAt }

// maxUnmapped is far more than any page has that is read before opening.
const maxUnmapped = 64 << 20

func (u unmapped) bytes(at int64, n int) ([]byte, error) {
	if n > maxUnmapped {
		return nil, flaw("a page of absurd size")
	}
	b := make([]byte, n)
	_, err := u.ReadAt(b, at)
	return b, err
}

// snapshot reads the pages of one transaction.
type snapshot struct {
	header
	source
	unused freelist
}

// raw returns the bytes of a page and of its overflow pages.
func (s *snapshot) raw(id uint64) ([]byte, error) {
	if id < 2 || id >= s.pages {
		return nil, flawf("a pointer to page %d of %d", id, s.pages)
	}
	at := int64(id) * int64(s.pageSize)
	head, err := s.bytes(at, pageHead)
	if err != nil {
		return nil, err
	}
	overflow := uint64(native.Uint32(head[12:]))
	if found := native.Uint64(head); found != id || overflow >= s.pages-id {
		return nil, flawf("page %d calls itself %d, with %d more", id, found, overflow)
	}
	return s.bytes(at, (int(overflow)+1)*s.pageSize)
}

// page returns a branch or leaf of a tree.
func (s *snapshot) page(id uint64, kind uint32) (page, error) {
	if s.unused.has(id) {
		return page{}, flawf("a pointer to page %d, which is free", id)
	}
	b, err := s.raw(id)
	if err != nil {
		return page{}, err
	}
	p, used, err := readPage(b, kind)
	if err != nil {
		return p, flawf("page %d: %v", id, err)
	}
	if (used+s.pageSize-1)/s.pageSize*s.pageSize != len(b) {
		return p, flawf("page %d has %d bytes for %d", id, len(b), used)
	}
	return p, nil
}

// bucket opens a bucket by name, nil where there is none. Its header is the page
// of its root and a number that is of no use to us; a small bucket's only page
// stands behind the header instead.
func (s *snapshot) bucket(name []byte) (*tree, error) {
	root, err := s.page(s.root, bucketElement)
	if err != nil {
		return nil, err
	}
	buckets := tree{snapshot: s, root: root, kind: bucketElement, depth: -1}
	header, err := buckets.get(name)
	if header == nil || err != nil {
		return nil, err
	}
	if len(header) < 16 {
		return nil, flaw("a bucket without a header")
	}
	t := &tree{snapshot: s, depth: -1}
	id := native.Uint64(header)
	switch {
	case (id == 0) != (len(header) >= 16+pageHead) || id != 0 && len(header) > 16:
		return nil, flaw("the header of a bucket")
	case id != 0:
		t.rootID = id
		t.root, err = s.page(id, 0)
		return t, err
	}
	var used int
	t.root, used, err = readPage(header[16:], 0)
	if err == nil && (used != len(header)-16 || native.Uint64(header[16:]) != 0 || native.Uint32(header[28:]) != 0) {
		err = flaw("the page in a bucket's header")
	}
	return t, err
}

// tree reads one bucket's B+ tree.
type tree struct {
	*snapshot
	root   page
	rootID uint64 // 0 where it stands behind the bucket's header
	kind   uint32
	depth  int // of all leaves; -1 while it is not known
}

// maxDepth is beyond any tree.
const maxDepth = 32

// level checks that a page is as far from the root as one of its type must be.
// Pages that point in a circle go too deep, those that skip a level not deep
// enough.
func (t *tree) level(p *page, depth int) error {
	if t.depth >= 0 && p.leaf != (depth == t.depth) || depth > maxDepth {
		return flaw("a page on the wrong level of its tree")
	}
	return nil
}

// child loads the page under a branch's element. limit is what bounds the
// branch's own keys, nil for nothing.
func (t *tree) child(p *page, i int, limit []byte) (c page, below []byte, err error) {
	c, err = t.page(p.child(i), t.kind)
	if err != nil {
		return c, nil, err
	}
	if i+1 < p.n {
		limit = p.key(i + 1)
	}
	if !bytes.Equal(c.key(0), p.key(i)) || limit != nil && bytes.Compare(c.key(c.n-1), limit) >= 0 {
		return c, nil, flawf("page %d does not have the keys that its parent says", p.child(i))
	}
	return c, limit, nil
}

// get returns the value of a key, nil if it is not there.
func (t *tree) get(key []byte) ([]byte, error) {
	p, _, err := t.descend(func(p *page) int { return p.route(key) })
	if err != nil {
		return nil, err
	}
	if i := p.search(key); i < p.n {
		if k, v := p.record(i); bytes.Equal(k, key) {
			return v, nil
		}
	}
	return nil, nil
}

// walk visits leaves in order until the visitor returns false, beginning with the
// one in which the key is or would be.
func (t *tree) walk(from []byte, visit func(leaf *page) (bool, error)) error {
	return t.walkPast(from, visit, func(err error) error { return err })
}

// walkPast is walk that goes on beyond what is damaged where broken returns nil.
func (t *tree) walkPast(from []byte, visit func(leaf *page) (bool, error), broken func(error) error) error {
	w := walking{tree: t, from: from, visit: visit, broken: broken}
	_, err := w.page(t.root, nil, 0)
	return err
}

type walking struct {
	*tree
	from   []byte
	visit  func(leaf *page) (bool, error)
	broken func(error) error
}

func (w *walking) page(p page, limit []byte, depth int) (more bool, err error) {
	if err := w.level(&p, depth); err != nil {
		return true, w.broken(err)
	}
	if p.leaf {
		return w.visit(&p)
	}
	for i := p.route(w.from); i < p.n; i++ {
		c, below, err := w.child(&p, i, limit)
		if err != nil {
			if err := w.broken(err); err != nil {
				return false, err
			}
			continue
		}
		if more, err := w.page(c, below, depth+1); !more || err != nil {
			return false, err
		}
	}
	return true, nil
}

// descend goes down to a leaf by the elements that choose picks.
func (t *tree) descend(choose func(*page) int) (p page, depth int, err error) {
	p = t.root
	for limit := []byte(nil); ; depth++ {
		if err := t.level(&p, depth); p.leaf || err != nil {
			return p, depth, err
		}
		if p, limit, err = t.child(&p, choose(&p), limit); err != nil {
			return p, depth, err
		}
	}
}
