package signals

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/gorilla/websocket"
)

// frameReader reads what the other side sends after the handshake (RFC 6455, section
// 5) into one buffer and hands out payloads as they lie there. Only a message of
// several frames, or of one that is larger than the buffer, is copied. It reads
// the network only when the buffer holds no whole frame.
type frameReader struct {
	src        io.Reader
	masked     bool  // frames are masked, as a client's must be and a server's must not
	kept, most int   // bytes of a message that are handed out, but for one; that it may have
	err        error // of src, once what came with it is used up
	buf        []byte
	begin, end int // buf[begin:end] is read and not handed out

	unfinished bool   // a message has begun whose last frame has not
	op         byte   // of that message
	size       int    // its bytes so far
	message    []byte // the first of them, at most kept+1
	key        [4]byte
}

// frameError is a frame that costs the connection.
type frameError struct {
	code int // to close with
	text string
}

func (e *frameError) Error() string { return e.text }

func protocolError(format string, args ...any) error {
	return &frameError{websocket.CloseProtocolError, "against the WebSocket protocol: " + fmt.Sprintf(format, args...)}
}

// tooLarge is a message of more than so many bytes.
func tooLarge(most int) error {
	size := fmt.Sprintf("%d KiB", most>>10)
	if most >= 1<<20 {
		size = fmt.Sprintf("%d MiB", most>>20)
	}
	return &frameError{websocket.CloseMessageTooBig, "the message is larger than " + size}
}

var errCut = errors.New("the connection was cut")

// newFrameReader makes a client's reader of what was read already and then of src.
func newFrameReader(src io.Reader, read []byte, size int) *frameReader {
	r := &frameReader{src: src, kept: MaxFrame, most: maxSkippedFrame, buf: make([]byte, max(size, handshakeBuffer))}
	r.end = copy(r.buf, read)
	return r
}

// newRequestReader makes a server's reader, for messages of at most so many bytes.
func newRequestReader(src io.Reader, most int) *frameReader {
	return &frameReader{src: src, masked: true, kept: most, most: most, buf: make([]byte, handshakeBuffer)}
}

// next returns the next message or control frame by its opcode. The payload is
// valid until the next call; of a message larger than is kept it may be only the
// beginning, which is still larger. Control frames come before a message in whose
// midst they were sent. Errors are final: a *frameError, errCut, or one of src.
func (r *frameReader) next() (op byte, payload []byte, err error) {
	b := r.buf[r.begin:r.end]
	if len(b) < 4 || b[0] != finalBit|opText || r.unfinished || r.masked {
		return r.general()
	}
	head, n := 2, int(b[1])
	if n == length16 {
		if head, n = 4, int(binary.BigEndian.Uint16(b[2:])); n < length16 {
			return r.general()
		}
	} else if n > length16 {
		return r.general()
	}
	if n > len(b)-head {
		return r.general()
	}
	r.begin += head + n
	return opText, b[head : head+n : head+n], nil
}

// general is next for frames of any form, whole in the buffer or not.
func (r *frameReader) general() (op byte, payload []byte, err error) {
	for {
		h, err := r.head()
		if err != nil {
			return 0, nil, err
		}
		if h.op >= opClose || h.final && !r.unfinished && h.n <= len(r.buf) {
			payload, err = r.take(h.n)
			r.unmask(payload, 0)
			return h.op, payload, err
		}
		if err := r.collect(h); err != nil {
			return 0, nil, err
		}
		if h.final {
			r.unfinished = false
			return r.op, r.message, nil
		}
	}
}

// collect adds a frame to the message in the making; of what is too large it
// keeps only so much that it shows.
func (r *frameReader) collect(h frameHead) error {
	if !r.unfinished {
		r.unfinished, r.op, r.size, r.message = true, h.op, 0, r.message[:0]
	}
	r.size += h.n
	for left := h.n; left > 0; {
		if err := r.need(1); err != nil {
			return err
		}
		part := r.buf[r.begin:min(r.begin+left, r.end)]
		r.unmask(part, h.n-left)
		r.begin += len(part)
		left -= len(part)
		r.message = append(r.message, part[:min(len(part), r.kept+1-len(r.message))]...)
	}
	return nil
}

// forget gives back the memory of the last message, for a peer that rarely sends large ones.
func (r *frameReader) forget() {
	if !r.unfinished {
		r.message = nil
	}
}

// unmask uncovers a part of the present frame's payload, which begins at an offset.
func (r *frameReader) unmask(part []byte, offset int) {
	if !r.masked {
		return
	}
	for i := range part {
		part[i] ^= r.key[(offset+i)%4]
	}
}

// frameHead is the head of a frame; n is the length of the payload.
type frameHead struct {
	op    byte
	final bool
	n     int
}

// head reads and judges the next frame's head.
func (r *frameReader) head() (h frameHead, err error) {
	first, err := r.take(2)
	if err != nil {
		return h, err
	}
	b0, b1 := first[0], first[1]
	h = frameHead{op: b0 & opBits, final: b0&finalBit != 0}
	if err := r.check(h, b0, b1); err != nil {
		return h, err
	}
	if h.n, err = r.length(b1 &^ maskBit); err != nil {
		return h, err
	}
	if h.op < opClose && r.before()+h.n > r.most {
		return h, tooLarge(r.most)
	}
	if r.masked {
		key, err := r.take(len(r.key))
		if err != nil {
			return h, err
		}
		copy(r.key[:], key)
	}
	return h, nil
}

// before is how long the present message is already.
func (r *frameReader) before() int {
	if r.unfinished {
		return r.size
	}
	return 0
}

// check judges the two bytes that every frame begins with.
func (r *frameReader) check(h frameHead, b0, b1 byte) error {
	switch {
	case b0&reservedBits != 0:
		return protocolError("reserved bits are set")
	case b1&maskBit != 0 && !r.masked:
		return protocolError("a masked frame")
	case b1&maskBit == 0 && r.masked:
		return protocolError("a frame without a mask")
	case h.op == opContinuation && !r.unfinished:
		return protocolError("a continuation of nothing")
	case (h.op == opText || h.op == opBinary) && r.unfinished:
		return protocolError("a message within another one")
	case h.op > opBinary && h.op < opClose || h.op > opPong:
		return protocolError("opcode %d", h.op)
	case h.op >= opClose && !h.final:
		return protocolError("a fragmented control frame")
	case h.op >= opClose && b1&^maskBit > maxControlPayload:
		return protocolError("a control frame of more than %d bytes", maxControlPayload)
	}
	return nil
}

// length is the length of the payload, which must be in its shortest form.
func (r *frameReader) length(b1 byte) (int, error) {
	n, least := uint64(b1), uint64(0)
	switch b1 {
	case length16:
		b, err := r.take(2)
		if err != nil {
			return 0, err
		}
		n, least = uint64(binary.BigEndian.Uint16(b)), length16
	case length64:
		b, err := r.take(8)
		if err != nil {
			return 0, err
		}
		n, least = binary.BigEndian.Uint64(b), math.MaxUint16+1
	}
	if n < least || n > math.MaxInt64 {
		return 0, protocolError("a malformed length")
	}
	return int(min(n, uint64(max(r.most, maxControlPayload))+1)), nil
}

// take hands out the next n bytes, no more than the buffer holds.
func (r *frameReader) take(n int) ([]byte, error) {
	if err := r.need(n); err != nil {
		return nil, err
	}
	r.begin += n
	return r.buf[r.begin-n : r.begin : r.begin], nil
}

// need reads until n bytes are there.
func (r *frameReader) need(n int) error {
	for r.end-r.begin < n {
		if r.err != nil {
			return r.err
		}
		if r.begin > 0 {
			r.begin, r.end = 0, copy(r.buf, r.buf[r.begin:r.end])
		}
		k, err := r.src.Read(r.buf[r.end:])
		r.end += k
		if r.err = err; errors.Is(err, io.EOF) {
			r.err = errCut
		}
	}
	return nil
}
