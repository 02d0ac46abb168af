package zones

import (
	"encoding/json"
	"math"
	"strconv"
	"time"
)

// readProperties reads what the contract names and leaves the rest alone.
func (f *feature) readProperties(p object) {
	f.name = f.text("name", p["name"])
	if f.name == "" {
		f.name = f.id
	}
	f.kind = f.text("kind", p["kind"])
	f.enterAfter = f.duration("enter_after", p["enter_after"])
	if f.isLine {
		f.readDirection(p["in"])
		return
	}
	f.exitAfter = f.duration("exit_after", p["exit_after"])
	f.readCapacity(p["capacity"])
	f.readQueue(p["service"], p["wait_target"])
}

func (f *feature) text(key string, raw json.RawMessage) string {
	if !given(raw) {
		return ""
	}
	s, ok := asString(raw)
	if !ok {
		f.fault("%q must be a string, but is %s", key, quote(raw))
	}
	return s
}

// duration reads "2s", "1m30s" or a number of seconds, as microseconds.
func (f *feature) duration(key string, raw json.RawMessage) int64 {
	if !given(raw) {
		return Unset
	}
	seconds, ok := asSeconds(raw)
	if !ok {
		f.fault(`%q must be a duration such as "2s" or a number of seconds, but is %s`, key, quote(raw))
		return Unset
	}
	if !(seconds >= 0 && seconds <= maxHours*3600) {
		f.fault("%q must be from 0 to %d hours, but is %s", key, maxHours, quote(raw))
		return Unset
	}
	return int64(math.Round(seconds * 1e6))
}

func asSeconds(raw json.RawMessage) (float64, bool) {
	if s, ok := asString(raw); ok {
		d, err := time.ParseDuration(s)
		return d.Seconds(), err == nil
	}
	if kindOf(raw) != "a number" {
		return 0, false
	}
	seconds, err := strconv.ParseFloat(string(raw), 64)
	return seconds, err == nil || math.IsInf(seconds, 0)
}

func (f *feature) readCapacity(raw json.RawMessage) {
	if !given(raw) {
		return
	}
	n, err := strconv.ParseInt(string(raw), 10, 32)
	if err != nil || n < 1 {
		f.fault(`"capacity" must be an integer from 1 to %d, but is %s`, math.MaxInt32, quote(raw))
		return
	}
	f.capacity = int(n)
}

func (f *feature) readQueue(service, target json.RawMessage) {
	f.waitTarget = f.duration("wait_target", target)
	if given(service) {
		id, ok := asID(service)
		if !ok || id == "" {
			f.fault(`"service" must be the id of a zone, but is %s`, quote(service))
		}
		f.service = id
	}
	switch {
	case f.kind == KindQueue && !given(service):
		f.warn(`a queue without "service" serves nobody; name the zone where it is served`)
	case f.kind != KindQueue && given(service):
		f.fault(`"service" is for zones of kind %q: set "kind" to it, or remove "service"`, KindQueue)
		f.service = ""
	case f.kind != KindQueue && given(target):
		f.warn(`"wait_target" is for zones of kind %q and does nothing here`, KindQueue)
	}
}

func (f *feature) readDirection(raw json.RawMessage) {
	if !given(raw) {
		return
	}
	switch s, _ := asString(raw); s {
	case "left_to_right":
	case "right_to_left":
		f.rightToLeft = true
	default:
		f.fault(`"in" must be "left_to_right" or "right_to_left", but is %s`, quote(raw))
	}
}
