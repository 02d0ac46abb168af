package boltstore

import (
	"bytes"
	"errors"
	"log/slog"
	"path/filepath"
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
		next := append(bytes.Clone(key), 0)
		if found := p.route(next); found != i && (found != i+1 || !bytes.Equal(p.key(found), next)) {
			t.Errorf("what follows key %d belongs under %d", i, found)
		}
	}
	if used != size || size > len(p.b) {
		t.Errorf("%d bytes used, %d found, of %d", used, size, len(p.b))
	}
}

// FuzzFile writes any bytes over any places of a file. What is read then is what was
// written, or an error that says that it is damaged. Four bytes are an edit: where, and
// what.
func FuzzFile(f *testing.F) {
	path := filepath.Join(f.TempDir(), "footfall.db")
	now, before := grow(f, path)
	whole := readPages(f, path)
	for _, at := range []int{0, 24, 40, 1024, 1064, 2048, 5000, 20_000} {
		f.Add([]byte{byte(at >> 16), byte(at >> 8), byte(at), 1})
		f.Add([]byte{byte(at >> 16), byte(at >> 8), byte(at), 0, byte(at >> 16), byte(at >> 8), byte(at + 1), 0xFF})
	}
	for at := 100; at < len(whole); at += 1500 { // headers, keys, values and what no page uses
		f.Add([]byte{byte(at >> 16), byte(at >> 8), byte(at), whole[at] ^ 1})
	}
	f.Fuzz(func(t *testing.T, edits []byte) {
		if len(edits) > 4*64 {
			return
		}
		damaged, allowed := bytes.Clone(whole), []*contents{now}
		for ; len(edits) >= 4; edits = edits[4:] {
			at := (int(edits[0])<<16 | int(edits[1])<<8 | int(edits[2])) % len(damaged)
			if damaged[at] = edits[3]; at < 2*1024 {
				allowed = []*contents{now, before} // a lost header is a lost commit
			}
		}
		hs, err := readHeaders(bytes.NewReader(damaged), int64(len(damaged)))
		if err != nil || len(hs.sound) == 0 {
			return // it is refused
		}
		h := hs.newest()
		if h.pages*uint64(h.pageSize) > uint64(len(damaged)) {
			return // truncated
		}
		readMapped(t, &snapshot{header: h, source: mapped(damaged)}, allowed)
	})
}

func readMapped(t *testing.T, snap *snapshot, allowed []*contents) {
	t.Helper()
	store := &Store{path: "fuzzed", log: slog.New(slog.DiscardHandler)}
	for i, c := range allowed {
		_, wrong := readAll(&view{snapshot: snap, store: store}, c)
		if wrong == nil || errors.Is(wrong, ErrDamaged) {
			return
		}
		if i == len(allowed)-1 {
			t.Fatal(wrong)
		}
	}
}

// FuzzSchema: of any bytes, the schema's version is read only from a record that is one.
func FuzzSchema(f *testing.F) {
	f.Add(schemaValue(schemaVersion))
	f.Add(schemaValue(99))
	f.Add(appendValue(nil, metaTable, schemaKey, []byte("somebody else's")))
	f.Add([]byte("short"))
	f.Fuzz(func(t *testing.T, stored []byte) {
		version, err := readSchema(stored)
		if err == nil && version != 0 && len(stored) == len(schemaValue(version)) && !bytes.Equal(stored, schemaValue(version)) {
			t.Fatalf("%x is version %d", stored, version)
		}
		if damage := flaw(""); err != nil && !errors.As(err, &damage) {
			t.Fatalf("%x: %v", stored, err)
		}
	})
}
