package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestZonesHaveALimit(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "zones.geojson")
	if err := os.WriteFile(file, []byte(oneZone), 0o600); err != nil {
		t.Fatal(err)
	}
	server := startChild(t, "serve", "--listen", "127.0.0.1:0", "--zones", file, "--database", filepath.Join(folder, "shop.db"), "--limits.zones", "1")
	defer server.terminate(t)
	e := editor{t, "http://" + server.address}
	two := strings.Replace(oneZone, `"features":[`, `"features":[{"type":"Feature","id":"east","properties":{"location_id":7},"geometry":{"type":"Polygon","coordinates":[[[200,0],[300,0],[300,100],[200,100],[200,0]]]}},`, 1)
	if status, _, answer := e.do(http.MethodPut, "/api/v1/locations/7/zones", two, "*"); status != http.StatusUnprocessableEntity || !strings.Contains(answer, "limits.zones") {
		t.Errorf("%d %s", status, answer)
	}
	if got, err := os.ReadFile(file); err != nil || string(got) != oneZone {
		t.Errorf("the file is %s, %v", got, err)
	}
	if n := metric(t, server.address, `footfall_limit_refusals_total{limit="zones"}`); n != 1 {
		t.Errorf("%v refusals", n)
	}
	if status, _, answer := e.do(http.MethodPut, "/api/v1/locations/7/zones", oneZone, "*"); status != http.StatusOK {
		t.Errorf("%d %s", status, answer)
	}
}
