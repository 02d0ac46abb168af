package recording

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"github.com/footfall/footfall/signals"
)

const (
	// MaxLine is the longest line, its line break not included, in bytes.
	MaxLine = 1 << 20
	// MaxStepBack is how far a line's time may lie before the latest one, in
	// microseconds, and still be taken at the latest time.
	MaxStepBack = 10 * microsPerSecond
	// MaxStepForward is how far a line's time may lie after the latest one, in
	// microseconds: 366 days. A longer step is a wrong stamp, which would have
	// every minute up to it counted as empty.
	MaxStepForward = 366 * secondsPerDay * microsPerSecond

	readSize   = 64 << 10 // from the file
	bufferSize = 64 << 10 // of text: small enough to stay in the cache
)

var errClosed = errors.New("the recording is closed")

// Reader reads the messages of one recording in file order.
type Reader struct {
	name   string
	in     counter
	lines  *bufio.Reader
	ahead  *ahead    // nil for a plain recording
	unzip  io.Closer // nil for a plain recording
	file   io.Closer // nil where the caller opened the source
	parser parser
	long   []byte // a line that does not fit into the buffer of lines

	line      int64
	latest    int64
	started   bool
	stepsBack int64
	err       error // what ended the reading
	whole     bool  // the reading ended at the recording's end
	closed    bool
}

// Open opens the recording at path.
func Open(path string) (*Reader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	r, err := openFile(f, path)
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	r.file = f
	return r, nil
}

func openFile(f *os.File, path string) (*Reader, error) {
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, fmt.Errorf("%s: is a directory, not a recording", path)
	}
	return NewReader(f, path)
}

// NewReader reads a recording from src, which the caller closes after Close. Errors
// are told under name. It reads the first bytes of src at once; a header that is
// cut or damaged is a [*StreamError].
func NewReader(src io.Reader, name string) (*Reader, error) { return NewLimited(src, name, 0) }

// NewLimited is NewReader for a recording of at most so many bytes of text, its
// compression undone; 0 is no limit. A longer one ends with a [*StreamError] of
// [ErrTooLong].
func NewLimited(src io.Reader, name string, limit int64) (*Reader, error) {
	r := &Reader{name: name}
	r.in.src = src
	head := bufio.NewReaderSize(&r.in, readSize)
	text, closer, kind, err := decompress(head, name)
	if err != nil {
		return nil, &StreamError{name, 1, err}
	}
	r.unzip = closer
	if limit > 0 {
		text = &limited{text, limit}
	}
	if closer != nil {
		r.ahead = newAhead(faulty{text, kind})
		text = r.ahead
	}
	r.lines = bufio.NewReaderSize(text, bufferSize)
	return r, nil
}

// Next reads the next message into m, its Time set. The error is [io.EOF] at the end,
// a [*LineError] for a malformed line, after which Next goes on with the line after
// it, or a [*StreamError], which stays. After an error m holds nothing of use.
func (r *Reader) Next(m *signals.Message) error {
	for {
		line, err := r.readLine()
		if err != nil {
			return err
		}
		if len(line) == 0 {
			continue
		}
		at, reason := r.parser.parse(line, m)
		if reason == "" {
			at, reason = r.tick(at)
		}
		if reason != "" {
			return r.malformed(reason)
		}
		m.Time = at
		return nil
	}
}

// Raw is the message object of the line that Next read last, as it stood in the
// file. It is valid until the next call of Next.
func (r *Reader) Raw() []byte { return r.parser.raw }

// Lines is the number of lines read so far, blank and malformed ones included,
// and so the number of the line that Next read last.
func (r *Reader) Lines() int64 { return r.line }

// StepsBack is the number of messages that were taken at a later time than the
// recording says, because their time lay before the latest one.
func (r *Reader) StepsBack() int64 { return r.stepsBack }

// BytesRead is the number of bytes read from the file so far, as compressed, which
// runs a little ahead of the lines. Any goroutine may call it.
func (r *Reader) BytesRead() int64 { return r.in.n.Load() }

// Close ends the reading and the Reader's goroutine, and closes the file if Open
// opened it. If the source blocks, Close waits for the Read under way.
func (r *Reader) Close() error {
	if r.closed {
		return nil
	}
	r.closed, r.err = true, errClosed
	var err error
	if r.file != nil {
		err = r.file.Close() // first, so that a blocked Read returns
	}
	if r.ahead != nil {
		r.ahead.close()
	}
	if r.unzip != nil {
		_ = r.unzip.Close() // of a stream that is done with
	}
	return err
}

// readLine returns the next line without its line break and outer white space.
func (r *Reader) readLine() ([]byte, error) {
	if r.err != nil {
		return nil, r.err
	}
	line, err := r.lines.ReadSlice('\n')
	if len(line) > 0 || err == nil {
		r.line++
	}
	if err != nil {
		if line, err = r.unusual(line, err); err != nil {
			return nil, err
		}
	}
	line = bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
	if len(line) > MaxLine {
		return nil, r.malformed(tooLong)
	}
	if r.line == 1 {
		line = bytes.TrimPrefix(line, []byte("\ufeff"))
	}
	return trim(line), nil
}

// unusual is the rest of a line whose end was not found, and why the line cannot be
// had, if so. A last line without a line break is as good as any.
func (r *Reader) unusual(line []byte, err error) ([]byte, error) {
	if errors.Is(err, bufio.ErrBufferFull) {
		line, err = r.readLong(line)
	}
	if err == nil {
		return line, nil
	}
	r.ended(err, len(line) > 0)
	if len(line) > 0 && r.whole {
		return line, nil
	}
	return nil, r.err
}

const tooLong = "the line is longer than 1 MiB"

// readLong reads the rest of a line that does not fit into the buffer, and keeps of
// it as much as shows that it is too long.
func (r *Reader) readLong(begin []byte) ([]byte, error) {
	r.long = append(r.long[:0], begin...)
	for {
		more, err := r.lines.ReadSlice('\n')
		if len(r.long) <= MaxLine+len("\r\n") {
			r.long = append(r.long, more...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return r.long, err
		}
	}
}

// ended keeps what ended the reading: the end of the text, or of all that can be
// read, which inLine says was in the middle of a line.
func (r *Reader) ended(err error, inLine bool) {
	if err == io.EOF { //nolint:errorlint // one that is wrapped is the damage of a stream
		r.err, r.whole = err, true
		return
	}
	line := r.line
	if !inLine {
		line++
	}
	r.err = &StreamError{r.name, line, err}
}

// tick moves the Reader's clock on to a line's time.
func (r *Reader) tick(at int64) (int64, string) {
	switch back := r.latest - at; {
	case r.started && -back > MaxStepForward:
		return 0, fmt.Sprintf("the time steps forward by %d days, from %s to %s; at most 366 are taken",
			-back/(secondsPerDay*microsPerSecond), appendTime(nil, r.latest), appendTime(nil, at))
	case !r.started || back <= 0:
		r.latest, r.started = at, true
	case back <= MaxStepBack:
		r.stepsBack++
	default:
		return 0, fmt.Sprintf("the time steps back by %s, from %s to %s; at most 10s is taken",
			time.Duration(back)*time.Microsecond, appendTime(nil, r.latest), appendTime(nil, at))
	}
	return r.latest, ""
}

func (r *Reader) malformed(reason string) error {
	return &LineError{r.name, r.line, reason}
}

// trim cuts off the white space of JSON on both sides.
func trim(line []byte) []byte {
	for len(line) > 0 && isSpace(line[len(line)-1]) {
		line = line[:len(line)-1]
	}
	for len(line) > 0 && isSpace(line[0]) {
		line = line[1:]
	}
	return line
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

// counter counts the bytes that pass through.
type counter struct {
	src io.Reader
	n   atomic.Int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.src.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// ErrTooLong means that a recording has more text than NewLimited was told to read.
var ErrTooLong = errors.New("the recording is too long")

// limited fails where there is more than left bytes.
type limited struct {
	io.Reader
	left int64
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.Reader.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return 0, ErrTooLong
	}
	return n, err
}

// faulty says of a decompressor's errors which encoding they are about.
type faulty struct {
	io.Reader
	encoding encoding
}

func (f faulty) Read(p []byte) (int, error) {
	n, err := f.Reader.Read(p)
	if err != nil && err != io.EOF && !errors.Is(err, ErrTooLong) {
		err = &encodingError{f.encoding, err}
	}
	return n, err
}

// Size is the sum of the files' sizes in bytes, as they lie on disk: what
// [Reader.BytesRead] of all of them comes to in the end.
func Size(paths ...string) (int64, error) {
	var sum int64
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return 0, err
		}
		sum += info.Size()
	}
	return sum, nil
}
