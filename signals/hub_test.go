package signals

import (
	"fmt"
	"slices"
	"sync"
	"testing"
)

// drain decodes what a subscriber holds.
func drain(t *testing.T, sub *Subscriber) (all []Message) {
	t.Helper()
	taken, _ := sub.Take(nil)
	for _, frames := range taken {
		n := 0
		for frame := range frames.All() {
			var m Message
			if err := Decode(frame, &m); err != nil {
				t.Fatalf("%s: %v", frame, err)
			}
			all = append(all, m)
			n++
		}
		if n != frames.Len() {
			t.Errorf("a batch of %d says it has %d", n, frames.Len())
		}
	}
	return all
}

func subscribe(t *testing.T, h *Hub, locations ...int64) (*Subscriber, func()) {
	t.Helper()
	sub := NewSubscriber(1<<30, 1<<20)
	cancel, err := h.Subscribe(locations, sub)
	if err != nil {
		t.Fatal(err)
	}
	sub.Opened()
	return sub, cancel
}

func TestHubKeepsEachLocationsOrder(t *testing.T) {
	h := NewHub()
	both, cancel := subscribe(t, h, 1, 2)
	defer cancel()
	one, cancelOne := subscribe(t, h, 1)
	defer cancelOne()
	batch := []Message{position(1, 1, 1, 0), position(1, 2, 1, 0), position(2, 1, 2, 0), {Kind: KindHeartbeat}, position(1, 3, 0, 0), lost(1, 1), lost(1, 2)}
	h.Publish(batch)
	of := func(all []Message, location int64) []Message {
		return slices.DeleteFunc(slices.Clone(all), func(m Message) bool { return m.LocationID != location })
	}
	heard := drain(t, both)
	if len(heard) != 5 {
		t.Fatalf("heard %d messages", len(heard))
	}
	for _, location := range []int64{1, 2} {
		if got, want := of(heard, location), of(batch, location); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("location %d: got %v, want %v", location, got, want)
		}
	}
	if got, want := drain(t, one), of(batch, 1); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestHubForgetsTheSilent(t *testing.T) {
	h := NewHub()
	publish := func(person, seconds int64) {
		m := position(person, 1, 0, 0)
		m.Time = seconds * 1_000_000
		h.Publish([]Message{m})
	}
	publish(1, 0)
	publish(2, 30)
	publish(3, 61)
	sub, cancel := subscribe(t, h, 1)
	defer cancel()
	var people []int64
	for _, m := range drain(t, sub) {
		people = append(people, m.PersonID)
	}
	if !slices.Equal(people, []int64{2, 3}) {
		t.Errorf("present are %v", people)
	}
}

func TestHubIsBoundedByWhoIsThere(t *testing.T) {
	h := NewHub()
	for i := range int64(100_000) {
		m := position(i, 1, 0, 0)
		m.Time = i * 1_000_000 // one new person a second, none of them ever lost
		h.Publish([]Message{m})
	}
	if n := len(h.rooms[1].people); n > 2048 {
		t.Errorf("%d people kept", n)
	}
	_, cancel := subscribe(t, h, 1, 5, 6)
	cancel()
	if n := len(h.rooms); n != 1 {
		t.Errorf("%d locations kept, of which one was ever heard of", n)
	}
}

func TestHubFromManyGoroutines(t *testing.T) {
	h := NewHub()
	var publishers sync.WaitGroup
	for location := range int64(4) {
		publishers.Add(1)
		go func() {
			defer publishers.Done()
			for i := range int64(500) {
				h.Publish([]Message{position(i, location, 0, 0), position(i, location, 1, 0)})
			}
		}()
	}
	sub, cancel := subscribe(t, h, 0, 1, 2, 3)
	publishers.Wait()
	cancel()
	cancel()
	seen := make(map[[2]int64]float64)
	for _, m := range drain(t, sub) {
		key := [2]int64{m.LocationID, m.PersonID}
		if x, ok := seen[key]; ok && x > m.X {
			t.Fatalf("%v goes back", key)
		}
		seen[key] = m.X
	}
	if len(seen) != 4*500 {
		t.Errorf("heard of %d people", len(seen))
	}
}

func TestSubscriberBounds(t *testing.T) {
	one := EncodeFrames([]Message{lost(1, 1)})
	t.Run("bytes", func(t *testing.T) {
		sub := NewSubscriber(3*one.Size(), 100)
		sub.Opened()
		testFull(t, sub, one, 3)
	})
	t.Run("batches", func(t *testing.T) {
		sub := NewSubscriber(1<<20, 4)
		sub.Opened()
		testFull(t, sub, one, 4)
	})
	t.Run("what comes first is exempt", func(t *testing.T) {
		sub := NewSubscriber(2*one.Size(), 2)
		for range 10 {
			if !sub.Push(one) {
				t.Fatal("not exempt")
			}
		}
		sub.Opened()
		testFull(t, sub, one, 2)
	})
	t.Run("taken", func(t *testing.T) {
		sub := NewSubscriber(1<<20, 2)
		sub.Opened()
		var spare []Frames
		for range 10 {
			for range 2 {
				if !sub.Push(one) {
					t.Fatal("full though all was taken")
				}
			}
			<-sub.Wake()
			var open bool
			if spare, open = sub.Take(spare); len(spare) != 2 || !open {
				t.Fatalf("took %d, open %v", len(spare), open)
			}
		}
		sub.Push(one)
		sub.Close()
		if sub.Push(one) {
			t.Error("pushed after the close")
		}
		if taken, open := sub.Take(spare); len(taken) != 1 || open || sub.Dropped() {
			t.Errorf("took %d, open %v", len(taken), open)
		}
	})
}

// testFull expects room for so many batches and no more.
func testFull(t *testing.T, sub *Subscriber, batch Frames, room int) {
	t.Helper()
	for i := range room {
		if !sub.Push(batch) {
			t.Fatalf("full after %d", i)
		}
	}
	for range 2 {
		if sub.Push(batch) || !sub.Dropped() {
			t.Error("more than there is room for")
		}
	}
}

func TestFramesOfEverySize(t *testing.T) {
	for _, n := range []int{0, 1, 50, 70, 71, 72, 73, 125, 126, 1000, 65_000, 65_535, 65_536, 70_000} {
		text := string(slices.Repeat([]byte("x"), n))
		frames := EncodeFrames([]Message{{Kind: KindClose, Text: text}, lost(1, 1), {Kind: KindClose, Text: text}})
		var sizes []int
		for payload := range frames.All() {
			sizes = append(sizes, len(payload))
		}
		want := len(Append(nil, &Message{Kind: KindClose, Text: text}))
		if len(sizes) != 3 || sizes[0] != want || sizes[2] != want {
			t.Errorf("text of %d: sizes %v, want %d", n, sizes, want)
		}
	}
}

// After a cut the client comes back and is told first where everyone is by now.
func TestClientComesBackToTheServer(t *testing.T) {
	hub := NewHub()
	hub.Publish([]Message{position(1, 1, 1, 0), position(2, 1, 2, 0)})
	server, url := serve(t, ServerConfig{Source: hub})
	d := newDiary()
	listen(t, ClientConfig{URL: url, Sink: d})
	d.awaitCount(t, "message", 2)
	server.mu.Lock()
	for c := range server.conns {
		c.cut()
	}
	server.mu.Unlock()
	hub.Publish([]Message{lost(1, 1), position(2, 1, 3, 0)})
	events := d.await(t, "the message after the cut", func(events []event) bool {
		return count(events, "connected") == 2 && len(events) > 0 && events[len(events)-1].name == "message"
	})
	if last := events[len(events)-1].message; last.PersonID != 2 || last.X != 3 {
		t.Errorf("after the cut comes %+v", last)
	}
}
