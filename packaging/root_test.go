package packaging

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

const nobody = 65532 // as in the Containerfile

// serveIn starts the program in a root directory of its own, where nothing else is, and
// returns its address.
func serveIn(t *testing.T, root, program, folder string, uid uint32, env []string, args ...string) string {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("SKIPPED: only root can change the root directory")
	}
	cmd := exec.Command(program, args...)
	cmd.Dir, cmd.Env = folder, env
	cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: root, Credential: &syscall.Credential{Uid: uid, Gid: uid}}
	var log strings.Builder
	cmd.Stderr = &log
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("it ended with %v:\n%s", err, log.String())
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	address, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if !ok {
		t.Fatalf("it says %q, %v", line, err)
	}
	return address
}

func ask(t *testing.T, method, url, body string) (status int, answer string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-ndjson")
	client := &http.Client{Timeout: 10 * time.Second}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

const zones = `{"type":"FeatureCollection","features":[{"type":"Feature","id":"west","properties":{"location_id":7},"geometry":{"type":"Polygon","coordinates":[[[0,0],[9,0],[9,9],[0,0]]]}}]}`

// The image has nothing but the program and a folder that it may write to: this is that
// root directory, with the image's user, folder and environment.
func TestProgramNeedsNothingElse(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: it links the program")
	}
	root := t.TempDir()
	if err := os.Chmod(root, 0o755); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(root, "data")
	if err := os.Mkdir(data, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(data, "zones.geojson"), []byte(zones), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(data, nobody, nobody); err != nil {
		t.Skip("SKIPPED: only root can give a folder away: ", err)
	}
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", filepath.Join(root, "footfall"), "../cmd/footfall")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	address := "http://" + serveIn(t, root, "/footfall", "/data", nobody, []string{"TMPDIR=/data", "FOOTFALL_LISTEN=127.0.0.1:0"}, "serve")
	if status, answer := ask(t, http.MethodGet, address+"/livez", ""); status != http.StatusOK {
		t.Errorf("/livez: %d %s", status, answer)
	}
	recording := `{"time":"2026-03-02T09:00:00Z","message":{"type":"realtime_person_position","person_id":1,"location_id":7,"position":{"x":5,"y":2}}}` + "\n"
	if status, answer := ask(t, http.MethodPost, address+"/api/v1/locations/7/messages", recording); status != http.StatusOK {
		t.Errorf("an upload: %d %s", status, answer)
	}
	if status, answer := ask(t, http.MethodGet, address+"/api/v1/locations/7/reports/occupancy?from=2026-03-02&to=2026-03-03&tz=Europe/Helsinki", ""); status != http.StatusOK {
		t.Errorf("a report by a time zone: %d %s", status, answer)
	}
}
