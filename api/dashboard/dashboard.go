// Package dashboard is the web page: its source in TypeScript, and what `make web` built
// of it, embedded, so that the program is whole without node.
package dashboard

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var built embed.FS

// Files are the built page: index.html and, under app, what it loads.
func Files() fs.FS {
	files, err := fs.Sub(built, "dist")
	if err != nil {
		panic(err) // only a malformed path
	}
	return files
}
