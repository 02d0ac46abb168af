package main

import (
	"context"
	"sync"

	"github.com/footfall/footfall/internal/systemd"
)

// tell has the service manager know that the service is ready, alive and, when ctx ends,
// stopping. The function it returns waits for the last word.
func (s *service) tell(ctx context.Context, manager *systemd.Notifier, address string) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	say := func(state string) {
		if err := manager.Tell(state); err != nil {
			s.logger.Warn(err.Error())
		}
	}
	say(systemd.Ready + "\n" + systemd.Status("listening on "+address))
	var wait sync.WaitGroup
	wait.Go(func() { manager.Watch(ctx, func() { s.engine.Await(ctx) }) })
	wait.Go(func() {
		<-ctx.Done()
		say(systemd.Stopping)
	})
	return func() { cancel(); wait.Wait() }
}
