package signals

import (
	"encoding/json"
	"errors"
	"testing"
	"unicode/utf8"
)

// FuzzRequest: what a client says is refused with a reason that can be told it, or is a
// request that says the same when it is written down and read again.
func FuzzRequest(f *testing.F) {
	for _, seed := range []string{
		registration, `{"message_type":"realtime_register","token":7,"locations":[1,1,99]}`, `{"type":"realtime_heartbeat"}`, `{"type":7}`, `{"type":null}`,
		`{"type":"realtime_register","locations":[1.0,1e2]}`, `{"type":"realtime_register","locations":{"a":1}}`, `{"type":"realtime_register","locations":[9223372036854775808]}`,
		`{"type":"realtime_register","token":"\ud800","locations":[1]}`, `[]`, ``, `{"type":"realtime_register","locations":[1,2,3,4,5,6,7,8,9]}`, `{"type":"x","type":"realtime_heartbeat"} `,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		const most = 8
		req, err := parseRequest(frame, most)
		if err != nil {
			var refused *DecodeError
			if !errors.As(err, &refused) || err.Error() == "" || len(err.Error()) > 300 {
				t.Fatalf("%q: %v", frame, err)
			}
			return
		}
		if req.fault != "" {
			if req.kind != KindRegister || req.locations != nil && len(req.fault) == 0 || len(req.fault) > 300 || !utf8.ValidString(req.fault) {
				t.Fatalf("%q: %+v", frame, req)
			}
			return
		}
		if req.kind != KindRegister {
			return
		}
		seen := map[int64]bool{}
		for _, l := range req.locations {
			if seen[l] {
				t.Fatalf("%q: %d twice", frame, l)
			}
			seen[l] = true
		}
		if len(seen) == 0 || len(seen) > most {
			t.Fatalf("%q: %d locations", frame, len(seen))
		}
		written, err := json.Marshal(map[string]any{"type": "realtime_register", "token": req.token, "locations": req.locations})
		if err != nil {
			t.Fatal(err)
		}
		again, err := parseRequest(written, most)
		if err != nil || again.token != req.token || len(again.locations) != len(req.locations) || again.fault != "" {
			t.Fatalf("%q is %+v, written %s, which is %+v, %v", frame, req, written, again, err)
		}
	})
}
