package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const twoShops = `{"type":"FeatureCollection","drawn":"by hand","features":[
 {"type":"Feature","id":"west","properties":{"location_id":7},"geometry":{"type":"Polygon","coordinates":[[[0,0],[100,0],[100,100],[0,100],[0,0]]]}},
 {"type":"Feature","id":"hall","properties":{"location_id":8,"colour":"red"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[9,0],[9,9],[0,0]]]}}]}`

// editor changes zones by the API of a server.
type editor struct {
	t   *testing.T
	url string
}

func (e editor) do(method, path, body, match string) (status int, tag, answer string) {
	e.t.Helper()
	r, err := http.NewRequestWithContext(e.t.Context(), method, e.url+path, strings.NewReader(body))
	if err != nil {
		e.t.Fatal(err)
	}
	if method == http.MethodPut {
		r.Header.Set("Content-Type", "application/geo+json")
		r.Header.Set("If-Match", match)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		e.t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		e.t.Fatal(err)
	}
	return resp.StatusCode, resp.Header.Get("ETag"), string(got)
}

func (e editor) counted(location string) string {
	var counts struct {
		Zones []struct {
			ID string `json:"zone_id"`
		}
	}
	getJSON(e.t, e.url+"/api/v1/locations/"+location+"/occupancy", &counts)
	var ids []string
	for _, z := range counts.Zones {
		ids = append(ids, z.ID)
	}
	return strings.Join(ids, " ")
}

func TestZonesAreReplacedByTheAPI(t *testing.T) {
	folder := t.TempDir()
	file, link := filepath.Join(folder, "drawn.geojson"), filepath.Join(folder, "zones.geojson")
	if err := os.WriteFile(file, []byte(twoShops), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	server := startChild(t, "serve", "--listen", "127.0.0.1:0", "--zones", link, "--database", filepath.Join(folder, "shop.db"))
	e := editor{t, "http://" + server.address}
	const path = "/api/v1/locations/7/zones"
	_, first, _ := e.do(http.MethodGet, path, "", "")
	status, second, answer := e.do(http.MethodPut, path, otherZone, first)
	if status != http.StatusOK || second == first || !strings.Contains(answer, `"east"`) {
		t.Fatalf("%d: %s", status, answer)
	}
	if got := e.counted("7"); got != "east" {
		t.Errorf("zones %q count, want east", got)
	}
	text := contents(t, file)
	if !strings.Contains(text, `"colour":"red"`) || !strings.Contains(text, `"drawn": "by hand"`) || strings.Contains(text, "west") {
		t.Errorf("the file says\n%s", text)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Error("the link is none any more")
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("the file's permissions are %v", info.Mode())
	}

	if status, _, answer = e.do(http.MethodPut, path, oneZone, first); status != http.StatusPreconditionFailed {
		t.Errorf("the second editor: %d %s", status, answer)
	}
	if status, _, answer = e.do(http.MethodPut, path, openZone, second); status != http.StatusUnprocessableEntity || !strings.Contains(answer, "is open") {
		t.Errorf("a fault: %d %s", status, answer)
	}
	if got := contents(t, file); got != text || e.counted("7") != "east" {
		t.Errorf("after refusals %q count, and the file says\n%s", e.counted("7"), got)
	}
	if err := os.WriteFile(file, []byte(twoShops), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, _, answer = e.do(http.MethodPut, path, oneZone, second); status != http.StatusConflict || contents(t, file) != twoShops {
		t.Errorf("over a file that was changed by hand: %d %s", status, answer)
	}
	server.terminate(t)
}

// A folder that cannot be written to leaves file and counts as they are.
func TestZonesThatCannotBeWritten(t *testing.T) {
	folder := t.TempDir()
	at := filepath.Join(folder, "gone")
	if err := os.Mkdir(at, 0o700); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(at, "zones.geojson")
	if err := os.WriteFile(file, []byte(oneZone), 0o600); err != nil {
		t.Fatal(err)
	}
	server := startChild(t, "serve", "--listen", "127.0.0.1:0", "--zones", file, "--database", filepath.Join(folder, "shop.db"))
	e := editor{t, "http://" + server.address}
	if err := os.RemoveAll(at); err != nil {
		t.Fatal(err)
	}
	if status, _, answer := e.do(http.MethodPut, "/api/v1/locations/7/zones", otherZone, "*"); status < 500 || e.counted("7") != "west" {
		t.Errorf("%d %s, and %q counts", status, answer, e.counted("7"))
	}
	server.terminate(t)
}

func contents(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
