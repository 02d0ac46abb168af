package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"sync"

	"github.com/footfall/footfall/api"
	"github.com/footfall/footfall/internal/config"
)

// plans are the floor plans: those of the configuration, and those that were uploaded,
// each in a file of its own beside the database.
type plans struct {
	database string // its path; "": none are kept
	log      *slog.Logger
	given    map[int64]*api.Plan

	mu   sync.RWMutex
	kept map[int64]*api.Plan // nil: it was looked for, and there is none
}

// planFile is an uploaded plan, picture and place, so that one write changes both.
type planFile struct {
	Scale   float64 `json:"scale"`
	X       float64 `json:"x"`
	Y       float64 `json:"y"`
	Picture []byte  `json:"picture"`
}

// openPlans reads the configured plans; what is wrong with one is told with its place.
func openPlans(cfg *config.Config, log *slog.Logger) (*plans, error) {
	p := &plans{database: cfg.Database, log: log, given: map[int64]*api.Plan{}, kept: map[int64]*api.Plan{}}
	for _, l := range cfg.Locations {
		if l.Plan.File == "" {
			continue
		}
		body, err := os.ReadFile(l.Plan.File)
		if err == nil {
			p.given[l.ID], err = newPlan(body, api.Placing{Scale: l.Plan.Scale, X: l.Plan.Origin[0], Y: l.Plan.Origin[1]})
		}
		if err != nil {
			return nil, withCode(exitUsage, fmt.Errorf("the plan of location %d: %s: %w", l.ID, l.Plan.File, err))
		}
	}
	return p, nil
}

func newPlan(body []byte, at api.Placing) (*api.Plan, error) {
	picture, err := api.ReadPicture(body)
	if err != nil {
		return nil, err
	}
	if !at.Valid() {
		return nil, errors.New("the scale or the origin is out of range")
	}
	return &api.Plan{Picture: picture, Placing: at}, nil
}

// Plan is the uploaded one, else the configured one.
func (p *plans) Plan(location int64) *api.Plan {
	p.mu.RLock()
	own, known := p.kept[location]
	p.mu.RUnlock()
	if !known {
		p.mu.Lock()
		own = p.look(location)
		p.mu.Unlock()
	}
	if own == nil {
		return p.given[location]
	}
	return own
}

// look reads an uploaded plan once. A file that cannot be read is as none, and is
// replaced by the next upload. The lock is held.
func (p *plans) look(location int64) *api.Plan {
	own, known := p.kept[location]
	if known || p.database == "" {
		return own
	}
	own, err := readPlan(p.path(location))
	if err != nil {
		p.log.Warn("the uploaded floor plan is left out", "file", p.path(location), "error", err)
	}
	p.kept[location] = own
	return own
}

// readPlan is nil where there is none.
func readPlan(path string) (*api.Plan, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var f planFile
	if err := json.Unmarshal(text, &f); err != nil {
		return nil, err
	}
	return newPlan(f.Picture, api.Placing{Scale: f.Scale, X: f.X, Y: f.Y})
}

func (p *plans) path(location int64) string {
	return fmt.Sprintf("%s.plan-%d", p.database, location)
}

// Put keeps an uploaded plan, or removes it.
func (p *plans) Put(location int64, match func(*api.Plan) bool, next *api.Plan) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	own := p.look(location)
	now := own
	if now == nil {
		now = p.given[location]
	}
	switch {
	case !match(now):
		return api.ErrChanged
	case p.database == "":
		return &api.Conflict{Reason: "there is no database beside which a plan could be kept"}
	case next != nil:
		if err := writePlan(p.path(location), next); err != nil {
			return fmt.Errorf("the floor plan cannot be written: %w", err)
		}
	case own == nil:
		return &api.Conflict{Reason: "this plan is configured, not uploaded: it can only be taken from the configuration"}
	default:
		if err := errors.Join(os.Remove(p.path(location)), syncFolder(p.path(location))); err != nil {
			return fmt.Errorf("the floor plan cannot be removed: %w", err)
		}
	}
	p.kept[location] = next
	return nil
}

func writePlan(path string, p *api.Plan) error {
	var text bytes.Buffer
	if err := json.NewEncoder(&text).Encode(planFile{p.Scale, p.X, p.Y, p.Picture.Body}); err != nil {
		return err
	}
	return writeWithMode(path, text.Bytes(), 0o600)
}
