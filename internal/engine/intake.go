package engine

import (
	"context"
	"time"

	"github.com/footfall/footfall/signals"
)

// lookEvery is how often it is looked whether feeds have to stop or may go on.
const lookEvery = 50 * time.Millisecond

// receive runs a feed's client until ctx is done, but not while more waits to be written
// than may: for its locations that is a gap.
func (e *Engine) receive(ctx context.Context, client *signals.Client) {
	for ctx.Err() == nil {
		if !e.awaitRoom(ctx, true) {
			return
		}
		open, stop := context.WithCancel(ctx)
		watched := make(chan struct{})
		go func() {
			defer close(watched)
			e.awaitRoom(open, false)
			stop()
		}()
		err := client.Run(open)
		stop()
		<-watched
		if err != nil {
			e.Logger.Error("feed stopped", "error", err)
			return
		}
	}
}

// awaitRoom waits until there is room for what is counted, or none any more, and
// reports false where ctx was done before.
func (e *Engine) awaitRoom(ctx context.Context, room bool) bool {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		if health := e.flusher.health.Load(); room == (health == nil || !health.Full) {
			return ctx.Err() == nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return false
		}
	}
}
