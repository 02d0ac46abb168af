package main

import (
	"context"
	"errors"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/footfall/footfall/signals"
	"github.com/footfall/footfall/signals/signalstest"
)

// smallDisk is a file system of some megabytes, or skips.
func smallDisk(t *testing.T) (folder string) {
	t.Helper()
	folder = t.TempDir()
	if err := syscall.Mount("footfall", folder, "tmpfs", 0, "size=12m"); err != nil {
		t.Skipf("SKIPPED: no small file system can be mounted: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(folder, syscall.MNT_DETACH) })
	return folder
}

// fill writes until there is no room.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for size := 1 << 20; size > 0; {
		if _, err := f.Write(make([]byte, size)); errors.Is(err, syscall.ENOSPC) {
			size /= 2
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func appear(person int64) *signals.Message {
	nan := float32(math.NaN())
	return &signals.Message{Kind: signals.KindPosition, LocationID: 7, PersonID: person, X: float64(person%6)*100 + 50, Y: 50, Confidence: nan, Age: nan}
}

func leave(person int64) *signals.Message {
	m := appear(person)
	m.Kind = signals.KindLost
	return m
}

// A disk runs full under load. What is counted waits in memory, as /readyz and the
// metrics say, and feeds are stopped once it is as much as may; when there is room again
// everything is written, and counting goes on.
func TestFullDisk(t *testing.T) {
	folder := smallDisk(t)
	_, zones := countedShop(t)
	sender := signalstest.NewSender(t)
	config := filepath.Join(t.TempDir(), "footfall.yaml")
	text := "listen: 127.0.0.1:0\ndatabase: " + folder + "/shop.db\nzones: " + zones + "\nlimits: {unwritten: 256KiB}\n" +
		"feeds: [{url: \"" + sender.URL() + "\", token: test, locations: [7]}]\n" +
		"tracking: {enter_after: 0s, exit_after: 0s, corrections: false, expire_after: 10m}\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	server := startChild(t, "serve", "--config", config)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	come := func(from, to int64) {
		ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
		defer cancel()
		for person := from; person < to && ctx.Err() == nil; person++ {
			if sender.Send(ctx, appear(person)) != nil {
				return // hung up: it is full
			}
		}
	}
	figure := func(name string) float64 { return metric(t, server.address, name) }
	come(0, 100)
	await(t, "a flush", func() bool {
		return figure("footfall_flushes_total") > 1 && figure("footfall_people{location=\"7\"}") == 100
	})
	ballast := filepath.Join(folder, "ballast")
	fill(t, ballast)
	come(100, 2000)
	await(t, "a flush that fails", func() bool { return figure("footfall_flush_failures_total") > 0 })
	var ready struct{ Store string }
	if code := get(t, server.address, "/readyz", &ready); code != http.StatusServiceUnavailable || !strings.Contains(ready.Store, "no space left") {
		t.Errorf("/readyz: %d, %+v", code, ready)
	}
	if n := figure(`footfall_people{location="7"}`); n < 1500 {
		t.Errorf("%v people while the disk is full", n)
	}
	await(t, "the bound", func() bool {
		come(2000, 12_000)
		sender.Drop()
		return figure(`footfall_limit_refusals_total{limit="unwritten"}`) == 1 && figure(`footfall_connected{location="7"}`) == 0
	})
	if get(t, server.address, "/readyz", &ready); !strings.Contains(ready.Store, "feeds are stopped") {
		t.Errorf("/readyz at the bound: %+v", ready)
	}
	tracks, waiting := figure(`footfall_tracks_total{location="7"}`), figure("footfall_unwritten_bytes")
	time.Sleep(1500 * time.Millisecond)
	if more := figure("footfall_unwritten_bytes"); more > waiting*1.5+100_000 || more > 8<<20 {
		t.Errorf("%v bytes wait, then %v", waiting, more)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	await(t, "everything to be written", func() bool { return isReady(t, server.address) && figure("footfall_unwritten_bytes") == 0 })
	for person := range int64(12_000) {
		if err := sender.Send(ctx, leave(person)); err != nil {
			t.Fatal(err)
		}
	}
	await(t, "everybody to leave", func() bool { return figure(`footfall_people{location="7"}`) == 0 })
	t.Logf("%v people came, %v bytes waited at the bound", tracks, waiting)
	server.terminate(t)
	row := locationRow(t, filepath.Join(folder, "shop.db"))
	if row.Entries != int64(tracks) || row.Exits != int64(tracks) || row.Coverage >= 1 {
		t.Errorf("%+v, want %v entries and exits", row, tracks)
	}
	if code, _, errs := footfall(t, "db", "check", "--database", filepath.Join(folder, "shop.db")); code != exitOK {
		t.Error(errs)
	}
}

// On a file system that is read-only a server says so and ends.
func TestReadOnlyFileSystem(t *testing.T) {
	folder := smallDisk(t)
	database, zones := countedShop(t)
	whole, err := os.ReadFile(database)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "shop.db")
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("footfall", folder, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	code, _, errs := footfall(t, "serve", "--listen", "127.0.0.1:0", "--database", path, "--zones", zones)
	if code != exitDatabase || !strings.Contains(errs, "read-only file system") || strings.Count(strings.TrimSpace(errs), "\n") > 0 {
		t.Errorf("exit %d: %s", code, errs)
	}
	if code, out, errs := footfall(t, reportArgs(path, "occupancy")...); code != exitOK || len(rowsOf(t, []byte(out))) == 0 {
		t.Errorf("report: exit %d: %s", code, errs)
	}
}
