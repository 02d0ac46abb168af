package boltstore

import (
	"bytes"
	"testing"
)

// FuzzPage reads any bytes as a page, a list of free pages, a header and a
// record. What is taken for a page lies in its bytes and is in order.
func FuzzPage(f *testing.F) {
	leaf := []byte("\x07\x00\x00\x00\x00\x00\x00\x00" + "\x02\x00\x02\x00\x00\x00\x00\x00" +
		"\x00\x00\x00\x00\x20\x00\x00\x00\x01\x00\x00\x00\x04\x00\x00\x00" +
		"\x00\x00\x00\x00\x15\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00" + "aVALUbc")
	branch := []byte("\x07\x00\x00\x00\x00\x00\x00\x00" + "\x01\x00\x01\x00\x00\x00\x00\x00" +
		"\x10\x00\x00\x00\x01\x00\x00\x00\x09\x00\x00\x00\x00\x00\x00\x00" + "a")
	list := []byte("\x07\x00\x00\x00\x00\x00\x00\x00" + "\x10\x00\x02\x00\x00\x00\x00\x00" +
		"\x03\x00\x00\x00\x00\x00\x00\x00" + "\x05\x00\x00\x00\x00\x00\x00\x00")
	disordered := bytes.Replace(leaf, []byte("aVALU"), []byte("xVALU"), 1)
	longKey, longValue := bytes.Clone(leaf), bytes.Clone(leaf)
	longKey[pageHead+elementSize+8] = 0xFF
	longValue[pageHead+elementSize+12] = 0xFF
	for _, seed := range [][]byte{leaf, disordered, longKey, longValue, branch, list, nil} {
		f.Add(append(seed, make([]byte, headerReaches)...), uint32(0))
	}
	f.Fuzz(func(t *testing.T, b []byte, kind uint32) {
		if len(b) < headerReaches {
			return // a page has more
		}
		if p, used, err := readPage(b, kind); err == nil {
			checkPage(t, p, used)
		}
		if list, err := readFreelist(b); err == nil {
			list.has(7)
			list.check(7, 1, header{pages: 100, pageSize: 1024})
		}
		readHeader(b)
		if value, ok := readValue(1, b[:8], b[8:]); ok && !bytes.Equal(appendValue(nil, 1, b[:8], value), b[8:]) {
			t.Errorf("a record that was not written like this: %x", b)
		}
		if _, ok := readValue(1, b, b[:3]); ok {
			t.Error("three bytes with their checksum")
		}
	})
}

func checkPage(t *testing.T, p page, used int) {
	size := pageHead + p.n*elementSize
	for i := range p.n {
		key := p.key(i)
		if size += len(key); p.leaf {
			k, v := p.record(i)
			if size += len(v); !bytes.Equal(k, key) {
				t.Errorf("record %d has %q, not %q", i, k, key)
			}
		} else {
			p.child(i)
		}
		if found := p.search(key); found != i {
			t.Errorf("key %d is found at %d", i, found)
		}
		if found := p.route(append(key, 0)); found != i {
			t.Errorf("what follows key %d belongs under %d", i, found)
		}
	}
	if used != size || size > len(p.b) {
		t.Errorf("%d bytes used, %d found, of %d", used, size, len(p.b))
	}
}
