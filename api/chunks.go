package api

import "io"

// chunkSize is how much of a report is gathered before it is written: large
// enough that a write costs little, small enough that reports of any length need
// no memory.
const chunkSize = 32 << 10

// chunks gathers what is appended to buf and hands it on in pieces.
type chunks struct {
	w   io.Writer
	buf []byte
}

func newChunks(w io.Writer) chunks {
	return chunks{w: w, buf: make([]byte, 0, chunkSize+chunkSize/4)}
}

// spill hands on what is there once it is a chunk.
func (c *chunks) spill() error {
	if len(c.buf) < chunkSize {
		return nil
	}
	return c.flush()
}

func (c *chunks) flush() error {
	if len(c.buf) == 0 {
		return nil
	}
	_, err := c.w.Write(c.buf)
	c.buf = c.buf[:0]
	return err
}
