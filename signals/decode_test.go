package signals

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// same reports whether two messages are equal, NaN being equal to itself.
func same(a, b Message) bool {
	bits := func(m Message) [4]uint64 {
		return [4]uint64{math.Float64bits(m.X), math.Float64bits(m.Y),
			uint64(math.Float32bits(m.Confidence)), uint64(math.Float32bits(m.Age))}
	}
	if bits(a) != bits(b) {
		return false
	}
	a.X, a.Y, a.Confidence, a.Age = b.X, b.Y, 0, 0
	b.Confidence, b.Age = 0, 0
	return a == b
}

func TestDecodeWellFormed(t *testing.T) {
	confident := position(7, 21, 1, 2)
	confident.Confidence = 0.25
	tests := []struct {
		name, frame string
		want        Message
		fast        bool // must not need encoding/json
	}{
		{"position", `{"type":"realtime_person_position","person_id":7,"location_id":21,"position":{"x":-554.56,"y":309.45}}`, position(7, 21, -554.56, 309.45), true},
		{"as python writes it", `{"type": "realtime_person_position", "person_id": 7, "location_id": 21, "position": {"x": 1.0, "y": 2}, "confidence": 0.25}`, confident, true},
		{"indented", "\n{\n\t\"type\": \"realtime_person_lost\",\r\n\t\"person_id\": 7,\n\t\"location_id\": 21\n}\n", lost(7, 21), true},
		{"message_type alone", `{"message_type":"realtime_person_lost","person_id":7,"location_id":21}`, lost(7, 21), true},
		{"type wins", `{"message_type":"realtime_person_position","type":"realtime_person_lost","person_id":7,"location_id":21}`, lost(7, 21), true},
		{"type null", `{"type":null,"message_type":"realtime_person_lost","person_id":7,"location_id":21}`, lost(7, 21), false},
		{"type last", `{"person_id":7,"location_id":21,"position":{"x":1,"y":2},"confidence":0.25,"type":"realtime_person_position"}`, confident, true},
		{"unknown fields", `{"type":"realtime_person_lost","speed":1.5,"note":"a b","on":true,"off":false,"nil":null,"person_id":7,"location_id":21}`, lost(7, 21), true},
		{"unknown nested field", `{"type":"realtime_person_lost","v":{"person_id":[9]},"person_id":7,"location_id":21}`, lost(7, 21), false},
		{"height in the position", `{"type":"realtime_person_position","person_id":7,"location_id":21,"position":{"x":1,"y":2,"z":3}}`, position(7, 21, 1, 2), false},
		{"exponents", `{"type":"realtime_person_position","person_id":7,"location_id":21,"position":{"x":1e2,"y":-2.5E-1}}`, position(7, 21, 100, -0.25), false},
		{"many digits", `{"type":"realtime_person_position","person_id":7,"location_id":21,"position":{"x":123.45678901234567,"y":-0.1000000000000000055511151231257827}}`, position(7, 21, 123.45678901234567, -0.1), true},
		{"at the limit", `{"type":"realtime_person_position","person_id":7,"location_id":21,"position":{"x":100000000,"y":-100000000}}`, position(7, 21, 1e8, -1e8), true},
		{"largest ids", `{"type":"realtime_person_lost","person_id":9223372036854775807,"location_id":-9223372036854775807}`, lost(math.MaxInt64, -math.MaxInt64), true},
		{"least id", `{"type":"realtime_person_lost","person_id":-9223372036854775808,"location_id":0}`, lost(math.MinInt64, 0), false},
		{"escaped key", `{"type":"realtime_person_lost","person\u005fid":7,"location_id":21}`, lost(7, 21), false},
		{"last of equal keys", `{"type":"realtime_person_lost","person_id":"x","location_id":21,"person_id":7}`, lost(7, 21), false},
		{"other case is another key", `{"type":"realtime_person_lost","person_id":7,"Person_ID":8,"location_id":21}`, lost(7, 21), true},
		{"demographics", `{"type":"realtime_demographics","person_id":7,"location_id":21,"gender":2,"age":34.5}`, estimate(7, 21, GenderFemale, 34.5), true},
		{"gender alone", `{"type":"realtime_demographics","person_id":7,"location_id":21,"gender":1}`, estimate(7, 21, GenderMale, nan32), true},
		{"age alone", `{"type":"realtime_demographics","person_id":7,"location_id":21,"age":0}`, estimate(7, 21, GenderUnknown, 0), true},
		{"gender 0", `{"type":"realtime_demographics","person_id":7,"location_id":21,"gender":0,"age":150}`, estimate(7, 21, GenderUnknown, 150), true},
		{"gender null", `{"type":"realtime_demographics","person_id":7,"location_id":21,"gender":null,"age":150}`, estimate(7, 21, GenderUnknown, 150), false},
		{"confidence null", `{"type":"realtime_person_position","person_id":7,"location_id":21,"position":{"x":1,"y":2},"confidence":null}`, position(7, 21, 1, 2), false},
		{"what the kind does not know", `{"type":"realtime_person_lost","person_id":7,"location_id":21,"age":1000,"gender":7,"position":{"x":1e300,"y":0}}`, lost(7, 21), false},
		{"success", `{"type":"realtime_register","result":"success"}`, Message{Kind: KindRegister, Text: "success", Confidence: nan32, Age: nan32}, false},
		{"result of another form", `{"type":"realtime_register","result":{"error": "token"}}`, Message{Kind: KindRegister, Text: `{"error":"token"}`, Confidence: nan32, Age: nan32}, false},
		{"close", `{"type":"close_connection","message":"bye \u00e4"}`, Message{Kind: KindClose, Text: "bye ä", Confidence: nan32, Age: nan32}, false},
		{"heartbeat", `{"type":"realtime_heartbeat"}`, Message{Kind: KindHeartbeat, Confidence: nan32, Age: nan32}, false},
		{"unknown type", `{"type":"realtime_weather","person_id":"x"}`, Message{Text: "realtime_weather", Confidence: nan32, Age: nan32}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := Message{Time: 5, Text: "left over", X: 9, Gender: 1, Age: 3, Confidence: 1}
			if err := Decode([]byte(test.frame), &got); err != nil {
				t.Fatal(err)
			}
			test.want.Time = 5
			if !same(got, test.want) {
				t.Errorf("got  %+v\nwant %+v", got, test.want)
			}
			if fast := decodeFast([]byte(test.frame), &got); fast != test.fast {
				t.Errorf("read by the scanner: %v, want %v", fast, test.fast)
			}
		})
	}
}

func TestDecodeMalformed(t *testing.T) {
	position := func(rest string) string {
		return `{"type":"realtime_person_position","person_id":7,"location_id":21,` + rest + `}`
	}
	estimate := func(rest string) string {
		return `{"type":"realtime_demographics","person_id":7,"location_id":21` + rest + `}`
	}
	lost := func(person, location string) string {
		return `{"type":"realtime_person_lost","person_id":` + person + `,"location_id":` + location + `}`
	}
	tests := []struct {
		frame string
		want  Reason
	}{
		{"", ReasonNotJSON},
		{"hello", ReasonNotJSON},
		{`{"type":"realtime_heartbeat"`, ReasonNotJSON},
		{`{"type":"realtime_heartbeat"}{}`, ReasonNotJSON},
		{`{"type":"realtime_heartbeat",}`, ReasonNotJSON},
		{lost("7", "21") + "x", ReasonNotJSON},
		{lost("07", "21"), ReasonNotJSON},
		{lost("NaN", "21"), ReasonNotJSON},
		{position(`"position":{"x":NaN,"y":1}`), ReasonNotJSON},
		{position(`"position":{"x":.5,"y":1}`), ReasonNotJSON},
		{position(`"position":{"x":1.,"y":1}`), ReasonNotJSON},
		{position(`"position":{"x":+1,"y":1}`), ReasonNotJSON},
		{position(`"position":{"x":-,"y":1}`), ReasonNotJSON},
		{position(`"position":{"x":0x10,"y":1}`), ReasonNotJSON},
		{position(`"position":{"x":1_0,"y":1}`), ReasonNotJSON},
		{strings.Repeat("[", 20000), ReasonNotJSON},
		{`null`, ReasonNotObject},
		{`[1]`, ReasonNotObject},
		{`"realtime_heartbeat"`, ReasonNotObject},
		{`17`, ReasonNotObject},
		{`{}`, ReasonNoType},
		{`{"person_id":7,"location_id":21,"position":{"x":1,"y":1}}`, ReasonNoType},
		{`{"Type":"realtime_heartbeat"}`, ReasonNoType},
		{`{"type":7}`, ReasonType},
		{`{"type":{},"message_type":"realtime_heartbeat"}`, ReasonType},
		{lost(`"7"`, "21"), ReasonPersonID},
		{lost("7.0", "21"), ReasonPersonID},
		{lost("7e1", "21"), ReasonPersonID},
		{lost("9223372036854775808", "21"), ReasonPersonID},
		{lost("null", "21"), ReasonPersonID},
		{lost("7", "18446744073709551617"), ReasonLocationID},
		{lost("7", `[21]`), ReasonLocationID},
		{`{"type":"realtime_person_lost","location_id":21}`, ReasonPersonID},
		{`{"type":"realtime_person_lost","person_id":7}`, ReasonLocationID},
		{position(`"x":1,"y":1`), ReasonPosition},
		{position(`"position":null`), ReasonPosition},
		{position(`"position":[1,2]`), ReasonPosition},
		{position(`"position":{"x":1}`), ReasonPosition},
		{position(`"position":{"x":"1","y":1}`), ReasonPosition},
		{position(`"position":{"x":1,"y":null}`), ReasonPosition},
		{position(`"position":{"x":1e308,"y":1}`), ReasonPosition},
		{position(`"position":{"x":1e999,"y":1}`), ReasonPosition},
		{position(`"position":{"x":100000001,"y":1}`), ReasonPosition},
		{position(`"position":{"x":1,"y":1},"confidence":1.01`), ReasonConfidence},
		{position(`"position":{"x":1,"y":1},"confidence":-0.1`), ReasonConfidence},
		{position(`"position":{"x":1,"y":1},"confidence":"1"`), ReasonConfidence},
		{estimate(``), ReasonNoEstimate},
		{estimate(`,"gender":0`), ReasonNoEstimate},
		{estimate(`,"gender":null,"age":null`), ReasonNoEstimate},
		{estimate(`,"gender":3,"age":30`), ReasonGender},
		{estimate(`,"gender":-1,"age":30`), ReasonGender},
		{estimate(`,"gender":257,"age":30`), ReasonGender},
		{estimate(`,"gender":"male"`), ReasonGender},
		{estimate(`,"gender":1,"age":150.5`), ReasonAge},
		{estimate(`,"gender":1,"age":-1`), ReasonAge},
		{estimate(`,"gender":1,"age":"30"`), ReasonAge},
		{`{"type":"realtime_heartbeat","pad":"` + strings.Repeat("x", MaxFrame) + `"}`, ReasonTooLarge},
	}
	for _, test := range tests {
		var m Message
		err := Decode([]byte(test.frame), &m)
		var fault *DecodeError
		if !errors.As(err, &fault) || fault.Reason != test.want {
			t.Errorf("%.120s: got %v, want reason %v", test.frame, err, test.want)
		}
	}
}

func TestReasonsAreDistinct(t *testing.T) {
	labels := map[string]bool{}
	for _, r := range Reasons() {
		text := (&DecodeError{r}).Error()
		if labels[r.String()] || labels[text] || r.String() == "" || text == "" {
			t.Errorf("reason %d: %q, %q", r, r, text)
		}
		labels[r.String()], labels[text] = true, true
	}
}

func TestDecodeAllocatesNothing(t *testing.T) {
	var m Message
	for _, frame := range [][]byte{
		[]byte(`{"type":"realtime_person_position","person_id":7,"location_id":21,"position":{"x":-554.56,"y":309.4512345678901234}}`),
		[]byte(`{"type":"realtime_person_lost","person_id":7,"location_id":21}`),
		[]byte(`{"type":"realtime_demographics","person_id":7,"location_id":21,"gender":2,"age":34.5}`),
	} {
		if n := testing.AllocsPerRun(100, func() { Decode(frame, &m) }); n != 0 {
			t.Errorf("%s: %v allocations", frame, n)
		}
	}
}

// anyMessage draws a message of a known kind as Decode could have made it.
func anyMessage(t *rapid.T) Message {
	m := Message{Kind: rapid.SampledFrom([]Kind{KindPosition, KindLost, KindDemographics, KindRegister, KindHeartbeat, KindClose}).Draw(t, "kind")}
	m.Confidence, m.Age = nan32, nan32
	if isHot(m.Kind) {
		m.PersonID, m.LocationID = rapid.Int64().Draw(t, "person"), rapid.Int64().Draw(t, "location")
	}
	switch m.Kind {
	case KindPosition:
		m.X = rapid.Float64Range(-MaxCoordinate, MaxCoordinate).Draw(t, "x")
		m.Y = rapid.Float64Range(-MaxCoordinate, MaxCoordinate).Draw(t, "y")
		if rapid.Bool().Draw(t, "confident") {
			m.Confidence = rapid.Float32Range(0, 1).Draw(t, "confidence")
		}
	case KindDemographics:
		m.Gender = Gender(rapid.IntRange(0, 2).Draw(t, "gender"))
		if m.Gender == GenderUnknown || rapid.Bool().Draw(t, "aged") {
			m.Age = rapid.Float32Range(0, MaxAge).Draw(t, "age")
		}
	case KindRegister, KindClose:
		m.Text = rapid.String().Draw(t, "text")
	default:
	}
	return m
}

func TestAppendReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyMessage(t)
		frame := Append(nil, &want)
		var got Message
		if err := Decode(frame, &got); err != nil {
			t.Fatalf("%s: %v", frame, err)
		}
		if !same(got, want) {
			t.Fatalf("%s\ngot  %+v\nwant %+v", frame, got, want)
		}
	})
}

func TestAppendNamesTheTypeTwice(t *testing.T) {
	m := position(7, 21, 1.5, -2)
	want := `{"type":"realtime_person_position","message_type":"realtime_person_position","person_id":7,"location_id":21,"position":{"x":1.5,"y":-2}}`
	if got := string(Append([]byte("> "), &m)); got != "> "+want {
		t.Errorf("got  %s\nwant > %s", got, want)
	}
}

func TestAppendFloatAsStrconvDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.Float64Range(-MaxCoordinate, MaxCoordinate).Draw(t, "f")
		if decimals := rapid.IntRange(-1, 6).Draw(t, "decimals"); decimals >= 0 {
			f, _ = strconv.ParseFloat(strconv.FormatFloat(f, 'f', decimals, 64), 64)
		}
		if a := math.Abs(f); a != 0 && a < 1e-5 {
			return
		}
		if got, want := string(appendFloat(nil, f, 64)), strconv.FormatFloat(f, 'f', -1, 64); got != want {
			t.Fatalf("%s, want %s", got, want)
		}
		if got, want := string(appendFloat(nil, float64(float32(f)), 32)), strconv.FormatFloat(float64(float32(f)), 'f', -1, 32); got != want {
			t.Fatalf("%s, want %s of 32 bits", got, want)
		}
	})
}

func TestAppendOfWhatJSONCannotSay(t *testing.T) {
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		m := position(7, 21, x, 0)
		err := Decode(Append(nil, &m), &m)
		var fault *DecodeError
		if !errors.As(err, &fault) || fault.Reason != ReasonPosition {
			t.Errorf("%v: %v", x, err)
		}
	}
}

// The scanner agrees with encoding/json on messages put together at random from
// what is plain, what is unusual and what is wrong.
func TestScannerAgreesWithEncodingJSON(t *testing.T) {
	space := rapid.SampledFrom([]string{"", "", "", " ", "\n\t", "\r\n  "})
	number := rapid.SampledFrom([]string{"0", "-0", "1", "7", "21", "1.5", "-554.56", "0.1", "0.50", "1e2", "1E-3", "01", "-", "1.", ".5", "100000000", "100000000.1",
		"12345678901234567", "9007199254740993", "9223372036854775807", "9223372036854775808", "123456789012345678901234567890", "0.3000000000000000444", "1e400", "NaN", "null", `"1"`, "true", "[1]", "{}", "150", "2", "3"})
	wireType := rapid.SampledFrom([]string{`"realtime_person_position"`, `"realtime_person_position"`, `"realtime_person_lost"`, `"realtime_demographics"`, `"realtime_demographic"`, `"x"`, "null", "7"})
	rapid.Check(t, func(t *rapid.T) {
		sp := func() string { return space.Draw(t, "space") }
		value := func(key string) string {
			switch key {
			case "type", "message_type":
				return wireType.Draw(t, "type")
			case "position":
				if rapid.IntRange(0, 9).Draw(t, "odd") == 0 {
					return number.Draw(t, "position")
				}
				return "{" + sp() + `"x":` + sp() + number.Draw(t, "x") + sp() + "," + sp() + `"y":` + number.Draw(t, "y") + sp() + "}"
			}
			return number.Draw(t, key)
		}
		keys := rapid.SliceOfN(rapid.SampledFrom([]string{"type", "message_type", "person_id", "location_id", "position", "confidence", "gender", "age", "other", "Age", "t"}), 0, 8).Draw(t, "keys")
		if rapid.Bool().Draw(t, "complete") {
			keys = append([]string{"type", "person_id", "location_id", "position", "gender"}, keys...)
		}
		var frame strings.Builder
		frame.WriteString(sp() + "{")
		for i, key := range keys {
			if i > 0 {
				frame.WriteString(sp() + ",")
			}
			frame.WriteString(sp() + `"` + key + `":` + sp() + value(key))
		}
		frame.WriteString(sp() + "}" + sp())
		var fast, slow Message
		if !decodeFast([]byte(frame.String()), &fast) {
			return
		}
		if err := decodeSlow([]byte(frame.String()), &slow); err != nil || !same(fast, slow) {
			t.Fatalf("%s\nscanner       %+v\nencoding/json %+v, %v", frame.String(), fast, slow, err)
		}
	})
}
