package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/internal/config"
	"github.com/footfall/footfall/signals"
	"github.com/footfall/footfall/zones"
)

var errStopped = errors.New("the engine has stopped")

// ErrZonesNotStored means that a reload took place, and is stored as soon as the store
// can be written again.
var ErrZonesNotStored = errors.New("the new zones count, but are not stored yet")

// Options are what an Engine is made of.
type Options struct {
	Config *config.Config
	Zones  *zones.Set
	Store  analytics.Store
	Logger *slog.Logger
	Wall   func() time.Time // time.Now but in tests
	// FlushEvery is how often what changed is stored; 0 is a second.
	FlushEvery time.Duration
}

// Engine counts live feeds. Its exported methods are safe for concurrent use.
type Engine struct {
	Options
	clock      *Clock
	feeds      []*signals.Client
	owners     atomic.Pointer[map[int64]*owner] // replaced, never changed
	stop       chan struct{}
	ran        sync.WaitGroup // owners
	previewing turnstile
	reload     sync.RWMutex // held to read while an upload is counted by the zones there are

	flusher flusher
}

// New restores every location that the configuration, the zones, a feed or the
// store names.
func New(o Options) (*Engine, error) {
	if o.FlushEvery == 0 {
		o.FlushEvery = time.Second
	}
	e := &Engine{Options: o, stop: make(chan struct{}), previewing: make(turnstile, 1)}
	ids, last, err := e.locations()
	if err != nil {
		return nil, err
	}
	e.clock = NewClock(o.Wall, last)
	owners := map[int64]*owner{}
	for _, id := range ids {
		if owners[id], err = e.load(id, o.Zones.Plan(id)); err != nil {
			return nil, err
		}
	}
	e.owners.Store(&owners)
	for _, f := range o.Config.Feeds {
		client := e.client(f, owners)
		e.feeds = append(e.feeds, client)
		for _, id := range f.Locations {
			owners[id].heard = append(owners[id].heard, client)
		}
	}
	return e, e.storeProfiles()
}

// storeProfiles writes what reports must know before anything is counted.
func (e *Engine) storeProfiles() error {
	b := &analytics.Batch{}
	for _, o := range *e.owners.Load() {
		if err := o.profile.Put(b); err != nil {
			return err
		}
	}
	return analytics.Commit(e.Store, b)
}

// locations lists them, with the latest stored time.
func (e *Engine) locations() (ids []int64, last int64, err error) {
	named := map[int64]bool{}
	for _, l := range e.Config.Locations {
		named[l.ID] = true
	}
	for _, id := range e.Zones.Locations() {
		named[id] = true
	}
	for _, f := range e.Config.Feeds {
		for _, id := range f.Locations {
			named[id] = true
		}
	}
	err = e.Store.View(func(v analytics.View) error {
		stored, err := analytics.LocationIDs(v)
		for _, id := range stored {
			named[id] = true
			s, err := analytics.LoadState(v, id)
			if err != nil {
				return err
			}
			last = max(last, s.At)
			e.flusher.number = max(e.flusher.number, s.Batch)
		}
		return err
	})
	return slices.Sorted(maps.Keys(named)), last, err
}

// load restores one location, or begins it now.
func (e *Engine) load(id int64, plan *zones.Plan) (o *owner, err error) {
	err = e.Store.View(func(v analytics.View) error {
		profile, err := analytics.LoadProfile(v, id)
		if err != nil {
			return err
		}
		stored, err := analytics.Load(v, id)
		if err != nil {
			return err
		}
		l, err := newLocation(describe(profile, e.Config, id), e.Config, plan, stored, e.clock.Now())
		if err == nil {
			o = newOwner(l, plan, e.clock)
			if e.Config.Privacy.Preview {
				o.past = &pastHour{}
			}
		}
		return err
	})
	return o, err
}

func (e *Engine) client(f config.Feed, owners map[int64]*owner) *signals.Client {
	routed := map[int64]*owner{}
	for _, id := range f.Locations {
		routed[id] = owners[id]
	}
	return signals.NewClient(signals.ClientConfig{
		URL: f.URL, Token: f.ReadToken, Locations: f.Locations,
		Sink: newFeed(routed), Now: e.clock.Now, Logger: e.Logger,
	})
}

func (e *Engine) owner(id int64) *owner { return (*e.owners.Load())[id] }

// Run counts until ctx is done. It returns the error of a last flush that failed.
func (e *Engine) Run(ctx context.Context) error {
	for _, o := range *e.owners.Load() {
		e.start(o)
	}
	var feeds sync.WaitGroup
	for _, client := range e.feeds {
		feeds.Go(func() { e.receive(ctx, client) })
	}
	flushing := make(chan struct{})
	go func() {
		defer close(flushing)
		e.flushUntil(ctx)
	}()
	<-ctx.Done()
	feeds.Wait()
	<-flushing
	err := e.flush(context.Background())
	close(e.stop)
	e.ran.Wait()
	if err != nil {
		return fmt.Errorf("the last flush was not written: %w", err)
	}
	return nil
}

func (e *Engine) start(o *owner) { e.ran.Go(func() { o.run(e.stop) }) }

// Reload takes other zones at one instant: visits to zones that stay go on, those
// to zones that are gone end. Nobody is lost. The error may be ErrZonesNotStored.
func (e *Engine) Reload(ctx context.Context, set *zones.Set) error {
	e.reload.Lock()
	defer e.reload.Unlock()
	owners := maps.Clone(*e.owners.Load())
	var fresh []*owner
	for _, id := range set.Locations() {
		if owners[id] != nil {
			continue
		}
		o, err := e.load(id, set.Plan(id))
		if err != nil {
			return err
		}
		owners[id] = o
		fresh = append(fresh, owners[id])
	}
	at := e.clock.Now()
	for id, o := range *e.owners.Load() {
		plan := set.Plan(id)
		if err := o.do(ctx, func() { o.reload(at, plan) }); err != nil {
			return err
		}
	}
	for _, o := range fresh {
		e.start(o)
	}
	e.owners.Store(&owners)
	if err := e.flush(ctx); err != nil {
		return fmt.Errorf("%w: %w", ErrZonesNotStored, err)
	}
	return nil
}
