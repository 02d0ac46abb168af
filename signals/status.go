package signals

import (
	"errors"
	"sync"
)

// State is where a Client stands with its feed.
type State uint8

// The states. All but StateConnected and StateStopped last until the next attempt
// to connect has come out otherwise.
const (
	StateConnecting      State = iota // no attempt has come out yet
	StateConnected                    // registered; messages flow
	StateNoToken                      // the token could not be read
	StateRefusedToken                 // the server does not accept the token
	StateRefusedLocation              // the server does not allow a location
	StateRefused                      // the server refuses for another reason
	StateNetworkFault                 // not reachable, cut off, or silent for too long
	StateStopped                      // Run has returned
	stateCount
)

var stateNames = [stateCount]string{
	"connecting", "connected", "no_token", "refused_token", "refused_location", "refused", "network_fault", "stopped",
}

// String is the state's label: lower case with underscores, stable.
func (s State) String() string {
	if s >= stateCount {
		return "unknown"
	}
	return stateNames[s]
}

// States lists every state, for those who announce metrics.
func States() []State {
	all := make([]State, stateCount)
	for s := range all {
		all[s] = State(s)
	}
	return all
}

// Status is what a Client tells about itself. Counts are since NewClient and may
// be behind by what was read from the network at once.
type Status struct {
	State       State
	Since       int64  // Unix µs by the config's Now: when State was entered
	LastError   string // why the last connection ended or failed; "" if none has
	LastMessage int64  // Unix µs: the last message handed over; 0 if none was

	Attempts uint64 // to connect
	Connects uint64 // registrations that succeeded, the first and all after it

	Messages  uint64            // handed to the sink
	Unknown   uint64            // of a type that this package does not know; skipped
	Dropped   uint64            // of locations not registered for, or before success; skipped
	Malformed map[Reason]uint64 // skipped; only reasons that occurred
}

// tally counts what one stretch of reading met.
type tally struct {
	messages, unknown, dropped uint64
	malformed                  [reasonCount]uint64
	lastMessage                int64
	dirty                      bool
}

// journal keeps a client's status for those who ask.
type journal struct {
	mu        sync.Mutex
	current   Status
	malformed [reasonCount]uint64
}

// enter notes what came of an attempt or a connection and reports whether that
// is news: another state or another error than before.
func (j *journal) enter(state State, at int64, cause error) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	news := state != j.current.State || j.current.Since == 0
	if news {
		j.current.State, j.current.Since = state, at
	}
	if cause != nil {
		news = news || j.current.LastError != cause.Error()
		j.current.LastError = cause.Error()
	}
	if state == StateConnected {
		j.current.Connects++
	}
	return news
}

func (j *journal) attempt() {
	j.mu.Lock()
	j.current.Attempts++
	j.mu.Unlock()
}

func (j *journal) add(t *tally) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.current.Messages += t.messages
	j.current.Unknown += t.unknown
	j.current.Dropped += t.dropped
	for r, n := range t.malformed {
		j.malformed[r] += n
	}
	if t.lastMessage != 0 {
		j.current.LastMessage = t.lastMessage
	}
}

func (j *journal) status() Status {
	j.mu.Lock()
	defer j.mu.Unlock()
	s := j.current
	s.Malformed = make(map[Reason]uint64)
	for r, n := range j.malformed {
		if n > 0 {
			s.Malformed[Reason(r)] = n
		}
	}
	return s
}

// stateOf is the state that a connection's end leads to.
func stateOf(err error) State {
	var refused *RefusedError
	if errors.As(err, &refused) {
		return refused.State
	}
	if errors.Is(err, errNoToken) {
		return StateNoToken
	}
	return StateNetworkFault
}
