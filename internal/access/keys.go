package access

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
)

// Keys are somebody else's public keys, a JWK Set (RFC 7517) that is fetched from a URL
// and again each hour, and sooner where a token names a key that is not in it. A set that
// cannot be fetched or has no key leaves the one before.
type Keys struct {
	url    string
	client *http.Client
	log    *slog.Logger

	set               atomic.Pointer[keySet]
	wanted            chan struct{} // a key that is not there
	fetches, failures atomic.Uint64
}

type keySet struct{ keyfunc.Keyfunc }

const (
	keysEvery   = time.Hour
	keysPause   = 30 * time.Second // from one fetch to the next, whatever is asked for
	keysTime    = 10 * time.Second
	mostKeySet  = 1 << 20 // bytes
	mostKeysSet = 1000
)

// NewKeys fetches nothing yet. No redirect is followed.
func NewKeys(url string, log *slog.Logger) *Keys {
	refuse := func(*http.Request, []*http.Request) error { return errors.New("it redirects elsewhere") }
	return &Keys{url: url, log: log, client: &http.Client{Timeout: keysTime, CheckRedirect: refuse}, wanted: make(chan struct{}, 1)}
}

// Fetches are those that gave keys, and those that failed.
func (k *Keys) Fetches() (good, failed uint64) { return k.fetches.Load(), k.failures.Load() }

// Run keeps the keys fresh until ctx is done.
func (k *Keys) Run(ctx context.Context) { k.run(ctx, keysPause, keysEvery) }

func (k *Keys) run(ctx context.Context, pause, every time.Duration) {
	for ctx.Err() == nil {
		next := every
		if !k.Fetch(ctx) {
			next = pause
		}
		if !wait(ctx, pause, nil) || next > pause && !wait(ctx, next-pause, k.wanted) {
			return
		}
	}
}

// wait reports whether it went by, or sooner came.
func wait(ctx context.Context, d time.Duration, sooner <-chan struct{}) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
	case <-sooner:
	}
	return true
}

// Fetch reports whether it got keys; it logs why not.
func (k *Keys) Fetch(ctx context.Context) bool {
	set, err := k.fetch(ctx)
	if err != nil {
		if ctx.Err() == nil {
			k.failures.Add(1)
			k.log.Warn("the keys of auth.external were not fetched; those before stay", "url", k.url, "error", err)
		}
		return false
	}
	k.set.Store(set)
	k.fetches.Add(1)
	return true
}

func (k *Keys) fetch(ctx context.Context) (*keySet, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, k.url, http.NoBody)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/jwk-set+json, application/json")
	response, err := k.client.Do(request)
	if err != nil {
		return nil, errors.Unwrap(err) // without the URL
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the answer is %s", response.Status)
	}
	text, err := io.ReadAll(io.LimitReader(response.Body, mostKeySet+1))
	if err != nil {
		return nil, err
	}
	if len(text) > mostKeySet {
		return nil, fmt.Errorf("it has more than %d bytes", mostKeySet)
	}
	return readKeySet(ctx, text)
}

func readKeySet(ctx context.Context, text []byte) (*keySet, error) {
	all, err := keyfunc.NewJWKSetJSON(text)
	if err != nil {
		return nil, fmt.Errorf("it is no JWK Set: %w", err)
	}
	keys, err := all.Storage().KeyReadAll(ctx)
	if err != nil || len(keys) == 0 || len(keys) > mostKeysSet {
		return nil, fmt.Errorf("it has %d keys", len(keys))
	}
	set, err := keyfunc.New(keyfunc.Options{Storage: all.Storage(), UseWhitelist: []jwkset.USE{jwkset.UseSig, ""}})
	return &keySet{set}, err
}

// key is the one that a token names. One that is not there is fetched, and good for the
// token the next time.
func (k *Keys) key(t *jwt.Token) (any, error) {
	set := k.set.Load()
	if _, named := t.Header["kid"].(string); set != nil && named {
		if key, err := set.Keyfunc.Keyfunc(t); err == nil {
			return key, nil
		}
	}
	select {
	case k.wanted <- struct{}{}:
	default:
	}
	return nil, ErrInvalid
}
