package simulate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/footfall/footfall/signals"
)

// tape is a Recording in memory.
type tape struct {
	messages []signals.Message
	end      error // io.EOF where nil
	next     int
	closed   bool
}

func (r *tape) Next(m *signals.Message) error {
	if r.next == len(r.messages) {
		if r.end != nil {
			return r.end
		}
		return io.EOF
	}
	*m = r.messages[r.next]
	r.next++
	return nil
}

func (r *tape) Close() error {
	r.closed = true
	return nil
}

func message(kind signals.Kind, seconds float64, person int64) signals.Message {
	return signals.Message{
		Kind: kind, Time: at(2, 9, 0) + int64(seconds*float64(second)), LocationID: 1, PersonID: person,
		Confidence: float32(math.NaN()), Age: float32(math.NaN()),
	}
}

// playerOf opens the tape anew each time.
func playerOf(tapes *[]*tape, end error, messages ...signals.Message) func() (Recording, error) {
	return func() (Recording, error) {
		r := &tape{messages: messages, end: end}
		*tapes = append(*tapes, r)
		return r, nil
	}
}

// played notes when what was published, in seconds from the start.
type played struct {
	begin time.Time
	log   []string
}

func (p *played) publish(batch []signals.Message) error {
	for _, m := range batch {
		name := map[signals.Kind]string{signals.KindPosition: "at", signals.KindLost: "lost", signals.KindDemographics: "is"}[m.Kind]
		p.log = append(p.log, fmt.Sprintf("%v: %s %d %v", time.Since(p.begin).Seconds(), name, m.PersonID,
			float64(m.Time-at(2, 9, 0))/float64(second)))
	}
	return nil
}

func (p *played) check(t *testing.T, want ...string) {
	t.Helper()
	if got, want := strings.Join(p.log, "\n"), strings.Join(want, "\n"); got != want {
		t.Errorf("played\n%s\nwant\n%s", got, want)
	}
}

func TestPlaybackKeepsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tapes []*tape
		p := Playback{Speed: 2, Open: playerOf(&tapes, nil,
			message(signals.KindPosition, 10, 1), message(signals.KindPosition, 10, 2), message(signals.KindUnknown, 11, 0),
			message(signals.KindDemographics, 12, 1), message(signals.KindHeartbeat, 13, 1), message(signals.KindLost, 13, 1))}
		played := played{begin: time.Now()}
		if err := p.Run(t.Context(), played.publish); err != nil {
			t.Fatal(err)
		}
		played.check(t, "0: at 1 10", "0: at 2 10", "1: is 1 12", "1.5: lost 1 13")
		if len(tapes) != 1 || !tapes[0].closed {
			t.Error("the recording was not opened once and closed")
		}
	})
}

func TestPlaybackAsFastAsPossible(t *testing.T) {
	var tapes []*tape
	var all []signals.Message
	for i := range 1000 {
		all = append(all, message(signals.KindPosition, float64(i*100), 1))
	}
	p := Playback{Open: playerOf(&tapes, nil, all...), Clock: Clock{
		Sleep: func(context.Context, int64) error { t.Error("slept"); return nil },
	}}
	n, batches := 0, 0
	err := p.Run(t.Context(), func(batch []signals.Message) error { n, batches = n+len(batch), batches+1; return nil })
	if err != nil || n != 1000 || batches != 4 {
		t.Errorf("%d messages in %d batches, %v", n, batches, err)
	}
}

func TestPlaybackLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tapes []*tape
		p := Playback{Speed: 1, Loop: true, Open: playerOf(&tapes, nil,
			message(signals.KindPosition, 0, 9), message(signals.KindPosition, 0, 2),
			message(signals.KindPosition, 1, 5), message(signals.KindLost, 2, 5))}
		ctx, cancel := context.WithTimeout(t.Context(), 7500*time.Millisecond)
		defer cancel()
		played := played{begin: time.Now()}
		if err := p.Run(ctx, played.publish); err != nil {
			t.Fatal(err)
		}
		played.check(t, "0: at 9 0", "0: at 2 0", "1: at 5 1", "2: lost 5 2", "2: lost 2 2", "2: lost 9 2",
			"7: at 9 7", "7: at 2 7")
		for _, r := range tapes {
			if !r.closed {
				t.Error("a recording stayed open")
			}
		}
	})
}

func TestPlaybackFaults(t *testing.T) {
	var tapes []*tape
	bad := errors.New("x.ndjson:3: bad")
	none := func(context.Context, int64) error { return nil }
	var got int
	count := func(batch []signals.Message) error { got += len(batch); return nil }

	p := Playback{Open: playerOf(&tapes, bad, message(signals.KindPosition, 0, 1)), Loop: true, Clock: Clock{Sleep: none}}
	if err := p.Run(t.Context(), count); !errors.Is(err, bad) || err.Error() != bad.Error() || got != 1 {
		t.Errorf("a malformed line: %v after %d messages", err, got)
	}
	p = Playback{Open: playerOf(&tapes, nil, message(signals.KindUnknown, 0, 1)), Loop: true}
	if err := p.Run(t.Context(), count); !errors.Is(err, ErrNothingToPlay) {
		t.Errorf("nothing to play: %v", err)
	}
	p = Playback{Open: func() (Recording, error) { return nil, bad }}
	if err := p.Run(t.Context(), count); !errors.Is(err, bad) {
		t.Errorf("cannot open: %v", err)
	}
	p = Playback{Open: playerOf(&tapes, nil, message(signals.KindPosition, 0, 1))}
	if err := p.Run(t.Context(), func([]signals.Message) error { return bad }); !errors.Is(err, bad) {
		t.Errorf("publish fails: %v", err)
	}
	for _, speed := range []float64{-1, math.NaN(), math.Inf(1)} {
		p = Playback{Speed: speed, Open: playerOf(&tapes, nil)}
		if err := p.Run(t.Context(), count); err == nil {
			t.Errorf("a speed of %v was taken", speed)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p = Playback{Loop: true, Open: playerOf(&tapes, nil, message(signals.KindPosition, 0, 1))}
	if err := p.Run(ctx, count); err != nil {
		t.Errorf("a context that is done: %v", err)
	}
	for _, r := range tapes {
		if r.next > 0 && !r.closed {
			t.Error("a recording stayed open")
		}
	}
}

// TestPlaybackCatchesUp: what was late is played at once, and then the pace holds.
func TestPlaybackCatchesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tapes []*tape
		p := Playback{Speed: 1, Open: playerOf(&tapes, nil, message(signals.KindPosition, 0, 1),
			message(signals.KindPosition, 1, 1), message(signals.KindPosition, 2, 1), message(signals.KindPosition, 4, 1))}
		played := played{begin: time.Now()}
		err := p.Run(t.Context(), func(batch []signals.Message) error {
			played.publish(batch)
			if len(played.log) == 1 {
				time.Sleep(2500 * time.Millisecond)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		played.check(t, "0: at 1 0", "2.5: at 1 1", "2.5: at 1 2", "4: at 1 4")
	})
}

func TestLive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		live := Live{Shop: NewShop(Config{AlwaysOpen: true, Seed: 3})}
		times := map[int64]bool{}
		err := live.Run(ctx, func(batch []signals.Message) error {
			now, late := time.Now().UnixMicro(), len(times) >= 20 && len(times) < 50
			for _, m := range batch {
				if times[m.Time] = true; m.Time > now || !late && now-m.Time >= second/10 {
					t.Errorf("frame %d was published at %d", m.Time, now)
				}
			}
			if len(times) == 20 {
				time.Sleep(3 * time.Second) // the 30 frames of which come late
			}
			return nil
		})
		if err != nil || len(times) < 99 || len(times) > 101 {
			t.Errorf("%d frames in 10 s at 10 Hz, %v", len(times), err)
		}
	})
}

func TestLiveSleepsAtNight(t *testing.T) {
	begin := at(3, 1, 0)
	now, naps := begin, 0
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	live := Live{Shop: NewShop(Config{Seed: 3}), Clock: Clock{
		Now:   func() int64 { return now },
		Sleep: func(_ context.Context, span int64) error { naps++; now += span; return nil },
	}}
	err := live.Run(ctx, func(batch []signals.Message) error {
		if naps != 1 || now < begin+7*hour {
			t.Errorf("%d naps, then people %v after %d hours", naps, batch, (now-begin)/hour)
		}
		cancel()
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestLiveStopsOnError(t *testing.T) {
	full := errors.New("full")
	live := Live{Shop: NewShop(Config{AlwaysOpen: true})}
	if err := live.Run(t.Context(), func([]signals.Message) error { return full }); !errors.Is(err, full) {
		t.Error(err)
	}
}
