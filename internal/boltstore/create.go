package boltstore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"

	"github.com/footfall/footfall/analytics"
)

var firstFence, lastFence = []byte{fenceFirst}, []byte{fenceLast}

// create makes an empty database under a name of its own and gives it its path
// when it is whole, unless there is one by then. A kill leaves at most a file
// PATH.new-* that nobody reads.
func create(path string, opts Options) error {
	if _, err := os.Stat(filepath.Dir(path)); err != nil {
		return fmt.Errorf("its folder: %w", errors.Unwrap(err))
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*") // of mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if err := f.Close(); err != nil {
		return err
	}
	if err := fill(f.Name(), &bbolt.Options{FreelistType: bbolt.FreelistMapType, NoSync: opts.NoSync}, schemaVersion); err != nil {
		return err
	}
	switch err := os.Link(f.Name(), path); {
	case err == nil:
		opts.Logger.Info("database created", "path", path)
	case errors.Is(err, fs.ErrExist):
		return nil // another process was faster
	default: // a file system without links
		if err := os.Rename(f.Name(), path); err != nil {
			return err
		}
	}
	return syncFolder(filepath.Dir(path))
}

// fill makes an empty file an empty database.
func fill(path string, opts *bbolt.Options, version uint32) error {
	db, err := bbolt.Open(path, 0o600, opts)
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		for t := range analytics.Tables {
			bucket, err := tx.CreateBucket(bucketName(t))
			if err != nil {
				return err
			}
			for _, fence := range [][]byte{firstFence, lastFence} {
				if err := bucket.Put(fence, appendValue(nil, uint8(t), fence, nil)); err != nil {
					return err
				}
			}
		}
		meta, err := tx.CreateBucket([]byte(metaBucket))
		if err != nil {
			return err
		}
		return meta.Put(schemaKey, schemaValue(version))
	})
	return errors.Join(err, db.Close())
}

// syncFolder makes a new name in a folder survive a power cut.
func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
