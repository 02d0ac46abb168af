package simulate

import (
	"context"
	"time"

	"github.com/footfall/footfall/signals"
)

// Publish takes a batch of messages in order of time. The slice is reused after the
// return. An error ends the runner that called it.
type Publish func(batch []signals.Message) error

// Clock is what a runner goes by. What is nil is the real thing.
type Clock struct {
	Now   func() int64                                // in Unix microseconds; never steps back
	Sleep func(ctx context.Context, span int64) error // for span microseconds; ctx.Err() where ctx ends it
}

func (c Clock) orReal() Clock {
	if c.Now == nil {
		begin := time.Now() // with a monotonic reading, which Since goes by
		c.Now = func() int64 { return begin.Add(time.Since(begin)).UnixMicro() }
	}
	if c.Sleep == nil {
		c.Sleep = sleep
	}
	return c
}

func sleep(ctx context.Context, span int64) error {
	timer := time.NewTimer(time.Duration(span) * time.Microsecond)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// until sleeps until the instant at, and returns the time then.
func (c Clock) until(ctx context.Context, at int64) (now int64, err error) {
	for now = c.Now(); now < at && err == nil; now = c.Now() {
		err = c.Sleep(ctx, at-now)
	}
	if err == nil {
		err = ctx.Err()
	}
	return now, err
}
