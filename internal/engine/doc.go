// Package engine joins the rooms: feeds in, counts out, history into the store.
//
// One goroutine owns each location's tracker and recorder; everything that
// touches them is done in its turn, so the way of a position takes no lock. A
// feed's goroutine hands batches to the owners through bounded channels: an
// owner that cannot keep up holds the feed back, and that the sensor. Nobody
// else waits for anybody: the live counts are published by swapping a pointer,
// a subscriber that is too slow is dropped, and the store is written by one
// goroutine of its own.
//
// [Engine.Run] returns when its context is done, the feeds have stopped, what
// they had sent is counted, and the last flush is written; every goroutine that
// it started has ended by then. [Replay] needs no Run: it counts recordings in
// the caller's goroutine, a file a transaction.
package engine
