package signals

import (
	"time"

	"github.com/cenkalti/backoff/v5"
)

// pace says how long to wait before the next attempt to connect.
type pace struct {
	growing, refused backoff.ExponentialBackOff
	last             time.Duration
}

// newPace makes waits that grow from about least to about most; a wait is never
// longer than most, and at random down to a third of what it could be.
func newPace(least, most time.Duration) *pace {
	exponential := func(initial time.Duration) backoff.ExponentialBackOff {
		b := *backoff.NewExponentialBackOff()
		b.RandomizationFactor, b.Multiplier = 0.5, 2
		b.MaxInterval = most * 2 / 3 // three halves of it with the jitter
		b.InitialInterval = min(initial, b.MaxInterval)
		return b
	}
	return &pace{growing: exponential(least), refused: exponential(most)}
}

// after is the wait after an attempt that led to state, with a connection that
// held for so long, 0 if there was none, and delivered messages or did not. A
// refusal, which time alone seldom mends, waits long at once. Other waits double
// while what they lead to delivers nothing and holds for less time than they took,
// and begin anew otherwise.
func (p *pace) after(state State, held time.Duration, delivered bool) time.Duration {
	if state == StateRefused || state == StateRefusedToken || state == StateRefusedLocation {
		return p.refused.NextBackOff()
	}
	if held > p.last || delivered {
		p.growing.Reset()
	}
	p.last = p.growing.NextBackOff()
	return p.last
}
