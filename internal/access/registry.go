package access

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// Errors that a person is told.
var (
	ErrExists  = errors.New("there is a token of that name; revoke it, or take another name")
	ErrUnknown = errors.New("there is no token of that name")
	ErrHeld    = errors.New("another process holds the access file")
)

// Token is what is known of one: not the token itself.
type Token struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Scope     Scope     `json:"scope"`
	Locations []int64   `json:"locations"` // null is all
	Created   time.Time `json:"created"`
	Expires   time.Time `json:"expires,omitzero"` // zero is never
	Revoked   time.Time `json:"revoked,omitzero"`
}

// State says how a token stands.
func (t Token) State(now time.Time) string {
	switch {
	case !t.Revoked.IsZero():
		return "revoked"
	case t.Expires.IsZero():
		return "persistent"
	case !now.Before(t.Expires):
		return "expired"
	}
	return "valid"
}

// key signs tokens, or did before it was replaced.
type key struct {
	ID      string             `json:"id"`
	Created time.Time          `json:"created"`
	Private ed25519.PrivateKey `json:"private"`
}

// contents are the access file's.
type contents struct {
	Version int     `json:"version"`
	Keys    []key   `json:"keys"` // the first one signs
	Tokens  []Token `json:"tokens"`
}

const (
	fileVersion = 1
	mostKeys    = 2     // the one that signs and the one before
	mostTokens  = 10000 // that are kept, revoked ones among them
	mostBytes   = 16 << 20
)

// Registry is the tokens there are and the keys that sign them.
type Registry struct {
	path string
	now  func() time.Time
	lock *os.File

	external *External // nil: our own tokens alone

	mu     sync.Mutex
	have   contents
	grants map[string]*Grant // of tokens that somebody brought, by the token's id
	seen   map[[32]byte]seen // tokens whose signature was good, by hash
}

// Open reads the access file, which need not be there yet, and keeps others from it
// until Close. now is time.Now but in tests.
func Open(path string, now func() time.Time) (*Registry, error) {
	lock, err := lockFile(path + ".lock")
	if err != nil {
		return nil, fmt.Errorf("access: %s: %w", path, err)
	}
	r := &Registry{path: path, now: now, lock: lock, grants: map[string]*Grant{}, seen: map[[32]byte]seen{}}
	if r.have, err = readContents(path); err != nil {
		lock.Close()
		return nil, fmt.Errorf("access: %s: %w", path, err)
	}
	return r, nil
}

// Trust makes the tokens of somebody else good, too. Call it before the first Grant.
func (r *Registry) Trust(e *External) { r.external = e }

// Close lets others at the file. What was granted stays so.
func (r *Registry) Close() error { return r.lock.Close() }

func readContents(path string) (contents, error) {
	c := contents{Version: fileVersion}
	info, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return c, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return c, fmt.Errorf("others than its owner may read it (%v), and it has the keys that sign tokens: chmod 600 it, and rotate the keys if somebody may have", info.Mode().Perm())
	}
	if info.Size() > mostBytes {
		return c, errors.New("it is too large for an access file")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return c, err
	}
	if err := json.Unmarshal(text, &c); err != nil {
		return c, fmt.Errorf("it is no access file: %w", err)
	}
	return c, c.check()
}

func (c *contents) check() error {
	if c.Version != fileVersion {
		return fmt.Errorf("it is of version %d, and this program knows version %d", c.Version, fileVersion)
	}
	for _, k := range c.Keys {
		if len(k.Private) != ed25519.PrivateKeySize || k.ID == "" {
			return errors.New("it has a key that is none")
		}
	}
	for _, t := range c.Tokens {
		if t.ID == "" || !slices.Contains(scopes, t.Scope) {
			return fmt.Errorf("it has a token %q that is none", t.Name)
		}
	}
	return nil
}

// change has fn change the contents, and keeps what came of it once it is written.
func (r *Registry) change(fn func(*contents) error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	next := r.have
	next.Keys, next.Tokens = slices.Clone(r.have.Keys), slices.Clone(r.have.Tokens)
	if err := fn(&next); err != nil {
		return err
	}
	text, err := json.MarshalIndent(next, "", " ")
	if err != nil {
		return err
	}
	if err := writeAtomically(r.path, append(text, '\n')); err != nil {
		return fmt.Errorf("access: %s was not written, and nothing changed: %w", r.path, err)
	}
	r.have = next
	clear(r.seen)
	return nil
}

// writeAtomically leaves the old file or the whole new one, for its owner alone.
func writeAtomically(path string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // is gone once it was renamed
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}

// Create makes a token. locations nil is all; expires 0 makes a persistent one. The token
// is told here and never again.
func (r *Registry) Create(name string, scope Scope, locations []int64, expires time.Duration) (token string, t Token, err error) {
	if err := checkToken(name, scope, locations, expires); err != nil {
		return "", t, err
	}
	now := r.now().UTC().Truncate(time.Second)
	t = Token{ID: rand.Text(), Name: name, Scope: scope, Locations: locations, Created: now}
	if expires != 0 {
		t.Expires = now.Add(expires)
	}
	err = r.change(func(c *contents) error {
		if slices.ContainsFunc(c.Tokens, func(o Token) bool { return o.Name == name && o.Revoked.IsZero() }) {
			return ErrExists
		}
		if len(c.Tokens) >= mostTokens {
			return fmt.Errorf("there are %d tokens already, revoked ones included", mostTokens)
		}
		if len(c.Keys) == 0 {
			c.addKey(now)
		}
		c.Tokens = append(c.Tokens, t)
		token, err = sign(c.Keys[0], t)
		return err
	})
	return token, t, err
}

func checkToken(name string, scope Scope, locations []int64, expires time.Duration) error {
	switch _, err := ParseScope(string(scope)); {
	case name == "" || len(name) > 64 || strings.ContainsFunc(name, func(c rune) bool { return c < '!' || c > '~' }):
		return errors.New("the name must have 1 to 64 printable ASCII characters, and no spaces")
	case err != nil:
		return err
	case locations != nil && len(locations) == 0:
		return errors.New("a token is for one location at least, or for all")
	case expires != 0 && expires < time.Second:
		return fmt.Errorf("%s is less than a second", expires)
	}
	return nil
}

// List are the tokens that were made, in order.
func (r *Registry) List() []Token {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.have.Tokens)
}

// Revoke makes a token no longer valid. Its name may be taken again.
func (r *Registry) Revoke(name string) error {
	var id string
	err := r.change(func(c *contents) error {
		i := slices.IndexFunc(c.Tokens, func(t Token) bool { return t.Name == name && t.Revoked.IsZero() })
		if i < 0 {
			return ErrUnknown
		}
		c.Tokens[i].Revoked, id = r.now().UTC().Truncate(time.Second), c.Tokens[i].ID
		return nil
	})
	if err != nil {
		return err
	}
	r.mu.Lock()
	g := r.grants[id]
	delete(r.grants, id)
	r.mu.Unlock()
	if g != nil {
		g.end()
	}
	return nil
}

// Rotate makes a new key, which signs from now on. The key before still vouches for its
// tokens; that before it no longer does.
func (r *Registry) Rotate() error {
	return r.change(func(c *contents) error {
		c.addKey(r.now().UTC().Truncate(time.Second))
		c.Keys = c.Keys[:min(len(c.Keys), mostKeys)]
		return nil
	})
}

func (c *contents) addKey(now time.Time) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		panic("access: no randomness: " + err.Error()) // crypto/rand never fails
	}
	c.Keys = slices.Insert(c.Keys, 0, key{ID: rand.Text()[:10], Created: now, Private: private})
}
