package boltstore

import (
	"bytes"
	"encoding/binary"
	"sort"
)

// A page of bbolt's, in the byte order of the machine:
//
//	0  id uint64, flags uint16, count uint16, overflow uint32
//	16 count elements of 16 bytes
//	   leaf:   flags, pos, key size, value size uint32
//	   branch: pos, key size uint32, page id uint64
//	.. keys, in a leaf each with its value, without a gap
//
// pos counts from the beginning of its element. A page that needs more room goes
// on into overflow pages behind it.
const (
	pageHead    = 16
	elementSize = 16

	branchFlag   = 0x01
	leafFlag     = 0x02
	headerFlag   = 0x04
	freelistFlag = 0x10

	bucketElement = 1 // flag of a leaf's element: its value is a bucket
)

var native = binary.NativeEndian

// page is a branch or a leaf that has been checked: all its elements lie in it,
// and its keys are in order.
type page struct {
	b    []byte
	n    int
	leaf bool
}

// readPage checks a page. kind is the flag that a leaf's elements must have.
func readPage(b []byte, kind uint32) (p page, used int, err error) {
	flags := native.Uint16(b[8:])
	p = page{b: b, n: int(native.Uint16(b[10:])), leaf: flags == leafFlag}
	if !p.leaf && flags != branchFlag {
		return p, 0, flawf("a page of type %#x where a branch or a leaf should be", flags)
	}
	used = pageHead + p.n*elementSize
	if p.n == 0 || used > len(b) {
		return p, 0, flawf("a page with %d elements", p.n)
	}
	for i, previous := 0, []byte(nil); i < p.n; i++ {
		e := b[pageHead+i*elementSize:][:elementSize]
		var pos, key, value uint32
		if p.leaf {
			pos, key, value = native.Uint32(e[4:]), native.Uint32(e[8:]), native.Uint32(e[12:])
			if native.Uint32(e) != kind {
				return p, 0, flawf("an element of type %#x", native.Uint32(e))
			}
		} else {
			pos, key = native.Uint32(e), native.Uint32(e[4:])
		}
		end := used + int(key)
		if pageHead+i*elementSize+int(pos) != used || key == 0 || end > len(b) {
			return p, 0, flaw("an element that points astray")
		}
		k := b[used:end]
		if bytes.Compare(previous, k) >= 0 {
			return p, 0, flaw("keys out of order")
		}
		previous = k
		if used = end + int(value); used > len(b) {
			return p, 0, flaw("a value that goes beyond its page")
		}
	}
	return p, used, nil
}

// element returns the offset of an element's key, and its sizes.
func (p *page) element(i int) (at, key, value int) {
	at = pageHead + i*elementSize
	e := p.b[at:][:elementSize]
	if p.leaf {
		return at + int(native.Uint32(e[4:])), int(native.Uint32(e[8:])), int(native.Uint32(e[12:]))
	}
	return at + int(native.Uint32(e)), int(native.Uint32(e[4:])), 0
}

func (p *page) key(i int) []byte {
	at, key, _ := p.element(i)
	return p.b[at : at+key : at+key]
}

// record returns a leaf's key and value.
func (p *page) record(i int) (k, v []byte) {
	at, key, value := p.element(i)
	at, end := at+key, at+key+value
	return p.b[at-key : at : at], p.b[at:end:end]
}

// child returns the page to which a branch's element points.
func (p *page) child(i int) uint64 {
	return native.Uint64(p.b[pageHead+i*elementSize+8:])
}

// search returns the first element with this key or a later one.
func (p *page) search(key []byte) int {
	return sort.Search(p.n, func(i int) bool { return bytes.Compare(p.key(i), key) >= 0 })
}

// route returns the element of a branch under which a key belongs.
func (p *page) route(key []byte) int {
	i := sort.Search(p.n, func(i int) bool { return bytes.Compare(p.key(i), key) > 0 })
	return max(i-1, 0)
}
