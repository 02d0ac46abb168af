package main

import (
	"strconv"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/footfall/footfall/internal/access"
	"github.com/footfall/footfall/internal/boltstore"
	"github.com/footfall/footfall/internal/engine"
	"github.com/footfall/footfall/signals"
)

// metrics tells Prometheus how the engine stands. Its labels come from the
// configuration and fixed lists, so their number is bounded.
type metrics struct {
	engine *engine.Engine
	relay  *signals.Server
	store  *boltstore.Store
	keys   *access.Keys // of an external issuer, or nil
}

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("footfall_"+name, help, labels, nil)
}

var (
	descFeedState     = describe("feed_state", "1 for the state the feed is in, 0 for the others.", "feed", "state")
	descFeedMessages  = describe("feed_messages_total", "Messages received.", "feed")
	descFeedMalformed = describe("feed_malformed_total", "Messages skipped as malformed.", "feed", "reason")
	descFeedConnects  = describe("feed_connects_total", "Successful registrations.", "feed")
	descFeedSince     = describe("feed_since_timestamp_seconds", "When the feed entered the state that it is in, Unix time.", "feed")
	descFeedLast      = describe("feed_last_message_timestamp_seconds", "When the last message was received, Unix time, 0 if none was.", "feed")
	descConnected     = describe("connected", "1 while data is coming in for the location, 0 in a gap.", "location")
	descSince         = describe("connected_since_timestamp_seconds", "Since when it is so, Unix time, 0 where no feed has connected yet.", "location")
	descPeople        = describe("people", "Tracks present.", "location")
	descMessages      = describe("messages_total", "Messages counted.", "location")
	descTracks        = describe("tracks_total", "Tracks begun.", "location")
	descStitched      = describe("tracks_stitched_total", "Tracks that continued a lost one.", "location")
	descExpired       = describe("tracks_expired_total", "Tracks that fell silent.", "location")
	descGhosts        = describe("tracks_ghosts_total", "Tracks that were lost before they counted.", "location")
	descNoise         = describe("sensor_noise_centimetres", "Standard deviation of the sensor's errors along an axis, as measured; 0 until it is.", "location")
	descReused        = describe("tracks_reused_total", "Ids that came back as somebody else.", "location")
	descFlushes       = describe("flushes_total", "Flushes tried.")
	descFlushFailures = describe("flush_failures_total", "Flushes that could not be written.")
	descFlushSeconds  = describe("flush_seconds", "Duration of the last flush.")
	descFlushKeys     = describe("flush_keys", "Keys that the last flush wrote.")
	descDatabase      = describe("database_bytes", "Size of the database file.")
	descUnwritten     = describe("unwritten_bytes", "Bytes of counts that wait in memory because they cannot be written.")
	descDamaged       = describe("database_damaged", "Places of the database found damaged.")
	descChecked       = describe("database_checked_timestamp_seconds", "When the last check of the whole database ended, Unix time, 0 before the first.")
	descClockAhead    = describe("clock_ahead_seconds", "How far stamps are ahead of the wall clock, which was set back.")
	descKeyFetches    = describe("issuer_key_fetches_total", "Fetches of the external issuer's keys.", "result")
	descConnections   = describe("relay_connections", "Clients of /websocket_realtime.")
	descRegistered    = describe("relay_registered", "Clients of /websocket_realtime that have registered.")
	descDropped       = describe("relay_dropped_total", "Clients dropped because they were too slow.")
)

// Describe implements prometheus.Collector.
func (m *metrics) Describe(ch chan<- *prometheus.Desc) { prometheus.DescribeByCollect(m, ch) }

// Collect implements prometheus.Collector.
func (m *metrics) Collect(ch chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	counter := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, v, labels...)
	}
	status := m.engine.Status()
	for i, f := range status.Feeds {
		collectFeed(feedLabel(i, f), f, gauge, counter)
	}
	for _, l := range status.Locations {
		label := strconv.FormatInt(l.ID, 10)
		gauge(descConnected, oneIf(l.Connected), label)
		gauge(descSince, float64(l.Since)/1e6, label)
		gauge(descPeople, float64(l.People), label)
		counter(descMessages, float64(l.Messages), label)
		counter(descTracks, float64(l.Tracker.Tracks), label)
		counter(descStitched, float64(l.Tracker.Stitched), label)
		counter(descExpired, float64(l.Tracker.Expired), label)
		counter(descReused, float64(l.Tracker.Reused), label)
		counter(descGhosts, float64(l.Tracker.Ghosts), label)
		gauge(descNoise, l.Tracker.Noise, label)
	}
	counter(descFlushes, float64(status.Flush.Flushes))
	counter(descFlushFailures, float64(status.Flush.Failures))
	gauge(descFlushSeconds, status.Flush.Took.Seconds())
	gauge(descFlushKeys, float64(status.Flush.Keys))
	gauge(descDatabase, float64(m.store.Size()))
	gauge(descUnwritten, float64(status.Flush.Waiting))
	gauge(descDamaged, float64(len(m.store.Damage())))
	gauge(descChecked, float64(m.store.Checked())/1e6)
	gauge(descClockAhead, status.ClockAhead.Seconds())
	if m.keys != nil {
		good, failed := m.keys.Fetches()
		counter(descKeyFetches, float64(good), "good")
		counter(descKeyFetches, float64(failed), "failed")
	}
	relay := m.relay.Status()
	gauge(descConnections, float64(relay.Connections))
	gauge(descRegistered, float64(relay.Registered))
	counter(descDropped, float64(relay.DroppedSlow))
}

// feedLabel tells feeds of one URL apart.
func feedLabel(i int, f engine.FeedStatus) string { return strconv.Itoa(i) + " " + f.URL }

func oneIf(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

type report func(d *prometheus.Desc, v float64, labels ...string)

func collectFeed(feed string, f engine.FeedStatus, gauge, counter report) {
	for _, s := range signals.States() {
		gauge(descFeedState, oneIf(s == f.State), feed, s.String())
	}
	gauge(descFeedSince, float64(f.Since)/1e6, feed)
	gauge(descFeedLast, float64(f.LastMessage)/1e6, feed)
	counter(descFeedMessages, float64(f.Messages), feed)
	counter(descFeedConnects, float64(f.Connects), feed)
	for _, reason := range signals.Reasons() {
		counter(descFeedMalformed, float64(f.Malformed[reason]), feed, reason.String())
	}
}
