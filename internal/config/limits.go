package config

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/footfall/footfall/internal/edge"
)

var limitSettings = func() []setting {
	most := edge.DefaultMost()
	number := func(key string, value, greatest int64, help, unit string, store func(*edge.Most, int64)) setting {
		return define("limits."+key, strconv.FormatInt(value, 10), help, numberKind(1, greatest, unit),
			func(c *Config, v int64) { store(&c.Limits, v) })
	}
	size := func(key string, value, greatest int64, help string, store func(*edge.Most, int64)) setting {
		return define("limits."+key, sizeText(value), help, sizeKind(1<<10, greatest),
			func(c *Config, v int64) { store(&c.Limits, v) })
	}
	return []setting{
		size("body", most.Body, 1<<30, "most bytes of a request",
			func(m *edge.Most, v int64) { m.Body = v }),
		size("zones_body", most.ZonesBody, 64<<20, "most bytes of a location's zones, put by the API",
			func(m *edge.Most, v int64) { m.ZonesBody = v }),
		size("plan_body", most.PlanBody, 32<<20, "most bytes of a location's floor plan, put by the API",
			func(m *edge.Most, v int64) { m.PlanBody = v }),
		size("upload_body", most.UploadBody, 64<<30, "most bytes of a recording as it is sent to the API",
			func(m *edge.Most, v int64) { m.UploadBody = v }),
		size("frame", most.Frame, 1<<20, "most bytes of a message that a client sends to /websocket_realtime",
			func(m *edge.Most, v int64) { m.Frame = v }),
		number("connections", most.Connections, 1_000_000, "most connections at once", "connections",
			func(m *edge.Most, v int64) { m.Connections = v }),
		number("connections_per_address", most.ConnectionsPerAddress, 1_000_000, "most connections at once of one address (of IPv6, a /64) but this machine and trusted proxies", "connections",
			func(m *edge.Most, v int64) { m.ConnectionsPerAddress = v }),
		number("requests_per_second", most.RequestsPerSecond, 1_000_000, "most requests a second of one token, or of one address but this machine", "requests",
			func(m *edge.Most, v int64) { m.RequestsPerSecond = v }),
		number("requests_burst", most.RequestsBurst, 1_000_000, "most requests at once of one token or address, after a pause", "requests",
			func(m *edge.Most, v int64) { m.RequestsBurst = v }),
		number("sockets", most.Sockets, 1_000_000, "most clients of /websocket_realtime at once", "clients",
			func(m *edge.Most, v int64) { m.Sockets = v }),
		number("reports", most.Reports, 10_000, "most reports made at once; others wait some seconds", "reports",
			func(m *edge.Most, v int64) { m.Reports = v }),
		number("report_rows", most.ReportRows, 1_000_000, "most rows of a report", "rows",
			func(m *edge.Most, v int64) { m.ReportRows = v }),
		define("limits.report_time", brief(most.ReportTime), "most time from asking for a report until it is taken", durationKind(time.Second),
			func(c *Config, v time.Duration) { c.Limits.ReportTime = v }),
		number("uploads", most.Uploads, 1000, "most recordings on their way in at once", "uploads",
			func(m *edge.Most, v int64) { m.Uploads = v }),
		number("people", most.People, 10_000_000, "most people at one location; those who come beyond it are not counted", "people",
			func(m *edge.Most, v int64) { m.People = v }),
		number("zones", most.Zones, 65_535, "most zones and lines of one location, put by the API", "zones",
			func(m *edge.Most, v int64) { m.Zones = v }),
		size("unwritten", most.Unwritten, 64<<30, "most bytes of counts that wait in memory while they cannot be written; beyond it feeds are stopped",
			func(m *edge.Most, v int64) { m.Unwritten = v }),
	}
}()

var sizeUnits = []struct {
	name  string
	bytes int64
}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3}, {"B", 1}}

// sizeText is a number of bytes as one writes it.
func sizeText(n int64) string {
	for _, u := range sizeUnits[:3] {
		if n >= u.bytes && n%u.bytes == 0 {
			return fmt.Sprintf("%d%s", n/u.bytes, u.name)
		}
	}
	return strconv.FormatInt(n, 10)
}

// sizeKind is a number of bytes, with or without a unit.
func sizeKind(least, most int64) kind[int64] {
	allowed := fmt.Sprintf("a size from %s to %s, such as 64KiB, 16MiB or a number of bytes", sizeText(least), sizeText(most))
	return kind[int64]{"size", allowed, []string{tagText, tagInt}, func(text string) (int64, string) {
		number, unit := strings.TrimSpace(text), int64(1)
		for _, u := range sizeUnits {
			if rest, found := strings.CutSuffix(number, u.name); found {
				number, unit = strings.TrimSpace(rest), u.bytes
				break
			}
		}
		n, err := strconv.ParseInt(number, 10, 64)
		switch {
		case err != nil:
			return 0, quoted(text) + " is not a size"
		case n < 0:
			return 0, quoted(text) + " is negative"
		case n > most/unit:
			return 0, quoted(text) + " is too large"
		case n*unit < least:
			return 0, quoted(text) + " is too small"
		}
		return n * unit, ""
	}}
}
