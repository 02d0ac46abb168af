package recording

import (
	"errors"
	"fmt"
	"io"
)

// LineError says what is wrong with one line of a recording. Reading may go on
// with the line after it.
type LineError struct {
	File   string // as given to Open or NewReader
	Line   int64  // from 1, blank lines included
	Reason string
}

func (e *LineError) Error() string {
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Reason)
}

// StreamError says why a recording cannot be read any further. Line is the one in
// which the stream broke off; all lines before it were read whole.
type StreamError struct {
	File string
	Line int64 // from 1, blank lines included
	Err  error
}

func (e *StreamError) Error() string {
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Err)
}

func (e *StreamError) Unwrap() error { return e.Err }

// encodingError names the encoding that could not be read, and why.
type encodingError struct {
	encoding encoding
	cause    error
}

func (e *encodingError) Error() string {
	if errors.Is(e.cause, io.ErrUnexpectedEOF) {
		return fmt.Sprintf("the %s stream is cut off here", e.encoding)
	}
	return fmt.Sprintf("the %s stream is damaged here: %s", e.encoding, e.cause)
}

func (e *encodingError) Unwrap() error { return e.cause }
