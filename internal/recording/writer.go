package recording

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/footfall/footfall/signals"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

const writeSize = 64 << 10

// Writer writes a recording. After an error every later call returns it.
type Writer struct {
	path string
	file *os.File
	zip  compressor // nil for a plain recording
	text *bufio.Writer
	line []byte
	wire []byte
	err  error
}

type compressor interface {
	io.WriteCloser
	Flush() error
}

// Create begins a recording at path, compressed as its name says: .gz, .zst, else
// plain. It never writes over a file that holds anything, and gives access to nobody
// but the owner: where people went is theirs.
func Create(path string) (*Writer, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	w, err := newWriter(f, path)
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return w, nil
}

func newWriter(f *os.File, path string) (w *Writer, err error) {
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() && info.Size() > 0 {
		return nil, errors.New("exists already; remove it or record into another file")
	}
	w = &Writer{path: path, file: f}
	switch encodingFor(path) {
	case gzipped:
		w.zip = gzip.NewWriter(f)
	case zstdised:
		if w.zip, err = zstd.NewWriter(f, zstd.WithEncoderConcurrency(1)); err != nil {
			return nil, err
		}
	case plain:
		w.text = bufio.NewWriterSize(f, writeSize)
		return w, nil
	}
	w.text = bufio.NewWriterSize(w.zip, writeSize)
	return w, nil
}

// Write adds one line: a message object as it was on the wire, received at time, in
// Unix microseconds. The message must be one that [signals.Decode] takes, else the
// line cannot be read back; that is the caller's to see to.
func (w *Writer) Write(time int64, message []byte) error {
	if w.err != nil {
		return w.err
	}
	if !inRange(time) {
		return fmt.Errorf("%s: the time %d µs is outside the years 1970 to 2200", w.path, time)
	}
	w.line = append(w.line[:0], `{"time":"`...)
	w.line = appendTime(w.line, time)
	w.line = append(w.line, `","message":`...)
	w.line = append(w.line, onOneLine(message)...)
	w.line = append(w.line, "}\n"...)
	if _, err := w.text.Write(w.line); err != nil {
		w.fail(err)
	}
	return w.err
}

// WriteMessage adds m as it goes over the wire, at m.Time.
func (w *Writer) WriteMessage(m *signals.Message) error {
	w.wire = signals.Append(w.wire[:0], m)
	return w.Write(m.Time, w.wire)
}

// Flush hands everything written so far to the operating system, in a form that can
// be read up to there.
func (w *Writer) Flush() error {
	if w.err != nil {
		return w.err
	}
	err := w.text.Flush()
	if err == nil && w.zip != nil {
		err = w.zip.Flush()
	}
	if err != nil {
		w.fail(err)
	}
	return w.err
}

// Close ends the recording and returns when it is on the disk.
func (w *Writer) Close() error {
	if w.file == nil {
		return w.err
	}
	if w.err == nil {
		w.finish()
	}
	if err := w.file.Close(); err != nil && w.err == nil {
		w.fail(err)
	}
	w.file = nil
	err := w.err
	if err == nil {
		w.err = fmt.Errorf("%s: %w", w.path, errClosed)
	}
	return err
}

func (w *Writer) finish() {
	err := w.text.Flush()
	if err == nil && w.zip != nil {
		err = w.zip.Close()
	}
	if err == nil {
		err = syncFile(w.file)
	}
	if err != nil {
		w.fail(err)
	}
}

func (w *Writer) fail(err error) {
	if !errors.As(err, new(*os.PathError)) { // which names the file itself
		err = fmt.Errorf("%s: %w", w.path, err)
	}
	w.err = err
}

// syncFile puts a regular file on the disk; a pipe has none.
func syncFile(f *os.File) error {
	if info, err := f.Stat(); err == nil && !info.Mode().IsRegular() {
		return nil
	}
	return f.Sync()
}

// onOneLine replaces line breaks, which JSON allows between tokens only.
func onOneLine(message []byte) []byte {
	if bytes.IndexByte(message, '\n') < 0 {
		return message
	}
	return bytes.ReplaceAll(message, []byte{'\n'}, []byte{' '})
}
