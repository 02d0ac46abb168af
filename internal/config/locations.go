package config

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // zone names resolve alike on machines without a time zone database

	"go.yaml.in/yaml/v3"
)

// Location is one shop or site.
type Location struct {
	ID        int64
	Name      string         // the id in decimal where none is given
	Timezone  *time.Location // never nil; its String is the IANA name
	Capacity  int            // people; 0: none given
	DayStart  int            // minutes after midnight at which days, weeks and months begin; a multiple of 15
	Opening   Opening
	Funnel    []string // zone ids in order, distinct; nil or at least two
	Occupancy Occupancy
	Plan      Plan
}

// Occupancy says what the count of a location as a whole comes from.
type Occupancy string

// The ways to count a location as a whole.
const (
	Tracks Occupancy = "tracks" // from the people's positions
	Gates  Occupancy = "gates"  // from the crossings of its lines
)

const (
	nameCharacters = 200
	zoneIDBytes    = 128
	mostCapacity   = 10_000_000
	mostStages     = 100
	noID           = -1
)

func defaultLocation(id int64) Location {
	return Location{
		ID: id, Name: strconv.FormatInt(id, 10), Timezone: time.UTC,
		Opening: alwaysOpen(), Occupancy: Tracks,
	}
}

var locationFields = []field[Location]{
	{"id", func(r *reader, n *yaml.Node, key string, l *Location) {
		if id, ok := value(r, n, key, idKind()); ok {
			l.ID = id
		}
	}},
	{"name", func(r *reader, n *yaml.Node, key string, l *Location) {
		l.Name, _ = value(r, n, key, textKind(nameCharacters))
	}},
	{"timezone", func(r *reader, n *yaml.Node, key string, l *Location) {
		l.Timezone, _ = value(r, n, key, timezoneKind())
	}},
	{"capacity", func(r *reader, n *yaml.Node, key string, l *Location) {
		people, _ := value(r, n, key, numberKind(1, mostCapacity, "people"))
		l.Capacity = int(people)
	}},
	{"day_start", func(r *reader, n *yaml.Node, key string, l *Location) {
		l.DayStart, _ = value(r, n, key, clockKind())
	}},
	{"opening_hours", readWeek},
	{"closures", readClosures},
	{"funnel", readFunnel},
	{"occupancy", func(r *reader, n *yaml.Node, key string, l *Location) {
		l.Occupancy, _ = value(r, n, key, occupancyKind())
	}},
	{"plan", readPlan},
}

func readLocations(r *reader, n *yaml.Node, c *Config) {
	items, ok := r.items(n, "locations", "a list of locations, each with an id")
	if !ok {
		return
	}
	seen := make(map[int64]string)
	for i, item := range items {
		key := fmt.Sprintf("locations[%d]", i)
		l := defaultLocation(noID)
		given, ok := fields(r, item, key, &l, locationFields)
		if !ok {
			continue
		}
		checkNights(r, given, key, l.Opening)
		if given["id"] == nil {
			r.fault(item, key, "has no id", idKind().allowed)
			continue
		}
		if first, twice := seen[l.ID]; twice && l.ID != noID {
			r.fault(given["id"], key+".id", fmt.Sprintf("location %d is given twice, first at %s", l.ID, first), "one entry for each location")
		} else if l.ID != noID {
			seen[l.ID] = r.at(given["id"])
		}
		if given["name"] == nil {
			l.Name = strconv.FormatInt(l.ID, 10)
		}
		c.Locations = append(c.Locations, l)
	}
}

func readFunnel(r *reader, n *yaml.Node, key string, l *Location) {
	allowed := fmt.Sprintf("a list of 2 to %d different zone ids in order, such as [passage, entrance, till]", mostStages)
	items, ok := r.items(n, key, allowed)
	if !ok {
		return
	}
	if len(items) < 2 || len(items) > mostStages {
		r.fault(n, key, fmt.Sprintf("has %d stages", len(items)), allowed)
		return
	}
	for i, item := range items {
		at := fmt.Sprintf("%s[%d]", key, i)
		id, ok := value(r, item, at, zoneIDKind())
		if !ok {
			continue
		}
		if slices.Contains(l.Funnel, id) {
			r.fault(item, at, "zone "+quoted(id)+" is in the funnel twice", allowed)
			continue
		}
		l.Funnel = append(l.Funnel, id)
	}
}

func idKind() kind[int64] {
	k := numberKind(0, math.MaxInt64, "")
	k.allowed = "a whole number of 0 or more, as the sensors send it"
	return k
}

// zoneIDKind takes numbers too: GeoJSON ids may be numbers, and are then their digits.
func zoneIDKind() kind[string] {
	return kind[string]{"text", fmt.Sprintf("a zone id of 1 to %d bytes", zoneIDBytes), []string{tagText, tagInt},
		func(text string) (string, string) {
			switch {
			case text == "":
				return "", "is empty"
			case len(text) > zoneIDBytes:
				return "", fmt.Sprintf("has %d bytes", len(text))
			}
			return text, unprintable(text)
		}}
}

func occupancyKind() kind[Occupancy] {
	return kind[Occupancy]{"text", "tracks (counted by positions) or gates (counted by lines)", []string{tagText},
		func(text string) (Occupancy, string) {
			switch o := Occupancy(text); o {
			case Tracks, Gates:
				return o, ""
			}
			return "", quoted(text) + " is not a way to count"
		}}
}

func timezoneKind() kind[*time.Location] {
	return kind[*time.Location]{"text", "an IANA time zone such as Europe/Helsinki or UTC", []string{tagText},
		func(text string) (*time.Location, string) {
			unknown := quoted(text) + " is not a known time zone"
			if text == "" || text == "Local" || strings.HasPrefix(text, "right/") || strings.HasPrefix(text, "posix/") {
				return nil, unknown
			}
			zone, err := time.LoadLocation(text)
			if err != nil {
				return nil, unknown
			}
			return zone, ""
		}}
}
