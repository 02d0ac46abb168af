//go:build !unix

package access

import "os"

// lockFile holds a file open; nothing keeps others from it here.
func lockFile(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
}
