// Package simulate is a shop that moves like a shop, for demonstrations, load and
// tests, and plays recordings as if they happened now.
//
// [Shop] is a clothes shop of 18 m by 12 m on a passage. Visitors arrive by a
// nonhomogeneous Poisson process that follows the hours of the day and the days of
// the week, alone and in pairs, out of a stream of people who only pass. They walk
// round the shelves on shortest ways, stand at displays, try things on, queue, pay or
// give up, and leave; after closing time everybody does. A sensor watches with
// correlated jitter, gaps, tracks that break and are found again under a new id, and
// losses that it never reports; for most people it estimates gender and age some time
// after they appear. [Zones] is the shop's own zones file.
//
// A Shop is deterministic: its life depends on its [Config] and the instants it is
// started and changed at, neither on the machine's clock nor on the lengths of the
// steps. Times are instants in Unix microseconds, positions centimetres. Nights cost
// nothing.
//
// [Live] runs a shop and [Playback] a recording against a clock. Each works in the
// goroutine that calls Run and starts none; publish may block, and what is late then
// follows at once.
package simulate
