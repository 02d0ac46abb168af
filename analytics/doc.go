// Package analytics turns what a tracker tells into rollups, and rollups into
// reports.
//
// A [Recorder] is one location's open end: it adds entries, exits, flows and
// crossings to the minutes in which they happened and follows each zone's
// occupancy up to the instant that nothing can change any more. One goroutine
// owns it. At a flush it puts what changed into a [Batch], together with what a
// restart needs; [Commit] writes a batch to a [Store], all of it or nothing, and
// [Derive] sums minutes that are over into quarter hours and days of the
// location's calendar.
//
// A [Query] is answered from both: closed rollups from the store, the open end
// from a copy of the recorder ([Open]), as flat rows that are streamed in order
// of time. Nothing here reads a clock.
//
// Flush, Commit and [Recorder.Committed] follow one another; a batch that could
// not be written is kept, takes over the next one ([Batch.Absorb]) and is
// committed again. Commit and Derive of one store run one at a time; reports may
// run beside both, and a copy of the open end stays good while what is in it is
// being stored: nothing is counted twice and nothing missed.
//
// Times are Unix microseconds, intervals half-open. Sums of time are whole
// person-microseconds, so that parts add up to the whole exactly. What the
// figures mean is defined in docs/definitions.md.
package analytics
