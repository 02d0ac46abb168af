package recording

import (
	"io"
	"sync"
)

const (
	aheadBlocks = 4
	blockSize   = 64 << 10
)

// ahead reads from a decompressor in a goroutine of its own, a few blocks before
// they are asked for, so that decompressing and parsing share two cores.
type ahead struct {
	full chan block
	free chan []byte
	stop chan struct{}
	once sync.Once
	done sync.WaitGroup

	whole []byte // the block being handed out
	rest  []byte // what of it is left
	err   error
}

type block struct {
	data []byte
	err  error // comes after data
}

func newAhead(r io.Reader) *ahead {
	a := &ahead{
		full: make(chan block, aheadBlocks),
		free: make(chan []byte, aheadBlocks),
		stop: make(chan struct{}),
	}
	for range aheadBlocks {
		a.free <- make([]byte, blockSize)
	}
	a.done.Go(func() { a.run(r) })
	return a
}

// run fills blocks until an error, io.EOF included, or until stop is closed.
func (a *ahead) run(r io.Reader) {
	for {
		select {
		case <-a.stop:
			return
		case buffer := <-a.free:
			b := fill(r, buffer)
			a.full <- b // has room for every block there is
			if b.err != nil {
				return
			}
		}
	}
}

// fill is io.ReadFull that leaves the reader's error as it is: io.ErrUnexpectedEOF
// must keep meaning a stream that was cut.
func fill(r io.Reader, buffer []byte) block {
	n := 0
	for n < len(buffer) {
		m, err := r.Read(buffer[n:])
		n += m
		if err != nil {
			return block{buffer[:n], err}
		}
	}
	return block{data: buffer}
}

// Read implements io.Reader.
func (a *ahead) Read(p []byte) (int, error) {
	for len(a.rest) == 0 {
		if a.err != nil {
			return 0, a.err
		}
		if a.whole != nil {
			a.free <- a.whole[:cap(a.whole)]
		}
		b := <-a.full
		a.whole, a.rest, a.err = b.data, b.data, b.err
	}
	n := copy(p, a.rest)
	a.rest = a.rest[n:]
	return n, nil
}

// close ends the goroutine and waits for it, a Read of the decompressor that is
// under way included.
func (a *ahead) close() {
	a.once.Do(func() { close(a.stop) })
	a.done.Wait()
}
