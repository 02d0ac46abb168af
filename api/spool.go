package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/labstack/echo/v4"
)

// spool is a body on its way, in a file that no name leads to where the system lets
// an open one be removed: positions of people do not outlive the request.
type spool struct {
	file *os.File
	sum  string // SHA-256
}

func newSpool() (*spool, error) {
	f, err := os.CreateTemp("", "footfall-upload-*")
	if err != nil {
		return nil, err
	}
	_ = os.Remove(f.Name()) // again in close, for systems that keep open files
	return &spool{file: f}, nil
}

func (s *spool) close() {
	s.file.Close()
	os.Remove(s.file.Name())
}

var magics = map[string][]byte{"gzip": {0x1f, 0x8b}, "zstd": {0x28, 0xb5, 0x2f, 0xfd}}

// receive spools a body, each piece of which must come in time.
func (s *Server) receive(c echo.Context, encoding string) (*spool, error) {
	sp, err := newSpool()
	if err != nil {
		return nil, err
	}
	if err := s.fill(sp, c, encoding); err != nil {
		sp.close()
		return nil, err
	}
	return sp, nil
}

func (s *Server) fill(sp *spool, c echo.Context, encoding string) error {
	hash := sha256.New()
	body := &paced{Reader: c.Request().Body, control: http.NewResponseController(c.Response()), progress: s.progress}
	_, err := io.Copy(io.MultiWriter(sp.file, hash), body)
	s.extendWrite(c)
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		return problem(http.StatusRequestEntityTooLarge, fmt.Sprintf("the body may have %d bytes; send a longer recording in several uploads, one after the other", long.Limit))
	case body.failed && errors.Is(err, os.ErrDeadlineExceeded):
		return problem(http.StatusRequestTimeout, fmt.Sprintf("nothing came for %s", s.progress))
	case body.failed:
		return problem(http.StatusBadRequest, "the body broke off: "+err.Error())
	case err != nil:
		return err
	}
	sp.sum = hex.EncodeToString(hash.Sum(nil))
	head := make([]byte, 4)
	n, err := sp.file.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if magic := magics[encoding]; !bytes.HasPrefix(head[:n], magic) {
		return problem(http.StatusBadRequest, "the body is not compressed as Content-Encoding says: "+encoding)
	}
	_, err = sp.file.Seek(0, io.SeekStart)
	return err
}

// paced moves the read deadline on with what is read.
type paced struct {
	io.Reader
	control  *http.ResponseController
	progress time.Duration
	failed   bool // the body, not what it is written to
}

func (p *paced) Read(b []byte) (int, error) {
	_ = p.control.SetReadDeadline(time.Now().Add(p.progress)) // without a connection there is none
	n, err := p.Reader.Read(b)
	p.failed = err != nil && !errors.Is(err, io.EOF)
	return n, err
}
