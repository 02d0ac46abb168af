//go:build !windows && !plan9

package boltstore

import (
	"io/fs"
	"os"
	"syscall"
)

// keepOwner gives a file the owner and group of another: who compacts as root does
// not lock the server out.
func keepOwner(f *os.File, of fs.FileInfo) error {
	mine, err := f.Stat()
	if err != nil {
		return err
	}
	want, ok := of.Sys().(*syscall.Stat_t)
	have, too := mine.Sys().(*syscall.Stat_t)
	if !ok || !too || want.Uid == have.Uid && want.Gid == have.Gid {
		return nil
	}
	return f.Chown(int(want.Uid), int(want.Gid))
}
