package signals

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
)

func benchFrames(n int, draw func(r *rand.Rand) string) [][]byte {
	r := rand.New(rand.NewPCG(1, 2))
	all := [][]byte{}
	for range n {
		all = append(all, []byte(draw(r)))
	}
	return all
}

// BenchmarkDecode decodes positions as different servers write them; slow is the
// same plain position read by encoding/json.
func BenchmarkDecode(b *testing.B) {
	shapes := []struct {
		name string
		draw func(r *rand.Rand) string
	}{
		{"plain", func(r *rand.Rand) string {
			return fmt.Sprintf(`{"type":"realtime_person_position","person_id":%d,"location_id":%d,"position":{"x":%.2f,"y":%.2f}}`,
				r.IntN(100000), 104, r.Float64()*2000-1000, r.Float64()*2000-1000)
		}},
		{"both", func(r *rand.Rand) string {
			m := Message{Kind: KindPosition, PersonID: r.Int64N(100000), LocationID: 104, X: float64(r.IntN(100000)) / 100, Y: float64(r.IntN(100000)) / 100, Confidence: nan32}
			return string(Append(nil, &m))
		}},
		{"spaced", func(r *rand.Rand) string {
			return fmt.Sprintf(`{"type": "realtime_person_position", "person_id": %d, "location_id": %d, "position": {"x": %.2f, "y": %.2f}, "confidence": 0.%d}`,
				r.IntN(100000), 104, r.Float64()*2000-1000, r.Float64()*2000-1000, r.IntN(100))
		}},
		{"digits", func(r *rand.Rand) string {
			return fmt.Sprintf(`{"type":"realtime_person_position","person_id":%d,"location_id":%d,"position":{"x":%v,"y":%v}}`,
				r.IntN(100000), 104, r.Float64()*2000-1000, r.Float64()*2000-1000)
		}},
	}
	for _, shape := range shapes {
		frames := benchFrames(8192, shape.draw)
		b.Run(shape.name, func(b *testing.B) { benchDecode(b, frames, Decode) })
		if shape.name == "plain" {
			b.Run("slow", func(b *testing.B) { benchDecode(b, frames, decodeSlow) })
			b.Run("struct", func(b *testing.B) { benchDecode(b, frames, decodeStruct) })
		}
	}
}

func benchDecode(b *testing.B, frames [][]byte, decode func([]byte, *Message) error) {
	b.ReportAllocs()
	var m Message
	for i := 0; b.Loop(); i++ {
		if err := decode(frames[i&(len(frames)-1)], &m); err != nil {
			b.Fatal(err)
		}
	}
}

// decodeStruct is what most would write: encoding/json into a struct.
func decodeStruct(frame []byte, m *Message) error {
	var v struct {
		Type       string `json:"type"`
		PersonID   int64  `json:"person_id"`
		LocationID int64  `json:"location_id"`
		Position   struct {
			X float64 `json:"x"`
			Y float64 `json:"y"`
		} `json:"position"`
		Confidence *float64 `json:"confidence"`
	}
	if err := json.Unmarshal(frame, &v); err != nil {
		return err
	}
	m.Kind, m.PersonID, m.LocationID = kindOf(v.Type), v.PersonID, v.LocationID
	m.X, m.Y = v.Position.X, v.Position.Y
	return nil
}
