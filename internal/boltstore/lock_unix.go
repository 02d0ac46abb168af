//go:build !windows && !plan9 && !solaris && !aix && !android

package boltstore

import (
	"fmt"
	"os"
	"syscall"
	"time"
)

const lockRetry = 10 * time.Millisecond

// lock takes the lock that bbolt is going to take, so that the file can be looked
// at while nobody writes it.
func lock(f *os.File, exclusive bool, timeout time.Duration) error {
	how := syscall.LOCK_SH
	if exclusive {
		how = syscall.LOCK_EX
	}
	for start := time.Now(); ; time.Sleep(lockRetry) {
		switch err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB); {
		case err == nil:
			return nil
		case err != syscall.EWOULDBLOCK && err != syscall.EINTR:
			return fmt.Errorf("cannot be locked: %w", err)
		case time.Since(start) >= timeout:
			return errLocked
		}
	}
}

// unlock gives the lock back. Closing the file does not while it is mapped.
func unlock(f *os.File) { syscall.Flock(int(f.Fd()), syscall.LOCK_UN) }
