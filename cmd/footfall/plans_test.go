package main

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/footfall/footfall/api"
	"github.com/footfall/footfall/internal/config"
	"github.com/footfall/footfall/internal/simulate"
)

func anyPlan(*api.Plan) bool { return true }

func TestPlansAreKeptBesideTheDatabase(t *testing.T) {
	folder := t.TempDir()
	given := filepath.Join(folder, "given.svg")
	if err := os.WriteFile(given, simulate.Plan(), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg := config.Default()
	cfg.Database = filepath.Join(folder, "shop.db")
	shop := cfg.Location(7)
	shop.Plan = config.Plan{File: given, Scale: 2, Origin: [2]float64{-3, 4}}
	cfg.Locations = []config.Location{shop}
	open := func() *plans {
		p, err := openPlans(cfg, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	p := open()
	configured := p.Plan(7)
	if configured == nil || configured.Placing != (api.Placing{Scale: 2, X: -3, Y: 4}) || p.Plan(8) != nil {
		t.Fatalf("configured: %v, of another location: %v", configured, p.Plan(8))
	}
	var conflict *api.Conflict
	if err := p.Put(7, anyPlan, nil); !errors.As(err, &conflict) {
		t.Errorf("the configured plan was removed: %v", err)
	}
	own := &api.Plan{Picture: configured.Picture, Placing: api.Placing{Scale: 5}}
	if err := p.Put(7, func(now *api.Plan) bool { return now != configured }, own); !errors.Is(err, api.ErrChanged) {
		t.Errorf("put over what does not match: %v", err)
	}
	if err := p.Put(7, anyPlan, own); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(cfg.Database + ".plan-7")
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	again := open()
	if got := again.Plan(7); got == nil || got.Scale != 5 || string(got.Picture.Body) != string(simulate.Plan()) {
		t.Errorf("after opening again the plan is %v", got)
	}
	if err := again.Put(7, anyPlan, nil); err != nil {
		t.Fatal(err)
	}
	if got := open().Plan(7); got == nil || got.Scale != 2 {
		t.Errorf("with the upload gone the plan is %v, want the configured one", got)
	}
}

func TestPlanOfTheConfigurationIsChecked(t *testing.T) {
	cfg := config.Default()
	shop := cfg.Location(7)
	shop.Plan = config.Plan{File: filepath.Join(t.TempDir(), "none.png"), Scale: 1}
	cfg.Locations = []config.Location{shop}
	if _, err := openPlans(cfg, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("a plan that is not there was taken")
	}
}
