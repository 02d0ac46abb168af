package simulate

import (
	"context"

	"github.com/footfall/footfall/signals"
)

// Live runs a shop in real time.
type Live struct {
	Shop  *Shop
	Clock Clock
}

// Run publishes the shop's frames as their time comes, from the instant that the
// shop has been stepped to, or, if it was not started, from now. Frames that are
// late, because publish blocked or the shop lies behind, are published at once. Run
// returns nil when ctx is done, or the error of publish.
func (l *Live) Run(ctx context.Context, publish Publish) error {
	clock := l.Clock.orReal()
	if !l.Shop.started {
		l.Shop.Start(clock.Now())
	}
	var batch []signals.Message
	for {
		frame := l.Shop.NextFrame()
		now, err := clock.until(ctx, frame)
		if err != nil {
			return nil //nolint:nilerr // ctx is done, which the caller knows
		}
		// A second at most, so that catching up takes no more memory than going on.
		batch = l.Shop.Step(min(now, frame+second), batch[:0])
		if len(batch) == 0 {
			continue
		}
		if err := publish(batch); err != nil {
			return err
		}
	}
}
