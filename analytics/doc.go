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
// Times are Unix microseconds, intervals half-open. Sums of time are whole
// person-microseconds, so that parts add up to the whole exactly. What the
// figures mean is defined in docs/definitions.md.
package analytics
