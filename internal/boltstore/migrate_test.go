package boltstore

import (
	"errors"
	"os"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/footfall/footfall/analytics"
)

// older is a database of version 1 with a record.
func older(t *testing.T) string {
	t.Helper()
	path := made(t)
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error { return tx.Bucket([]byte(metaBucket)).Put(schemaKey, schemaValue(1)) })
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOlderVersionsAreBroughtUpToDate(t *testing.T) {
	path := older(t)
	for _, readOnly := range []bool{true, false, true} {
		s := open(t, path, Options{ReadOnly: readOnly})
		want(t, s, "k", "v")
		t.Logf("read only %v: version %d", readOnly, s.version)
		if !readOnly && s.version != schemaVersion {
			t.Errorf("version %d, want %d", s.version, schemaVersion)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	s := open(t, path, Options{ReadOnly: true})
	if s.version != schemaVersion {
		t.Errorf("version %d is stored, want %d", s.version, schemaVersion)
	}
	want(t, s, "k", "v")
}

// A step sees what the one before it did; where one fails, none has happened.
func TestMigrationsAreOneTransaction(t *testing.T) {
	change := func(key, from, to string) func(*bbolt.Tx) error {
		return func(tx *bbolt.Tx) error {
			bucket, stored := tx.Bucket(bucketName(analytics.Days)), appendKey(nil, key)
			if value, ok := readValue(uint8(analytics.Days), stored, bucket.Get(stored)); !ok || string(value) != from {
				return errors.New("it is " + string(value))
			}
			return bucket.Put(stored, appendValue(nil, uint8(analytics.Days), stored, []byte(to)))
		}
	}
	path := older(t)
	s, err := openAsIs(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	failed := errors.New("no more")
	err = s.migrate([]func(*bbolt.Tx) error{change("k", "v", "w"), nil, func(*bbolt.Tx) error { return failed }})
	if !errors.Is(err, failed) || !strings.Contains(err.Error(), path) || s.version != 1 {
		t.Errorf("version %d, %v", s.version, err)
	}
	want(t, s, "k", "v")
	if err := s.migrate([]func(*bbolt.Tx) error{change("k", "v", "w"), nil, change("k", "w", "x")}); err != nil {
		t.Fatal(err)
	}
	want(t, s, "k", "x")
	if s.version != 4 {
		t.Errorf("version %d, want 4", s.version)
	}
}

// Compact leaves the version what it is.
func TestCompactOfAnOlderVersion(t *testing.T) {
	path := older(t)
	if _, _, err := Compact(t.Context(), path, Options{}); err != nil {
		t.Fatal(err)
	}
	s := open(t, path, Options{ReadOnly: true})
	if want(t, s, "k", "v"); s.version != 1 {
		t.Errorf("version %d, want 1", s.version)
	}
}

func TestMigrationOfAFileThatCannotBeWritten(t *testing.T) {
	path := older(t)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := openAsIs(path, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.migrate(migrations); !errors.Is(err, ErrReadOnly) {
		t.Errorf("%v, want %v", err, ErrReadOnly)
	}
	if after, _ := os.ReadFile(path); string(after) != string(before) {
		t.Error("the file was touched")
	}
}
