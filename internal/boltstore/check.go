package boltstore

import (
	"fmt"
	"os"
)

// check refuses a file that bbolt would take for a new one, crash on, or that is
// not ours, by its sentence. It reads what bbolt trusts when it opens a file.
func (s *Store) check(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Size() == 0 {
		return fmt.Errorf("%w: restore a backup, or delete it and a new database is created", ErrEmpty)
	}
	hs, err := readHeaders(f, info.Size())
	if err != nil {
		return fmt.Errorf("cannot be read: %w", err)
	}
	switch {
	case !hs.magic:
		return foreign("")
	case len(hs.sound) == 0 && info.Size() < 2*minPageSize:
		return fmt.Errorf("%w to %d bytes: restore a backup", ErrTruncated, info.Size())
	case len(hs.sound) == 0:
		return &Damage{Path: s.path, What: "both header pages do not have their checksums"}
	}
	for _, h := range hs.sound {
		if info.Size()/int64(h.pageSize) < int64(h.pages) {
			return fmt.Errorf("%w to %d of %d bytes: restore a backup", ErrTruncated, info.Size(), int64(h.pages)*int64(h.pageSize))
		}
	}
	if s.version, err = checkSchema(f, hs.newest()); err != nil {
		return s.damaged(err)
	}
	if len(hs.sound) == 1 {
		s.log.Warn("one of the database's two header pages is damaged, the last commit may be missing", "path", s.path)
	}
	return nil
}

var errOthers = foreign(" but another program's")

// schema returns the stored version of the schema.
func (s *snapshot) schema() ([]byte, error) {
	root, err := s.raw(s.root)
	if err != nil {
		return nil, err
	}
	if native.Uint16(root[10:]) == 0 {
		return nil, errOthers // bbolt's, with nothing in it
	}
	meta, err := s.bucket([]byte(metaBucket))
	if err != nil {
		return nil, err
	}
	if meta == nil {
		return nil, errOthers
	}
	stored, err := meta.get(schemaKey)
	if err == nil && stored == nil {
		err = errOthers
	}
	return stored, err
}

// checkSchema checks that the database is ours and its list of free pages sound.
func checkSchema(f *os.File, h header) (version uint32, err error) {
	snap := &snapshot{header: h, source: unmapped{f}}
	stored, err := snap.schema()
	if err != nil {
		return 0, err
	}
	switch version, err = readSchema(stored); {
	case err != nil:
		return 0, err
	case version == 0:
		return 0, errOthers
	case version > schemaVersion:
		return 0, fmt.Errorf("%w: use that one (its schema is %d, this one knows %d)", ErrNewer, version, schemaVersion)
	}
	list, err := snap.raw(h.free)
	if err != nil {
		return 0, err
	}
	free, err := readFreelist(list)
	if err != nil {
		return 0, err
	}
	return version, free.check(h.free, len(list)/h.pageSize, h)
}
