package analytics

import (
	"encoding/binary"
	"hash/maphash"
	"slices"

	"github.com/footfall/footfall/tracker"
)

// How people are stored; BenchmarkFlush of internal/boltstore has the measure of it.
const (
	blockSlots = 256      // people in a block
	partLength = 64 << 10 // bytes from which a part of the log is full
	roundTurns = 10       // flushes in which every block is written once
	someBlocks = 64       // looked at by one PutBlocks
)

// Checkpoint stores who is in a location: blocks, each of the records of the
// people in so many slots, and a log of those whose standing changed. A flush
// writes what changed to the log and a tenth of the blocks, and deletes the log of
// ten flushes before, as each block has been written since. A block in which
// nothing is new is left as it is. So a stored position is at most ten flushes
// old, a stored standing never is, and a flush writes few and large values however
// many people move about.
//
// Each flush is PutBlocks until it has done all, then PutChanges, all into batches
// that are applied in this order, whole, at once or not. Between these calls the
// tracker may go on: what changes after its block was put is in the log. To read it
// is to take the blocks and then the log in its order: its last word on a person is
// the standing, and not older than ten flushes where the block is newer.
type Checkpoint struct {
	location int64
	all      bool     // the store is not known: every block is to be written
	stale    [][]byte // keys that go once it is
	stored   []uint64 // hash of each block as it was put last, 0 for one to be put
	turn     int      // of the round
	round    int      // blocks when the round began
	next     int      // block to look at in this flush
	logs     [roundTurns]loggedTurn

	buffer []byte
	hash   maphash.Seed
}

// loggedTurn is where the log of a turn is.
type loggedTurn struct {
	batch int64
	parts int
}

// NewCheckpoint is of a location of which nothing is stored.
func NewCheckpoint(location int64) *Checkpoint {
	return &Checkpoint{location: location, all: true, hash: maphash.MakeSeed()}
}

// PutBlocks puts some of the blocks whose turn it is, and reports whether there
// are more.
func (c *Checkpoint) PutBlocks(b *Batch, t *tracker.Tracker) (more bool) {
	c.grow(t)
	from, to := c.round*c.turn/roundTurns, c.round*(c.turn+1)/roundTurns
	if c.turn == roundTurns-1 {
		to = len(c.stored) // those of this round too
	}
	if c.all {
		from, to = 0, len(c.stored)
	}
	c.next = max(c.next, from)
	for end := min(c.next+someBlocks, to); c.next < end; c.next++ {
		c.putBlock(b, t, c.next)
	}
	return c.next < to
}

// PutChanges puts the log of who changed since the last one. batch is the number
// of the batch.
func (c *Checkpoint) PutChanges(b *Batch, batch int64, t *tracker.Tracker) {
	c.grow(t)
	for _, key := range c.stale {
		b.Delete(People, key)
	}
	c.stale, c.all = nil, false
	old := c.logs[c.turn]
	for part := range old.parts {
		b.Delete(People, logKey(c.location, old.batch, part))
	}
	c.logs[c.turn] = loggedTurn{batch: batch, parts: c.putLog(b, batch, t)}
	c.putGroups(b, t)
	c.next = 0
	if c.turn = (c.turn + 1) % roundTurns; c.turn == 0 || c.round == 0 {
		c.round = len(c.stored)
	}
}

func (c *Checkpoint) grow(t *tracker.Tracker) {
	for len(c.stored) < (int(t.Slots())+blockSlots-1)/blockSlots {
		c.stored = append(c.stored, 0)
	}
}

// putBlock puts a block unless it is stored just so.
func (c *Checkpoint) putBlock(b *Batch, t *tracker.Tracker, block int) {
	c.buffer = append(c.buffer[:0], codecVersion)
	first := int32(block) * blockSlots
	t.Records(first, first+blockSlots, func(slot int32, record []byte) {
		c.buffer = appendRecord(c.buffer, slot-first, record)
	})
	hash := maphash.Bytes(c.hash, c.buffer) | 1
	if hash == c.stored[block] {
		return
	}
	c.stored[block] = hash
	if len(c.buffer) == 1 {
		b.Delete(People, blockKey(c.location, block))
		return
	}
	b.Put(People, blockKey(c.location, block), slices.Clone(c.buffer))
}

// putLog returns in how many parts it put the log. A location of one block has
// none: the block is put whenever somebody changed.
func (c *Checkpoint) putLog(b *Batch, batch int64, t *tracker.Tracker) (parts int) {
	c.buffer = append(c.buffer[:0], codecVersion)
	put := func() {
		if len(c.buffer) > 1 {
			b.Put(People, logKey(c.location, batch, parts), slices.Clone(c.buffer))
			parts, c.buffer = parts+1, c.buffer[:1]
		}
	}
	changed := false
	t.Drain(func(slot int32, record []byte) {
		changed = true
		if len(c.stored) == 1 {
			return
		}
		if c.buffer = appendRecord(c.buffer, slot, record); len(c.buffer) >= partLength {
			put()
		}
	})
	put()
	if changed && len(c.stored) == 1 {
		c.putBlock(b, t, 0)
	}
	return parts
}

// putGroups puts who appeared lately, and may have come together.
func (c *Checkpoint) putGroups(b *Batch, t *tracker.Tracker) {
	key := append(appendLocation(nil, c.location), peopleGroup)
	switch groups, changed := t.AppendGroups(nil); {
	case !changed:
	case len(groups) == 0:
		b.Delete(People, key)
	default:
		b.Put(People, key, groups)
	}
}

// appendRecord appends one person; an empty record is nobody.
func appendRecord(b []byte, slot int32, record []byte) []byte {
	b = binary.AppendUvarint(b, uint64(slot))
	b = binary.AppendUvarint(b, uint64(len(record)))
	return append(b, record...)
}
