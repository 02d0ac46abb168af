package main

import (
	"math/rand/v2"
	"time"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/internal/boltstore"
	"github.com/footfall/footfall/tracker"
	"github.com/footfall/footfall/zones"
)

// historyBegins is an instant of the past, Unix µs.
var historyBegins = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()

// history is a database with a visit or two in every zone in every quarter hour of
// a year: everything that the engine would have stored of it, minutes, quarter
// hours and days.
type history struct {
	database string
	zones    []byte
	from, to time.Time
	size     int64
	took     time.Duration
}

const historyZones = 100

// pastYear is the suite's history, made once.
func (s *suite) pastYear() (*history, error) {
	if s.history != nil {
		return s.history, nil
	}
	days := 365
	if s.quick {
		days = 14
	}
	from := time.UnixMicro(historyBegins).UTC()
	h := &history{database: s.path("year.db"), zones: zonesFile(tiling(historyZones).boxes()), from: from, to: from.AddDate(0, 0, days)}
	began := time.Now()
	if err := h.build(); err != nil {
		return nil, err
	}
	h.took = time.Since(began)
	s.history = h
	return h, nil
}

func (h *history) build() error {
	store, err := boltstore.Open(h.database, boltstore.Options{NoSync: true})
	if err != nil {
		return err
	}
	defer store.Close()
	set, err := zones.Parse(h.zones)
	if err != nil {
		return err
	}
	profile := &analytics.Profile{Location: location, Timezone: "UTC"}
	profile.Adopt(set.Plan(location))
	first := &analytics.Batch{}
	if err := profile.Put(first); err != nil {
		return err
	}
	if err := analytics.Commit(store, first); err != nil {
		return err
	}
	w := &historyWriter{store: store, recorder: analytics.NewRecorder(location, historyBegins), random: rand.New(rand.NewPCG(1, 1))}
	w.recorder.Connected(historyBegins)
	for at := h.from; at.Before(h.to); at = at.AddDate(0, 0, 1) {
		if err := w.day(at.UnixMicro()); err != nil {
			return err
		}
	}
	h.size = store.Size()
	return nil
}

type historyWriter struct {
	store    *boltstore.Store
	recorder *analytics.Recorder
	random   *rand.Rand
	batch    int64
	events   int64
}

// day tells and stores one day.
func (w *historyWriter) day(begins int64) error {
	const quartersADay = 96
	end := begins + quartersADay*analytics.Quarter
	for at := begins; at < end; at += analytics.Quarter {
		for zone := range int32(historyZones + 1) {
			minute := at + w.random.Int64N(15)*analytics.Minute
			for range 1 + w.random.IntN(2) {
				w.visit(zone, minute)
			}
		}
		w.recorder.Follow(at + analytics.Quarter)
	}
	w.batch++
	b := &analytics.Batch{}
	w.recorder.Flush(b, analytics.State{At: end, Counted: end, Messages: w.events, Batch: w.batch})
	if err := analytics.Commit(w.store, b); err != nil {
		return err
	}
	w.recorder.Committed(w.batch)
	return analytics.Derive(w.store, location)
}

// visit is one within a minute.
func (w *historyWriter) visit(zone int32, minute int64) {
	entered := minute + w.random.Int64N(20*analytics.Second)
	left := entered + analytics.Second + w.random.Int64N(35*analytics.Second)
	w.events += 2
	w.recorder.Entry(tracker.Entry{Zone: zone, At: entered})
	w.recorder.Exit(tracker.Exit{Zone: zone, Entered: entered, Left: left, Who: tracker.ClassAt(w.random.IntN(24))})
}
