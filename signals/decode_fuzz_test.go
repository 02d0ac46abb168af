package signals

import (
	"testing"
)

// FuzzDecode holds the scanner against encoding/json: what the scanner accepts,
// the slow path reads to the very same message; what Append makes of a known
// kind reads back.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"type":"realtime_person_position","person_id":7,"location_id":21,"position":{"x":-554.56,"y":309.45}}`,
		`{"type": "realtime_person_position", "person_id": 7, "location_id": 21, "position": {"x": 1.0, "y": -0}, "confidence": 0.25}`,
		`{"type":"realtime_person_position","message_type":"realtime_person_position","person_id":1,"location_id":1,"position":{"x":0.1000000000000000055511151231257827,"y":9007199254740993},"confidence":1}`,
		`{"message_type":"realtime_demographics","person_id":-7,"location_id":0,"gender":2,"age":34.5,"extra":"text"}`,
		`{"type":"realtime_demographics","person_id":7,"location_id":21,"gender":null,"age":1e1,"age":2}`,
		`{"type":"realtime_person_lost","person_id":9223372036854775808,"location_id":-9223372036854775808}`,
		`{"type":"realtime_person_lost","person\u005fid":7,"location_id":21,"x":true,"y":false,"z":null}`,
		`{"type":"realtime_register","result":"success"} `,
		`{"type":"close_connection","message":"\ud800"}`,
		`{"type":"realtime_person_position","person_id":1,"location_id":1,"position":{"y":1,"x":2}}`,
		`{"type":"realtime_person_position","person_id":01,"location_id":1.0,"position":{"x":1.,"y":.2}}`,
		"{\"type\":\"realtime_person_lost\",\"person_id\":1,\"location_id\":1,\"\xff\":1}",
		`{"type":"realtime_person_position","message_type":"realtime_person_position","person_id":12345678901,"location_id":21,"position":{"x":-1234.56,"y":0},"confidence":0.5}`,
		"{\"type\":\"realtime_person_position\",\"person_id\":1\xA0,\"location_id\":1,\"position\":{\"x\":1.5\xB1,\"y\":1}}",
		`[{}]`, `null`, `{}`, ``, `{"a":}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		var slow Message
		err := decodeSlow(frame, &slow)
		for name, scan := range map[string]func([]byte, *Message) bool{"usual": decodeUsual, "fast": decodeFast} {
			var fast Message
			if !scan(frame, &fast) {
				continue
			}
			if err != nil {
				t.Fatalf("%q: the scanner (%s) accepts what is malformed: %v", frame, name, err)
			}
			if !same(fast, slow) {
				t.Fatalf("%q\nscanner (%s) %+v\nencoding/json %+v", frame, name, fast, slow)
			}
		}
		if err != nil || slow.Kind == KindUnknown {
			return
		}
		wire := Append(nil, &slow)
		var again Message
		if len(wire) > MaxFrame {
			return
		}
		if err := Decode(wire, &again); err != nil || !same(again, slow) {
			t.Fatalf("%q\ncame back as %q: %+v, %v", frame, wire, again, err)
		}
	})
}
