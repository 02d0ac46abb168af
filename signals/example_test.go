package signals_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"strings"

	"github.com/footfall/footfall/signals"
)

func ExampleDecode() {
	var m signals.Message
	err := signals.Decode([]byte(`{"type":"realtime_person_position","person_id":7,"location_id":21,"position":{"x":-554.56,"y":309.45}}`), &m)
	fmt.Println(m.Kind, m.PersonID, m.LocationID, m.X, m.Y, m.HasConfidence(), err)

	err = signals.Decode([]byte(`{"type":"realtime_person_position","person_id":"7"}`), &m)
	fmt.Println(err)
	// Output:
	// realtime_person_position 7 21 -554.56 309.45 false <nil>
	// person_id is missing or not an integer of 64 bits
}

func ExampleAppend() {
	m := signals.Message{Kind: signals.KindLost, PersonID: 7, LocationID: 21}
	fmt.Printf("%s\n", signals.Append(nil, &m))
	// Output:
	// {"type":"realtime_person_lost","message_type":"realtime_person_lost","person_id":7,"location_id":21}
}

// printer prints what it gets, and is done when somebody is lost.
type printer struct{ done func() }

func (p printer) Connected(int64)           { fmt.Fprintln(os.Stdout, "connected") }
func (p printer) Disconnected(int64, error) { fmt.Fprintln(os.Stdout, "disconnected") }
func (p printer) Messages(batch []signals.Message) {
	for _, m := range batch {
		fmt.Fprintln(os.Stdout, m.Kind, m.PersonID)
		if m.Kind == signals.KindLost {
			p.done()
		}
	}
}

// A feed, served and read. What was published before the client came is what it
// gets first.
func Example() {
	hub := signals.NewHub()
	server := signals.NewServer(signals.ServerConfig{Authorize: signals.AllowAll, Source: hub})
	host := httptest.NewServer(server)
	defer host.Close()
	defer server.Shutdown(context.Background())

	hub.Publish([]signals.Message{{Kind: signals.KindPosition, PersonID: 7, LocationID: 21, X: 100, Y: 200}})

	ctx, cancel := context.WithCancel(context.Background())
	client := signals.NewClient(signals.ClientConfig{
		URL:       "ws" + strings.TrimPrefix(host.URL, "http") + "/websocket_realtime",
		Locations: []int64{21},
		Sink:      publisher{printer{cancel}, hub},
	})
	fmt.Println(client.Run(ctx), client.Status().State)
	// Output:
	// connected
	// realtime_person_position 7
	// realtime_person_lost 7
	// disconnected
	// <nil> stopped
}

// publisher lets the person go as soon as it has been seen.
type publisher struct {
	printer
	hub *signals.Hub
}

func (p publisher) Messages(batch []signals.Message) {
	p.printer.Messages(batch)
	for _, m := range batch {
		if m.Kind == signals.KindPosition {
			p.hub.Publish([]signals.Message{{Kind: signals.KindLost, PersonID: m.PersonID, LocationID: m.LocationID}})
		}
	}
}
