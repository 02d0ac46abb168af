package engine

import "context"

// Await has every location's goroutine take a turn, and returns when all have or ctx is
// done: who waits for it for long waits for a program that hangs.
func (e *Engine) Await(ctx context.Context) {
	for _, o := range *e.owners.Load() {
		if o.do(ctx, func() {}) != nil {
			return
		}
	}
}
