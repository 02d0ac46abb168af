package boltstore

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/footfall/footfall/analytics"
)

// patient is a closed database to be damaged: table minutes has the even numbers
// below 4,000, in a tree of three levels; there are free pages too.
type patient struct {
	path  string
	whole []byte
	snapshot
}

func patientKey(i int) []byte { return fmt.Appendf(nil, "%06d", i) }

func newPatient(t *testing.T) *patient {
	t.Helper()
	p := &patient{path: filepath.Join(t.TempDir(), "footfall.db")}
	if err := fill(p.path, &bbolt.Options{PageSize: 1024, NoSync: true, FreelistType: bbolt.FreelistMapType}, schemaVersion); err != nil {
		t.Fatal(err)
	}
	s := open(t, p.path, Options{NoSync: true})
	for round := range 3 {
		b := &analytics.Batch{}
		for i := 0; i < 4_000; i += 2 {
			b.Put(analytics.Minutes, patientKey(i), fmt.Appendf(nil, "%040d", round))
		}
		applyAll(t, s, b)
	}
	s.Close()
	p.whole = readPages(t, p.path)
	hs, err := readHeaders(bytes.NewReader(p.whole), int64(len(p.whole)))
	if err != nil {
		t.Fatal(err)
	}
	p.snapshot = snapshot{header: hs.newest(), source: mapped(p.whole)}
	list, err := p.raw(p.free)
	if err == nil {
		p.unused, err = readFreelist(list)
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func applyAll(t testing.TB, s *Store, b *analytics.Batch) {
	t.Helper()
	if err := s.Apply(b); err != nil {
		t.Fatal(err)
	}
}

// tree is the tree of table minutes, whose bytes are those of the file.
func (p *patient) tree(t *testing.T) *tree {
	t.Helper()
	tree, err := p.openTable(bucketName(analytics.Minutes))
	if err != nil {
		t.Fatal(err)
	}
	if tree.root.leaf || p.under(t, tree.root, 1).leaf {
		t.Fatal("not three levels")
	}
	return tree
}

func (p *patient) under(t *testing.T, branch page, i int) page {
	t.Helper()
	c, err := p.page(branch.child(i), 0)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// setChild changes where an element of a branch points to.
func setChild(branch page, i int, id uint64) {
	native.PutUint64(branch.b[pageHead+i*elementSize+8:], id)
}

func (p *patient) open(t *testing.T) *Store {
	t.Helper()
	if err := os.WriteFile(p.path, p.whole, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, p.path, Options{NoSync: true})
}

// examine reads and writes what is damaged, by a key there, and what is not.
func examine(t *testing.T, s *Store, key []byte) {
	t.Helper()
	var before []byte
	err := s.View(func(v analytics.View) error {
		value, err := v.Get(analytics.Minutes, key)
		if !errors.Is(err, ErrDamaged) {
			t.Errorf("Get: %q, %v", value, err)
		}
		next := 0
		err = v.Scan(analytics.Minutes, nil, nil, func(k, value []byte) error {
			if !bytes.Equal(k, patientKey(next)) || string(value) != fmt.Sprintf("%040d", 2) {
				t.Errorf("Scan gives %q, %q; want %d", k, value, next)
			}
			before, next = bytes.Clone(k), next+2
			return nil
		})
		if !errors.Is(err, ErrDamaged) {
			t.Errorf("Scan, after %q: %v", before, err)
		}
		err = v.Scan(analytics.Minutes, key, append(key, 0), func([]byte, []byte) error { return nil })
		if !errors.Is(err, ErrDamaged) {
			t.Errorf("Scan of one key: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	set(t, s, "in another table", "all is well")
	want(t, s, "in another table", "all is well")
	if s.Err() != nil {
		t.Errorf("Err: %v", s.Err())
	}
}

// wantUnwritable wants Apply to refuse what it would have to write into damage,
// whatever else is in the batch.
func wantUnwritable(t *testing.T, s *Store, key []byte) {
	t.Helper()
	for _, value := range [][]byte{[]byte("new"), nil} {
		b := &analytics.Batch{}
		b.Put(analytics.Minutes, key, value)
		b.Put(analytics.Days, []byte("beside it"), []byte("x"))
		if err := s.Apply(b); !errors.Is(err, ErrDamaged) {
			t.Errorf("Apply: %v", err)
		}
		want(t, s, "beside it", "")
	}
}

func TestDamagedValue(t *testing.T) {
	p := newPatient(t)
	middle := p.under(t, p.tree(t).root, 1)
	leaf := p.under(t, middle, 2)
	stored, value := leaf.record(3)
	value[10] ^= 1
	key := bytes.Clone(stored[1:])
	var log bytes.Buffer
	s := p.open(t)
	s.log = slog.New(slog.NewTextHandler(&log, nil))
	examine(t, s, key)

	err := s.View(func(v analytics.View) error {
		_, err := v.Get(analytics.Minutes, key)
		return err
	})
	var damage *Damage
	if !errors.As(err, &damage) || damage.Table != "minutes" || !bytes.Equal(damage.Key, key) || damage.Path != p.path {
		t.Errorf("%v: %+v", err, damage)
	}
	b := &analytics.Batch{} // writing it anew heals it, beside it is no harm
	b.Put(analytics.Minutes, key, fmt.Appendf(nil, "%040d", 2))
	applyAll(t, s, b)
	if said := log.String(); strings.Count(said, "was written over") != 1 || strings.Count(said, "restore a backup") != 1 || !strings.Contains(said, fmt.Sprintf("table=minutes key=%x", key)) {
		t.Errorf("it was said: %q", said)
	}
	applyAll(t, s, b)
	if err := s.View(func(v analytics.View) error {
		return v.Scan(analytics.Minutes, nil, nil, func([]byte, []byte) error { return nil })
	}); err != nil {
		t.Error(err)
	}
}

// TestDamagedKey makes a key another one that is in order there: what was its
// own is not simply absent.
func TestDamagedKey(t *testing.T) {
	for _, at := range []int{0, 1, 5, -1} {
		for _, by := range []byte{1, 255} { // to the odd numbers beside it
			p := newPatient(t)
			leaf := p.under(t, p.under(t, p.tree(t).root, 1), 2)
			if at < 0 {
				at = leaf.n - 1
			}
			stored := leaf.key(at)
			key := bytes.Clone(stored[1:])
			stored[len(stored)-1] += by
			examine(t, p.open(t), key)
		}
	}
}

// TestKeyBeyond makes the last key of a leaf one that belongs into another.
func TestKeyBeyond(t *testing.T) {
	p := newPatient(t)
	leaf := p.under(t, p.under(t, p.tree(t).root, 1), 2)
	stored := leaf.key(leaf.n - 1)
	key := bytes.Clone(stored[1:])
	stored[1]++
	s := p.open(t)
	examine(t, s, key)
	wantUnwritable(t, s, key)
}

// TestDamagedBranch changes the key that a branch has for a child, so that keys
// at the border are looked for on the wrong side.
func TestDamagedBranch(t *testing.T) {
	p := newPatient(t)
	middle := p.under(t, p.tree(t).root, 1)
	stored := middle.key(2)
	key := bytes.Clone(stored[1:])
	stored[len(stored)-1]++
	s := p.open(t)
	examine(t, s, key)
}

// TestStrayPointers lets a branch point to pages that are sound in themselves.
func TestStrayPointers(t *testing.T) {
	for name, stray := range map[string]func(t *testing.T, p *patient, root, middle page) uint64{
		"up":         func(_ *testing.T, _ *patient, root, _ page) uint64 { return native.Uint64(root.b) },
		"itself":     func(_ *testing.T, _ *patient, _, middle page) uint64 { return native.Uint64(middle.b) },
		"a sibling":  func(_ *testing.T, _ *patient, _, middle page) uint64 { return middle.child(3) },
		"the list":   func(_ *testing.T, p *patient, _, _ page) uint64 { return p.free },
		"a header":   func(*testing.T, *patient, page, page) uint64 { return 1 },
		"the end":    func(_ *testing.T, p *patient, _, _ page) uint64 { return p.pages },
		"far beyond": func(*testing.T, *patient, page, page) uint64 { return 1 << 62 },
		"an old copy": func(t *testing.T, p *patient, _, middle page) uint64 {
			id := p.unused.id(0)
			old := p.whole[int(id)*p.pageSize:][:p.pageSize]
			copy(old, p.under(t, middle, 2).b)
			native.PutUint64(old, id)
			return id
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPatient(t)
			root := p.tree(t).root
			middle := p.under(t, root, 1)
			key := bytes.Clone(middle.key(2)[1:])
			setChild(middle, 2, stray(t, p, root, middle))
			s := p.open(t)
			examine(t, s, key)
			wantUnwritable(t, s, key)
		})
	}
}

// TestCircle has the leftmost branch point to itself, where no key bounds it.
func TestCircle(t *testing.T) {
	p := newPatient(t)
	first := p.under(t, p.tree(t).root, 0)
	setChild(first, 0, native.Uint64(first.b))
	s := p.open(t)
	examine(t, s, patientKey(0))
	wantUnwritable(t, s, patientKey(0))
}

// TestSkippedLevel has the root point past a branch to the first leaf under it.
func TestSkippedLevel(t *testing.T) {
	for _, at := range []int{0, 1, -1} {
		p := newPatient(t)
		root := p.tree(t).root
		if at < 0 {
			at = root.n - 1
		}
		middle := p.under(t, root, at)
		key := bytes.Clone(middle.key(1)[1:]) // in the leaf that is skipped
		setChild(root, at, middle.child(0))
		s := p.open(t)
		examine(t, s, key)
		wantUnwritable(t, s, key)
	}
}

// bucketHeader is where the root has the header of a table's bucket.
func (p *patient) bucketHeader(t *testing.T, table analytics.Table) []byte {
	t.Helper()
	root, err := p.page(p.root, bucketElement)
	if err != nil {
		t.Fatal(err)
	}
	for i := range root.n {
		if name, header := root.record(i); string(name) == table.String() {
			return header
		}
	}
	t.Fatal("no such bucket")
	return nil
}

// TestPartForWhole gives a table the root of a part of its tree, and no root.
func TestPartForWhole(t *testing.T) {
	for _, part := range []int{0, 1, -1, -2} {
		p := newPatient(t)
		root, id := p.tree(t).root, uint64(0)
		switch part {
		case -2:
		case -1:
			id = root.child(root.n - 1)
		default:
			id = root.child(part)
		}
		native.PutUint64(p.bucketHeader(t, analytics.Minutes), id)
		s := p.open(t)
		examine(t, s, patientKey(2_000))
		wantUnwritable(t, s, patientKey(2_000))
	}
}

// TestDamagedSmallTable damages each byte of a table that is in its header.
func TestDamagedSmallTable(t *testing.T) {
	p := newPatient(t)
	header := p.bucketHeader(t, analytics.People)
	for i := range header {
		if i >= 8 && i < 16 {
			continue // a number that nothing depends on
		}
		header[i] ^= 0x55
		s := p.open(t)
		header[i] ^= 0x55
		err := s.View(func(v analytics.View) error {
			return v.Scan(analytics.People, nil, nil, func([]byte, []byte) error { return nil })
		})
		if !errors.Is(err, ErrDamaged) {
			t.Errorf("byte %d: %v", i, err)
		}
		s.Close()
	}
}

// TestDamagedHead changes what a leaf says about itself.
func TestDamagedHead(t *testing.T) {
	for name, change := range map[string]func(p *patient, leaf page){
		"a record less":  func(_ *patient, leaf page) { native.PutUint16(leaf.b[10:], uint16(leaf.n-1)) },
		"a record more":  func(_ *patient, leaf page) { native.PutUint16(leaf.b[10:], uint16(leaf.n+1)) },
		"no record":      func(_ *patient, leaf page) { native.PutUint16(leaf.b[10:], 0) },
		"another number": func(_ *patient, leaf page) { leaf.b[0]++ },
		"a bucket":       func(_ *patient, leaf page) { leaf.b[pageHead+elementSize] = bucketElement },
		"another type":   func(_ *patient, leaf page) { native.PutUint16(leaf.b[8:], branchFlag) },
		"longer":         func(_ *patient, leaf page) { native.PutUint32(leaf.b[12:], 1) },
		"far too long":   func(p *patient, leaf page) { native.PutUint32(leaf.b[12:], uint32(p.pages)) },
	} {
		t.Run(name, func(t *testing.T) {
			p := newPatient(t)
			leaf := p.under(t, p.under(t, p.tree(t).root, 1), 2)
			key := bytes.Clone(leaf.key(leaf.n - 1)[1:])
			change(p, leaf)
			s := p.open(t)
			examine(t, s, key)
			wantUnwritable(t, s, key)
		})
	}
}

// TestDamagedNeighbour deletes what makes bbolt merge a page with a damaged one.
func TestDamagedNeighbour(t *testing.T) {
	for _, at := range []int{0, 2} { // of the first page the next one, else the one before
		p := newPatient(t)
		middle := p.under(t, p.tree(t).root, 1)
		leaf, beside := p.under(t, middle, at), p.under(t, middle, 1)
		native.PutUint16(beside.b[10:], uint16(beside.n-1))
		b := &analytics.Batch{}
		for i := range leaf.n - 1 {
			b.Delete(analytics.Minutes, bytes.Clone(leaf.key(i)[1:]))
		}
		s := p.open(t)
		if err := s.Apply(b); !errors.Is(err, ErrDamaged) {
			t.Errorf("Apply: %v", err)
		}
	}
}

// TestDamagedFreelist refuses a list by which bbolt would write over live pages
// or lose itself.
func TestDamagedFreelist(t *testing.T) {
	for name, change := range map[string]func(p *patient, list []byte){
		"not a list":    func(_ *patient, list []byte) { native.PutUint16(list[8:], leafFlag) },
		"longer":        func(_ *patient, list []byte) { native.PutUint16(list[10:], 0xFFFE) },
		"absurd":        func(_ *patient, list []byte) { native.PutUint16(list[10:], 0xFFFF); native.PutUint64(list[16:], 1<<40) },
		"beyond":        func(p *patient, _ []byte) { native.PutUint64(p.unused[len(p.unused)-8:], p.pages) },
		"a header":      func(p *patient, _ []byte) { native.PutUint64(p.unused, 1) },
		"twice":         func(p *patient, _ []byte) { native.PutUint64(p.unused[8:], p.unused.id(0)) },
		"more overflow": func(_ *patient, list []byte) { native.PutUint32(list[12:], 7) },
	} {
		t.Run(name, func(t *testing.T) {
			p := newPatient(t)
			list, err := p.raw(p.free)
			if err != nil {
				t.Fatal(err)
			}
			change(p, list)
			if err := os.WriteFile(p.path, p.whole, 0o600); err != nil {
				t.Fatal(err)
			}
			refused(t, p.path, Options{}, ErrDamaged)
		})
	}
}

// TestLongFreelist reads a list whose count needs more than 16 bits, as bbolt
// writes it.
func TestLongFreelist(t *testing.T) {
	path := filepath.Join(t.TempDir(), "footfall.db")
	if err := fill(path, &bbolt.Options{PageSize: 1024, NoSync: true, FreelistType: bbolt.FreelistMapType}, schemaVersion); err != nil {
		t.Fatal(err)
	}
	s := open(t, path, Options{NoSync: true})
	for _, value := range [][]byte{make([]byte, 70_000*1024), nil} {
		b := &analytics.Batch{}
		b.Put(analytics.Minutes, []byte("k"), value)
		applyAll(t, s, b)
	}
	set(t, s, "k", "v")
	s.Close()
	s = open(t, path, Options{NoSync: true})
	tx, snap, err := s.begin()
	if err != nil {
		t.Fatal(err)
	}
	free := snap.unused.len()
	tx.Rollback()
	if free < 0xFFFF {
		t.Errorf("%d free pages", free)
	}
	set(t, s, "k", "w")
	want(t, s, "k", "w")
}
