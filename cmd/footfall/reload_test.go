package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

const (
	oneZone = `{"type":"FeatureCollection","features":[
 {"type":"Feature","id":"west","properties":{"location_id":7},"geometry":{"type":"Polygon","coordinates":[[[0,0],[100,0],[100,100],[0,100],[0,0]]]}}]}`
	otherZone = `{"type":"FeatureCollection","features":[
 {"type":"Feature","id":"east","properties":{"location_id":7},"geometry":{"type":"Polygon","coordinates":[[[100,0],[200,0],[200,100],[100,100],[100,0]]]}}]}`
	openZone = `{"type":"FeatureCollection","features":[
 {"type":"Feature","id":"north","properties":{"location_id":7},"geometry":{"type":"Polygon","coordinates":[[[0,0],[100,0],[100,100],[0,100]]]}}]}`
)

func TestHangupReloadsZones(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "zones.geojson")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(oneZone)
	server := startChild(t, "serve", "--listen", "127.0.0.1:0", "--zones", file, "--database", filepath.Join(folder, "shop.db"))
	served := func() string {
		var counts struct {
			Zones []struct {
				ID string `json:"zone_id"`
			}
		}
		getJSON(t, "http://"+server.address+"/api/v1/locations/7/occupancy", &counts)
		var ids []string
		for _, z := range counts.Zones {
			ids = append(ids, z.ID)
		}
		return strings.Join(ids, " ")
	}
	hangup := func() {
		if err := server.cmd.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
	}
	if got := served(); got != "west" {
		t.Fatalf("zones %q, want west", got)
	}
	write(otherZone)
	hangup()
	await(t, "the other zone", func() bool { return served() == "east" })
	write(openZone)
	hangup()
	await(t, "the reason in the log", func() bool { return strings.Contains(server.log.String(), "is open") })
	if got := served(); got != "east" {
		t.Errorf("after a file with a fault the zones are %q, want those from before", got)
	}
	server.terminate(t)
}
