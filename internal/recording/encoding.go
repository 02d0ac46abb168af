package recording

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// encoding is how the NDJSON of a recording is compressed.
type encoding string

const (
	plain    encoding = "plain"
	gzipped  encoding = "gzip"
	zstdised encoding = "zstd"
)

var (
	gzipMagic = []byte{0x1f, 0x8b}
	zstdMagic = []byte{0x28, 0xb5, 0x2f, 0xfd}
	// A Zstandard stream may begin with a skippable frame, 0x184D2A5? little endian.
	zstdSkippable = []byte{0x2a, 0x4d, 0x18}
)

const (
	// maxZstdWindow admits what `zstd --long` writes by default (2^27 bytes).
	maxZstdWindow = 128 << 20
	// maxMagic is the longest prefix that tells an encoding.
	maxMagic = 4
)

// encodingOf tells the encoding by a stream's first bytes.
func encodingOf(head []byte) encoding {
	switch {
	case bytes.HasPrefix(head, gzipMagic):
		return gzipped
	case bytes.HasPrefix(head, zstdMagic):
		return zstdised
	case len(head) >= maxMagic && head[0]&0xf0 == 0x50 && bytes.Equal(head[1:maxMagic], zstdSkippable):
		return zstdised
	}
	return plain
}

// encodingFor tells the encoding by a file's name.
func encodingFor(name string) encoding {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".gz":
		return gzipped
	case ".zst":
		return zstdised
	}
	return plain
}

// decompress returns the text of r, and how r is encoded. The returned closer may
// be nil. A stream too short to tell that is named as a compressed one was cut.
func decompress(r *bufio.Reader, name string) (io.Reader, io.Closer, encoding, error) {
	head, err := r.Peek(maxMagic)
	if err != nil && err != io.EOF {
		return nil, nil, plain, err
	}
	kind := encodingOf(head)
	if named := encodingFor(name); kind == plain && named != plain && cutMagic(head, named) {
		return nil, nil, named, &encodingError{named, io.ErrUnexpectedEOF}
	}
	switch kind {
	case gzipped:
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, nil, kind, fault(kind, err)
		}
		return z, z, kind, nil
	case plain:
	case zstdised:
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxZstdWindow))
		if err != nil {
			return nil, nil, kind, fault(kind, err)
		}
		closer := z.IOReadCloser()
		return closer, closer, kind, nil
	}
	return r, nil, kind, nil
}

// cutMagic reports whether head is what is left of an encoding's first bytes.
func cutMagic(head []byte, named encoding) bool {
	magic := gzipMagic
	if named == zstdised {
		magic = zstdMagic
	}
	return len(head) < len(magic) && bytes.HasPrefix(magic, head)
}

// fault wraps an error of a decompressor; an end in the middle of a header is a cut.
func fault(kind encoding, err error) error {
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return &encodingError{kind, err}
}
