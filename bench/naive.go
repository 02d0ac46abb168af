package main

import (
	"encoding/json"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/planar"
)

// naiveCounter counts as one would write it in an afternoon, with care: a struct to
// unmarshal into, a map of people behind a mutex, and a loop over the zones whose
// bounds are computed once.
type naiveCounter struct {
	zones  []naiveZone
	enter  time.Duration
	exit   time.Duration
	mu     sync.Mutex
	people map[int64]*naivePerson

	entries, exits, occupancy map[string]int
}

type naiveZone struct {
	id      string
	bound   orb.Bound
	polygon orb.Polygon
}

type naivePerson struct {
	visits map[string]*naiveVisit
	seen   time.Time
	inside []string // reused
}

// naiveVisit is a stay in a zone, counted once it has lasted.
type naiveVisit struct {
	entered, left time.Time // left is zero while inside
	counted       bool
}

type naiveMessage struct {
	Type       string `json:"type"`
	PersonID   int64  `json:"person_id"`
	LocationID int64  `json:"location_id"`
	Position   struct {
		X float64 `json:"x"`
		Y float64 `json:"y"`
	} `json:"position"`
}

func newNaive(zonesFile []byte, delay time.Duration) (*naiveCounter, error) {
	collection, err := geojson.UnmarshalFeatureCollection(zonesFile)
	if err != nil {
		return nil, err
	}
	n := &naiveCounter{enter: delay, exit: delay, people: map[int64]*naivePerson{},
		entries: map[string]int{}, exits: map[string]int{}, occupancy: map[string]int{}}
	for _, f := range collection.Features {
		polygon, _ := f.Geometry.(orb.Polygon)
		id, _ := f.ID.(string)
		n.zones = append(n.zones, naiveZone{id, polygon.Bound(), polygon})
	}
	return n, nil
}

// next reads one message and counts it.
func (n *naiveCounter) next(c *websocket.Conn) error {
	_, data, err := c.ReadMessage()
	if err != nil {
		return err
	}
	var m naiveMessage
	if err := json.Unmarshal(data, &m); err != nil {
		return err
	}
	if m.Type == "realtime_person_position" {
		n.position(time.Now(), &m)
	}
	return nil
}

func (n *naiveCounter) position(now time.Time, m *naiveMessage) {
	n.mu.Lock()
	defer n.mu.Unlock()
	p := n.people[m.PersonID]
	if p == nil {
		p = &naivePerson{visits: map[string]*naiveVisit{}}
		n.people[m.PersonID] = p
	}
	p.seen = now
	p.inside = p.inside[:0]
	point := orb.Point{m.Position.X, m.Position.Y}
	for i := range n.zones {
		z := &n.zones[i]
		if z.bound.Contains(point) && planar.PolygonContains(z.polygon, point) {
			p.inside = append(p.inside, z.id)
		}
	}
	for _, zone := range p.inside {
		n.isInside(now, p, zone)
	}
	for zone, v := range p.visits {
		if !slices.Contains(p.inside, zone) {
			n.isOutside(now, p, zone, v)
		}
	}
}

func (n *naiveCounter) isInside(now time.Time, p *naivePerson, zone string) {
	v := p.visits[zone]
	if v == nil {
		v = &naiveVisit{entered: now}
		p.visits[zone] = v
	}
	v.left = time.Time{}
	if !v.counted && now.Sub(v.entered) >= n.enter {
		v.counted = true
		n.entries[zone]++
		n.occupancy[zone]++
	}
}

func (n *naiveCounter) isOutside(now time.Time, p *naivePerson, zone string, v *naiveVisit) {
	if v.left.IsZero() {
		v.left = now
	}
	switch {
	case !v.counted:
		delete(p.visits, zone)
	case now.Sub(v.left) >= n.exit:
		delete(p.visits, zone)
		n.exits[zone]++
		n.occupancy[zone]--
	}
}
