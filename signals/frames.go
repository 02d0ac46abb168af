package signals

import "iter"

// Frames is a batch of messages, encoded once as they go over the wire and shared
// between any number of subscribers. It is immutable. The zero value is empty.
type Frames struct {
	wire  []byte
	count int
}

// EncodeFrames encodes messages, each as a text frame of its own, in order. It
// keeps no reference to them.
func EncodeFrames(messages []Message) Frames {
	f := Frames{wire: make([]byte, 0, len(messages)*frameEstimate)}
	for i := range messages {
		f.wire = appendMessageFrame(f.wire, &messages[i])
	}
	f.count = len(messages)
	return f
}

// Len is the number of messages.
func (f Frames) Len() int { return f.count }

// Size is the number of bytes on the wire.
func (f Frames) Size() int { return len(f.wire) }

// All yields each message's JSON, in order. The slices are parts of the batch and
// not to be changed.
func (f Frames) All() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for rest := f.wire; len(rest) > 0; {
			var payload []byte
			payload, rest = cutFrame(rest)
			if !yield(payload) {
				return
			}
		}
	}
}
