package engine

import (
	"context"
	"fmt"
	"slices"

	"github.com/footfall/footfall/signals"
)

// relay passes frames on and forgets subscribers that are gone or too slow.
func (o *owner) relay(frames signals.Frames) {
	o.watchers = slices.DeleteFunc(o.watchers, func(s *signals.Subscriber) bool { return !s.Push(frames) })
}

// Subscribe implements signals.Source: what the engine receives is passed on, in
// order, after a position for everyone who is there.
func (e *Engine) Subscribe(locations []int64, sub *signals.Subscriber) (cancel func(), err error) {
	var watched []*owner
	for _, id := range locations {
		o := e.owner(id)
		if o == nil {
			return nil, fmt.Errorf("location %d is not known here", id)
		}
		watched = append(watched, o)
	}
	cancel = func() {
		for _, o := range watched {
			_ = o.do(context.Background(), func() { // errStopped: the watchers went with the owner
				o.watchers = slices.DeleteFunc(o.watchers, func(s *signals.Subscriber) bool { return s == sub })
			})
		}
	}
	for _, o := range watched {
		err := o.do(context.Background(), func() {
			if sub.Push(signals.EncodeFrames(o.present())) {
				o.watchers = append(o.watchers, sub)
			}
		})
		if err != nil {
			cancel()
			return nil, err
		}
	}
	return cancel, nil
}
