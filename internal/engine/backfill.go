package engine

import (
	"context"
	"errors"
	"io"
	"slices"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/internal/recording"
)

// MaxUploadText is the most text that an upload may have, its compression undone.
const MaxUploadText = 4 << 30

// Why an upload is refused; a recording that begins too early is a *BehindError, a
// line that is wrong a *recording.LineError.
var (
	ErrCounting  = errors.New("people are being counted there now")
	ErrUploading = errors.New("another upload is being counted there")
	ErrKeyReused = errors.New("the key was used for another upload")
)

// Upload is a recording of one location, to be counted into a running engine.
type Upload struct {
	Location int64
	Key      string    // of the client's choice, "" is none
	Body     string    // what tells the content from any other, such as a hash
	Content  io.Reader // a recording, compressed or not
	// Answer renders what Backfill then returns.
	Answer func(Summary) ([]byte, error)
}

// Backfill counts an upload, whole or not at all, as Replay does a file: people still
// in at its end leave when last heard of. The answer is that of the first upload if
// this one has its key and body. It is refused while data comes in for the location
// or anyone is there, and it must not reach beyond the present.
func (e *Engine) Backfill(ctx context.Context, u Upload) ([]byte, error) {
	o := e.owner(u.Location)
	if o == nil {
		return nil, ErrNoLocation
	}
	if !o.uploading.TryLock() {
		return nil, ErrUploading
	}
	defer o.uploading.Unlock()
	known, answer, err := e.uploaded(u)
	if answer != nil || err != nil {
		return answer, err
	}
	if err := e.flush(ctx); err != nil { // so that the store has all
		return nil, err
	}
	e.reload.RLock()
	defer e.reload.RUnlock()
	b := &backfill{engine: e, owner: o, upload: u}
	if err := b.count(ctx); err != nil {
		return nil, err
	}
	if answer, err = u.Answer(b.summary); err != nil {
		return nil, err
	}
	if u.Key != "" {
		known = append(known, analytics.Upload{Key: u.Key, Body: u.Body, Answer: answer})
		if err := analytics.PutUploads(b.batch, u.Location, known); err != nil {
			return nil, err
		}
	}
	return answer, b.commit(ctx)
}

// uploaded looks for the upload among those that were added.
func (e *Engine) uploaded(u Upload) (known []analytics.Upload, answer []byte, err error) {
	if u.Key == "" {
		return nil, nil, nil
	}
	err = e.Store.View(func(v analytics.View) error {
		known, err = analytics.LoadUploads(v, u.Location)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	i := slices.IndexFunc(known, func(k analytics.Upload) bool { return k.Key == u.Key })
	switch {
	case i < 0:
		return known, nil, nil
	case known[i].Body != u.Body:
		return nil, nil, ErrKeyReused
	}
	return known, known[i].Answer, nil
}

// backfill is one upload on its way in. It is counted beside the owner, from what is
// stored, and takes the place of what the owner has once it is stored itself.
type backfill struct {
	engine   *Engine
	owner    *owner
	upload   Upload
	before   standing
	location *location
	batch    *analytics.Batch
	number   int64
	summary  Summary
}

// standing is by what one can tell that nothing was counted in between.
type standing struct{ messages, counted, followed int64 }

func (l *location) standing() standing {
	return standing{l.messages, l.counted, l.recorder.Followed()}
}

func (b *backfill) count(ctx context.Context) error {
	busy := false
	err := b.owner.do(ctx, func() {
		b.before, busy = b.owner.standing(), !b.owner.idle()
	})
	if err != nil {
		return err
	}
	if busy {
		return ErrCounting
	}
	reader, err := recording.NewLimited(b.upload.Content, "upload", MaxUploadText)
	if err != nil {
		return err
	}
	defer reader.Close()
	r := NewReplayer(b.engine.Store, b.engine.Config, nil)
	f := &replayFile{Replayer: r, ctx: ctx, name: "upload", batch: &analytics.Batch{}, named: map[int64]*location{}}
	source := &uploadMessages{Reader: reader, location: b.upload.Location, now: b.engine.Now()}
	source.begin = func(at int64) error { return b.begin(f, at) }
	if err := f.run(source); err != nil {
		return err
	}
	if len(f.named) == 0 {
		b.location = nil // nothing in it counts
	} else {
		b.location.tracker.End()
		b.location.recorder.Follow(max(b.location.recorder.Followed(), b.location.counted))
		if err := f.flush(f.batch); err != nil {
			return err
		}
	}
	b.batch, b.number, b.summary = f.batch, r.batch, f.summary
	b.summary.StepsBack = reader.StepsBack()
	b.summary.span(f.first, f.last)
	return nil
}

// begin restores the location as of an upload's first message, which must not lie
// before what is counted.
func (b *backfill) begin(f *replayFile, at int64) error {
	if b.before.counted > 0 || b.before.messages > 0 {
		if counted := max(b.before.counted, b.before.followed); at < counted {
			return &BehindError{File: "the upload", Location: b.owner.id, Begins: at, Counted: counted}
		}
	}
	err := b.engine.Store.View(func(v analytics.View) error {
		profile, err := analytics.LoadProfile(v, b.owner.id)
		if err != nil {
			return err
		}
		stored, err := analytics.Load(v, b.owner.id)
		if err != nil {
			return err
		}
		if stored != nil {
			f.Replayer.batch = max(f.Replayer.batch, stored.Batch)
			if b.before.counted == 0 && b.before.messages == 0 {
				stored = nil // it begins here
			}
		}
		cfg := b.engine.Config
		b.location, err = newLocation(describe(profile, cfg, b.owner.id), cfg, b.owner.plan.Load(), stored, at)
		return err
	})
	f.locations[b.owner.id] = b.location
	return err
}

// commit stores the upload and lets the owner go on from it, unless it counted
// something meanwhile.
func (b *backfill) commit(ctx context.Context) error {
	f := &b.engine.flusher
	f.turn.Lock()
	defer f.turn.Unlock()
	if f.waiting != nil {
		return errors.New("what was counted before could not be stored yet")
	}
	var failed error
	err := b.owner.do(ctx, func() {
		if !b.owner.idle() || b.owner.standing() != b.before {
			failed = ErrCounting
			return
		}
		if failed = analytics.Commit(b.engine.Store, b.batch); failed == nil && b.location != nil {
			f.number = max(f.number, b.number)
			b.location.recorder.Committed(b.number)
			b.owner.goOn(b.location)
		}
	})
	if err != nil {
		return err
	}
	if failed != nil {
		return failed
	}
	return analytics.Derive(b.engine.Store, b.owner.id)
}

// goOn takes another standing of the same location.
func (o *owner) goOn(l *location) {
	o.location = l
	o.board = newBoard(l.profile)
	o.version-- // though no count may have changed
}
