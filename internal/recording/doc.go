// Package recording reads and writes recordings of Signals messages.
//
// A recording is NDJSON, plain or compressed with gzip or Zstandard; each line is
//
//	{"time":"2026-03-02T09:00:00.040Z","message":{…a Signals message as on the wire…}}
//
// Reading. The encoding is told by the first bytes of the file, not by its name.
// Blank lines and a UTF-8 byte order mark at the start are skipped, unknown members
// of a line are ignored, of a member given twice the last one counts. A line's time
// is an RFC 3339 instant in the years 1970 to 2200, fractions beyond microseconds
// are cut off. A [Reader]'s clock never steps back: a step of at most [MaxStepBack]
// is taken at the latest time seen and counted ([Reader.StepsBack]).
//
// A malformed line is one that is longer than [MaxLine], is no JSON object, lacks a
// time or a message, holds a message that [signals.Decode] refuses, or steps farther
// back, or forward by more than [MaxStepForward]. It yields a [*LineError], changes nothing, and the next call of
// [Reader.Next] goes on with the line after it. A message of unknown type is no
// error. A file that cannot be read on, such as a compressed one that was cut,
// yields a [*StreamError], from then on at every call.
//
// Writing. [Create] takes the encoding from the name: .gz is gzip, .zst is
// Zstandard, anything else plain.
//
// Concurrency. A Reader and a Writer belong to one goroutine each, save
// [Reader.BytesRead], which any goroutine may call. A Reader of a compressed stream
// owns one goroutine that decompresses a few blocks ahead; [Reader.Close] ends it
// and returns when it has ended.
package recording
