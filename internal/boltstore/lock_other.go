//go:build windows || plan9 || solaris || aix || android

package boltstore

import (
	"os"
	"time"
)

// lock leaves it to bbolt to lock the file.
func lock(*os.File, bool, time.Duration) error { return nil }

func unlock(*os.File) {}
