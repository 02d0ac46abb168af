// Package tracker turns one location's positions into visits.
//
// A [Tracker] holds one state machine a person. It is told of positions, losses
// and estimates in order of time and tells its [Sink] of entries, exits, flows
// and line crossings as soon as nothing can change them any more. It does no
// I/O, starts no goroutine, reads no clock and takes no lock: one goroutine owns
// it, time is an argument, and the same calls give the same events.
//
// # Time
//
// All times are Unix microseconds. A time before the latest one seen is taken
// at the latest one seen.
//
// # Final and believed
//
// The Sink hears only what is final. A change that waits for its delay becomes
// final by a later message of the same person (or the end of the track), not by
// the passing of time alone: a track that expires is judged as if it had ended
// when last heard of, so until the person is heard of again nothing is certain.
// What is believed meanwhile, the delays having passed on the clock, is served
// by [Tracker.Live] and [Tracker.Tentative].
//
// [Tracker.Sweep] gives the two instants that follow from it: nothing final will
// be told any more that is dated before its Final; nothing believed will change
// before its Settled, save for a track that expires.
//
// # Corrections
//
// Where [Settings] ask for it, positions are smoothed by the sensor's noise, which is
// measured from them, edges have a margin, a new track counts once it has moved or
// lasted, and one that appears where somebody was lost goes on as the same person. Then
// a position may wait for those that follow it, for up to twice MaxWindow, before it
// counts, and bounds wait with it. Of people who report evenly and without noise every
// position counts at once.
//
// # Zones across reloads
//
// Zones and lines go by a lasting number ([Layout]) that outlives a reload of
// the zones; number 0 is the location itself.
package tracker
