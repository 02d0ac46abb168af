package edge

import (
	"net/netip"
	"sync"
	"time"
)

// Rate lets each key have so many requests a second, and a burst at once: a token bucket
// each, kept as the time at which it is full again (GCRA). A full bucket is as good as
// none, so only busy keys take memory, and of these a bounded number: beyond it new keys
// share one bucket.
type Rate[K comparable] struct {
	each  int64 // ns a request
	burst int64 // ns that a bucket may lie ahead

	mu     sync.Mutex
	full   map[K]int64 // when the bucket is full again
	shared int64
	most   int
}

const mostKeys = 1 << 16

// NewRate makes buckets of burst requests that gain perSecond; both must be more than 0.
func NewRate[K comparable](perSecond, burst int64) *Rate[K] {
	each := int64(time.Second) / perSecond
	return &Rate[K]{each: each, burst: each * burst, full: map[K]int64{}, most: mostKeys}
}

// Take takes a request of a key's at a time in nanoseconds; wait is 0 if it may go on,
// else how long until one may.
func (r *Rate[K]) Take(key K, now int64) (wait time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	before, known := r.full[key]
	crowded := !known && len(r.full) >= r.most && !r.sweep(now)
	if crowded {
		before = r.shared
	}
	full := max(before, now) + r.each
	if over := full - now - r.burst; over > 0 {
		return time.Duration(over)
	}
	if crowded {
		r.shared = full
	} else {
		r.full[key] = full
	}
	return 0
}

// sweep forgets full buckets, and reports whether there were any.
func (r *Rate[K]) sweep(now int64) bool {
	before := len(r.full)
	for key, full := range r.full {
		if full <= now {
			delete(r.full, key)
		}
	}
	return len(r.full) < before
}

// Network is what counts as one address: of IPv6, the /64 that one customer has.
func Network(addr netip.Addr) netip.Addr {
	if !addr.Is6() || addr.Is4In6() {
		return addr
	}
	prefix, err := addr.Prefix(64)
	if err != nil {
		return addr
	}
	return prefix.Addr()
}
