package boltstore

import (
	"context"
	"errors"
	"time"

	"github.com/footfall/footfall/analytics"
)

// How Patrol reads: so many records in one view, which is then let go, so that the pages
// of its state can be used again, and a pause as many times as long as the reading.
const (
	patrolRecords = 500
	patrolShare   = 30
	patrolPause   = 5 * time.Millisecond
)

// Patrol reads every record of every table against its checksum, again and again until
// ctx is done, so that damage is found before somebody asks. A round takes about 3 % of
// one processor; between two there is a pause. What is found is in Damage.
func (s *Store) Patrol(ctx context.Context, every time.Duration) {
	for ctx.Err() == nil {
		s.damages.begin()
		if s.round(ctx) == nil {
			s.damages.end(time.Now().UnixMicro())
		}
		sleep(ctx, every)
	}
}

// round reads all tables once.
func (s *Store) round(ctx context.Context) error {
	for t := range analytics.Tables {
		for next := []byte(nil); ; {
			began := time.Now()
			var err error
			if next, err = s.inspectFrom(t, next); err != nil {
				return err
			}
			if next == nil {
				break
			}
			sleep(ctx, max(patrolPause, patrolShare*time.Since(began)))
			if ctx.Err() != nil {
				return ctx.Err()
			}
		}
	}
	return nil
}

var errEnough = errors.New("enough")

// inspectFrom reads some records and returns the key to go on with, nil at the end.
func (s *Store) inspectFrom(t analytics.Table, from []byte) (next []byte, err error) {
	n := 0
	err = s.View(func(v analytics.View) error {
		return v.(*view).ScanSound(t, from, nil, func(key, _ []byte) error {
			if n++; n > patrolRecords {
				next = append([]byte(nil), key...)
				return errEnough
			}
			return nil
		}, func([]byte, []byte) {})
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return next, err
}

func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
