package boltstore

import "sort"

// freelist is the stored list of pages that are free as of one transaction:
// sorted page ids.
type freelist []byte

func (f freelist) len() int { return len(f) / 8 }

func (f freelist) id(i int) uint64 { return native.Uint64(f[8*i:]) }

func (f freelist) has(id uint64) bool {
	i := sort.Search(f.len(), func(i int) bool { return f.id(i) >= id })
	return i < f.len() && f.id(i) == id
}

// readFreelist reads a page of type freelist with its overflow pages. A count
// that needs more than 16 bits stands before the ids.
func readFreelist(b []byte) (freelist, error) {
	if native.Uint16(b[8:]) != freelistFlag {
		return nil, flaw("no list of free pages where it should be")
	}
	count, ids := uint64(native.Uint16(b[10:])), b[pageHead:]
	if count == 0xFFFF {
		count, ids = native.Uint64(ids), ids[8:]
	}
	if count > uint64(len(ids)/8) {
		return nil, flawf("a list of %d free pages that goes beyond its page", count)
	}
	return freelist(ids[:8*count]), nil
}

// check checks what bbolt takes on trust when it opens a file for writing.
func (f freelist) check(at uint64, pageCount int, h header) error {
	last := uint64(1)
	for i := range f.len() {
		id := f.id(i)
		if id <= last || id >= h.pages || id >= at && id < at+uint64(pageCount) {
			return flawf("page %d on the list of free pages", id)
		}
		last = id
	}
	// The room was taken before the list shrank by it.
	if need := (pageHead+8*(f.len()+pageCount+1))/h.pageSize + 1; pageCount > need {
		return flawf("a list of %d free pages on %d pages", f.len(), pageCount)
	}
	return nil
}
