package edge

import (
	"log/slog"
	"sync/atomic"
	"time"
)

// Most is how much of each thing is let in. A field is the configuration's key of its
// name.
type Most struct {
	Body                  int64         // bytes of a request
	ZonesBody             int64         // bytes of a location's zones
	PlanBody              int64         // bytes of a location's floor plan
	UploadBody            int64         // bytes of a recording as it is sent
	Frame                 int64         // bytes of a WebSocket message
	Connections           int64         // open at once
	ConnectionsPerAddress int64         // of one address
	RequestsPerSecond     int64         // of one token, or of one address without
	RequestsBurst         int64         // the same, at once
	Sockets               int64         // WebSockets open at once
	Reports               int64         // made at once
	ReportRows            int64         // of one report
	ReportTime            time.Duration // from asking for a report until it is taken
	Uploads               int64         // on their way in at once
	People                int64         // at one location
	Zones                 int64         // of one location, put by the API
	Unwritten             int64         // bytes that wait to be written
}

// DefaultMost are the limits without a configuration.
func DefaultMost() Most {
	return Most{
		Body: 1 << 20, ZonesBody: 16 << 20, PlanBody: 4 << 20, UploadBody: 256 << 20, Frame: 64 << 10,
		Connections: 4096, ConnectionsPerAddress: 512, RequestsPerSecond: 100, RequestsBurst: 500,
		Sockets: 1024, Reports: 16, ReportRows: 1_000_000, ReportTime: 5 * time.Minute, Uploads: 4,
		People: 100_000, Zones: 10_000, Unwritten: 64 << 20,
	}
}

// Limits are the limits of a server, each with its refusals.
type Limits struct {
	Most
	log *slog.Logger
	all []*Limit

	Body, ZonesBody, PlanBody, UploadBody, Frame, Connections, ConnectionsPerAddress, Requests *Limit
	Sockets, Reports, ReportRows, ReportTime, Uploads, People, Zones, Unwritten                *Limit
}

// NewLimits makes limits that tell the log, each once a minute at most, when they refuse.
func NewLimits(most Most, log *slog.Logger) *Limits {
	l := &Limits{Most: most, log: log}
	l.Body = l.add("body", float64(most.Body))
	l.ZonesBody = l.add("zones_body", float64(most.ZonesBody))
	l.PlanBody = l.add("plan_body", float64(most.PlanBody))
	l.UploadBody = l.add("upload_body", float64(most.UploadBody))
	l.Frame = l.add("frame", float64(most.Frame))
	l.Connections = l.add("connections", float64(most.Connections))
	l.ConnectionsPerAddress = l.add("connections_per_address", float64(most.ConnectionsPerAddress))
	l.Requests = l.add("requests_per_second", float64(most.RequestsPerSecond))
	l.Sockets = l.add("sockets", float64(most.Sockets))
	l.Reports = l.add("reports", float64(most.Reports))
	l.ReportRows = l.add("report_rows", float64(most.ReportRows))
	l.ReportTime = l.add("report_time", most.ReportTime.Seconds())
	l.Uploads = l.add("uploads", float64(most.Uploads))
	l.People = l.add("people", float64(most.People))
	l.Zones = l.add("zones", float64(most.Zones))
	l.Unwritten = l.add("unwritten", float64(most.Unwritten))
	return l
}

func (l *Limits) add(name string, most float64) *Limit {
	limit := &Limit{Name: name, Most: most, log: l.log}
	l.all = append(l.all, limit)
	return limit
}

// All are the limits in the order of the documentation.
func (l *Limits) All() []*Limit { return l.all }

// Limit is the most of one thing, and how often more was asked for.
type Limit struct {
	Name string  // as in the configuration, below "limits"
	Most float64 // bytes, seconds or a number

	log     *slog.Logger
	refused atomic.Uint64
	told    atomic.Int64             // when the log was last told, Unix nanoseconds
	from    atomic.Pointer[counting] // that counts in its place
}

type counting struct{ refused func() uint64 }

// Refuse notes that something was refused for this limit.
func (l *Limit) Refuse() {
	l.refused.Add(1)
	now := time.Now().UnixNano()
	if before := l.told.Load(); now-before >= int64(time.Minute) && l.told.CompareAndSwap(before, now) {
		l.log.Warn("refused what is over a limit; more within a minute is only counted", "limit", "limits."+l.Name, "most", l.Most)
	}
}

// CountedBy has the refusals counted by another, from now on.
func (l *Limit) CountedBy(refused func() uint64) { l.from.Store(&counting{refused}) }

// Refused is how often something was refused.
func (l *Limit) Refused() uint64 {
	if c := l.from.Load(); c != nil {
		return c.refused()
	}
	return l.refused.Load()
}
