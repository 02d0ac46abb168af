package boltstore

import (
	"hash/fnv"
	"io"
)

// header is one of the two pages with which a bbolt file begins (a "meta page");
// the one of the later transaction is the database.
type header struct {
	pageSize int
	root     uint64 // page of the bucket of buckets
	free     uint64 // page of the list of free pages
	pages    uint64 // pages in use or free: the file has at least these
	txid     uint64
}

const (
	headerLength  = 64
	boltMagic     = 0xED0CDAED
	boltVersion   = 2
	noFreelist    = ^uint64(0)
	minPageSize   = 1 << 10 // the least that bbolt looks for
	maxPageSize   = 16 << 20
	headerAt      = pageHead // in its page
	headerReaches = headerAt + headerLength
)

// readHeader reads what stands behind the head of a header page.
func readHeader(page []byte) (h header, magic, sound bool) {
	b := page[headerAt:headerReaches]
	if native.Uint32(b) != boltMagic {
		return h, false, false
	}
	sum := fnv.New64a()
	sum.Write(b[:headerLength-8])
	if native.Uint32(b[4:]) != boltVersion || native.Uint64(b[headerLength-8:]) != sum.Sum64() {
		return h, true, false
	}
	h = header{
		pageSize: int(native.Uint32(b[8:])),
		root:     native.Uint64(b[16:]), free: native.Uint64(b[32:]),
		pages: native.Uint64(b[40:]), txid: native.Uint64(b[48:]),
	}
	return h, true, h.pageSize >= minPageSize && h.pageSize <= maxPageSize && h.pageSize&(h.pageSize-1) == 0
}

// headers are the sound ones among a file's two.
type headers struct {
	sound []header
	magic bool // at least one looks like bbolt's
}

// readHeaders reads both headers of a file of this size. Where the first is
// damaged the page size is not known, and the second is looked for.
func readHeaders(f io.ReaderAt, size int64) (hs headers, err error) {
	first, err := hs.read(f, size, 0)
	if err != nil {
		return hs, err
	}
	if first != nil {
		_, err = hs.read(f, size, int64(first.pageSize))
		return hs, err
	}
	for at := int64(minPageSize); at <= maxPageSize; at *= 2 {
		if h, err := hs.read(f, size, at); h != nil || err != nil {
			return hs, err
		}
	}
	return hs, nil
}

func (hs *headers) read(f io.ReaderAt, size, at int64) (*header, error) {
	var b [headerReaches]byte
	there := max(min(size-at, headerReaches), 0)
	if _, err := f.ReadAt(b[:there], at); err != nil {
		return nil, err
	}
	h, magic, sound := readHeader(b[:])
	hs.magic = hs.magic || magic
	if !sound {
		return nil, nil
	}
	hs.sound = append(hs.sound, h)
	return &h, nil
}

// newest is the header that counts.
func (hs *headers) newest() header {
	h := hs.sound[0]
	for _, other := range hs.sound[1:] {
		if other.txid > h.txid {
			h = other
		}
	}
	return h
}
