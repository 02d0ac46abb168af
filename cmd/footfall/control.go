package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/footfall/footfall/internal/access"
	"github.com/footfall/footfall/internal/boltstore"
)

// The commands that work while a server holds the database ask it through a unix socket
// beside the file: HTTP with JSON, for the socket's owner alone.

func controlPath(database string) string { return database + ".sock" }

// tokenRequest asks for a token.
type tokenRequest struct {
	Name      string        `json:"name"`
	Scope     access.Scope  `json:"scope"`
	Locations []int64       `json:"locations"`
	Expires   time.Duration `json:"expires"`
}

// tokenMade is the answer.
type tokenMade struct {
	access.Token
	Secret string `json:"secret"`
}

const maxControl = 64 << 10 // bytes of a request

// controlled is what the socket serves.
type controlled struct {
	tokens *access.Registry
	store  *boltstore.Store

	backingUp sync.Mutex
}

// openControl opens the socket and returns what answers at it until ctx is done. That it
// can't be opened is no reason not to serve.
func openControl(path string, of *controlled, log *slog.Logger) (serve func(context.Context)) {
	l, err := listenControl(path)
	if err != nil {
		log.Warn("no socket for footfall token and db backup; stop the server for them", "path", path, "error", err)
		return func(context.Context) {}
	}
	return func(ctx context.Context) {
		defer os.Remove(path)
		serveControl(ctx, l, of, log)
	}
}

func serveControl(ctx context.Context, l net.Listener, of *controlled, log *slog.Logger) {
	server := &http.Server{
		Handler: http.MaxBytesHandler(of.handler(), maxControl), ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	stop := context.AfterFunc(ctx, func() { server.Close() })
	defer stop()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		log.Error("the socket for footfall token and db backup has failed", "error", err)
	}
}

// listenControl makes the socket, which nobody else may open at any moment. One of a
// process that is gone is replaced: whoever holds the database is we.
func listenControl(path string) (net.Listener, error) {
	folder, err := os.MkdirTemp(filepath.Dir(path), ".footfall-") // mode 0700
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	temporary := filepath.Join(folder, "s")
	l, err := net.Listen("unix", temporary)
	if err != nil {
		return nil, err
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	if err = os.Chmod(temporary, 0o600); err == nil {
		err = os.Rename(temporary, path)
	}
	if err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

func (c *controlled) handler() http.Handler {
	mux, tokens := http.NewServeMux(), c.tokens
	mux.HandleFunc("POST /tokens", func(w http.ResponseWriter, r *http.Request) {
		var asked tokenRequest
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
			answerControl(w, nil, err)
			return
		}
		secret, made, err := tokens.Create(asked.Name, asked.Scope, asked.Locations, asked.Expires)
		answerControl(w, tokenMade{made, secret}, err)
	})
	mux.HandleFunc("GET /tokens", func(w http.ResponseWriter, _ *http.Request) { answerControl(w, tokens.List(), nil) })
	mux.HandleFunc("DELETE /tokens/{name}", func(w http.ResponseWriter, r *http.Request) {
		answerControl(w, struct{}{}, tokens.Revoke(r.PathValue("name")))
	})
	mux.HandleFunc("POST /keys", func(w http.ResponseWriter, _ *http.Request) { answerControl(w, struct{}{}, tokens.Rotate()) })
	mux.HandleFunc("GET /backup", c.backup)
	return mux
}

func answerControl(w http.ResponseWriter, body any, err error) {
	w.Header().Set("Content-Type", "application/json")
	if err != nil {
		w.WriteHeader(http.StatusUnprocessableEntity)
		body = map[string]string{"error": err.Error()}
	}
	_ = json.NewEncoder(w).Encode(body) // fails only where the client is gone
}

// backup sends one state of the database, with its length before it.
func (c *controlled) backup(w http.ResponseWriter, r *http.Request) {
	if !c.backingUp.TryLock() {
		answerControl(w, nil, errors.New("another backup is under way"))
		return
	}
	defer c.backingUp.Unlock()
	begun := false
	err := c.store.Backup(r.Context(), func(size int64) (io.Writer, error) {
		begun = true
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
		answer := &patient{w, http.NewResponseController(w)}
		return answer, answer.SetReadDeadline(time.Time{})
	})
	switch {
	case err != nil && begun:
		panic(http.ErrAbortHandler) // what was sent is too short, which who asked sees
	case err != nil:
		answerControl(w, nil, err)
	}
}

// controlStall is how long who asks may take none of a backup: it keeps pages from being
// used again.
const controlStall = 30 * time.Second

// patient gives each write its time.
type patient struct {
	io.Writer
	*http.ResponseController
}

func (p *patient) Write(b []byte) (int, error) {
	if err := p.SetWriteDeadline(time.Now().Add(controlStall)); err != nil {
		return 0, err
	}
	return p.Writer.Write(b)
}

// controlClient asks a server at its socket.
type controlClient struct{ http.Client }

// dialControl finds the server that holds a database; nil where none answers.
func dialControl(ctx context.Context, database string) *controlClient {
	dial := func(ctx context.Context) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", controlPath(database))
	}
	conn, err := dial(ctx)
	if err != nil {
		return nil
	}
	conn.Close()
	return &controlClient{http.Client{
		Timeout:   10 * time.Second,
		Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx) }},
	}}
}

// backup writes what the server's database holds. A server that says nothing for a while,
// or breaks off, is an error.
func (c *controlClient) backup(ctx context.Context, w io.Writer) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://footfall/backup", http.NoBody)
	if err != nil {
		return err
	}
	client := c.Client
	client.Timeout = 0 // as long as it takes
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("the server that holds the database: %w", errors.Unwrap(err))
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return refusedControl(response)
	}
	n, err := io.Copy(w, response.Body)
	if err == nil && n != response.ContentLength {
		err = io.ErrUnexpectedEOF
	}
	return err
}

func refusedControl(response *http.Response) error {
	var failed struct{ Error string }
	text, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil || json.Unmarshal(text, &failed) != nil || failed.Error == "" {
		failed.Error = "the server answered " + response.Status
	}
	return errors.New(failed.Error)
}

func (c *controlClient) ask(ctx context.Context, method, path string, body io.Reader, answer any) error {
	request, err := http.NewRequestWithContext(ctx, method, "http://footfall"+path, body)
	if err != nil {
		return err
	}
	response, err := c.Do(request)
	if err != nil {
		return fmt.Errorf("the server that holds the database: %w", errors.Unwrap(err))
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return refusedControl(response)
	}
	text, err := io.ReadAll(io.LimitReader(response.Body, 16<<20))
	if err != nil {
		return err
	}
	return json.Unmarshal(text, answer)
}

func tokenPath(name string) string { return "/tokens/" + url.PathEscape(name) }
