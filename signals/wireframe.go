package signals

import (
	"encoding/binary"
	"strings"
)

// Frames of RFC 6455 as a server sends them: final and not masked, so that the
// same bytes serve every connection.
const (
	opContinuation = 0x0
	opText         = 0x1
	opBinary       = 0x2
	opClose        = 0x8 // from here on control frames
	opPing         = 0x9
	opPong         = 0xA

	finalBit          = 0x80 // in the first byte
	reservedBits      = 0x70
	opBits            = 0x0F
	maskBit           = 0x80 // in the second byte
	length16          = 126  // the length follows in 16 bits
	length64          = 127  // the length follows in 64 bits
	maxControlPayload = 125  // bytes of a control frame's payload

	frameEstimate = 160 // bytes of a typical position with its header
)

// appendMessageFrame appends m as one text frame. The room for the usual header
// of four bytes is left open and the payload moved if another one is due.
func appendMessageFrame(dst []byte, m *Message) []byte {
	start := len(dst)
	dst = Append(append(dst, finalBit|opText, 126, 0, 0), m)
	n := len(dst) - start - 4
	switch {
	case n < 126:
		copy(dst[start+2:], dst[start+4:])
		dst[start+1] = byte(n)
		return dst[:len(dst)-2]
	case n <= 0xFFFF:
		binary.BigEndian.PutUint16(dst[start+2:], uint16(n))
		return dst
	}
	payload := append([]byte(nil), dst[start+4:]...)
	return appendFrame(dst[:start], opText, payload)
}

// appendFrame appends a frame with any payload.
func appendFrame(dst []byte, op byte, payload []byte) []byte {
	dst = append(dst, finalBit|op)
	switch n := len(payload); {
	case n < 126:
		dst = append(dst, byte(n))
	case n <= 0xFFFF:
		dst = binary.BigEndian.AppendUint16(append(dst, 126), uint16(n))
	default:
		dst = binary.BigEndian.AppendUint64(append(dst, 127), uint64(n))
	}
	return append(dst, payload...)
}

// appendClose appends a close frame; a reason beyond what fits is cut.
func appendClose(dst []byte, code uint16, reason string) []byte {
	payload := binary.BigEndian.AppendUint16(nil, code)
	payload = append(payload, strings.ToValidUTF8(reason[:min(len(reason), 123)], "")...)
	return appendFrame(dst, opClose, payload)
}

// cutFrame splits the first frame's payload off whole frames made here.
func cutFrame(wire []byte) (payload, rest []byte) {
	head, n := 2, int(wire[1])
	switch n {
	case 126:
		head, n = 4, int(binary.BigEndian.Uint16(wire[2:]))
	case 127:
		head, n = 10, int(binary.BigEndian.Uint64(wire[2:]))
	}
	return wire[head : head+n], wire[head+n:]
}
