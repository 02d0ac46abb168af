package packaging

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const unit = "systemd/footfall.service"

// runnable is the unit with a program that is there, since verify looks for it.
func runnable(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(unit)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "footfall.service")
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(string(text), "/usr/bin/footfall", "/bin/true")), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func inspect(t *testing.T, args ...string) string {
	t.Helper()
	tool, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("SKIPPED: there is no systemd-analyze on this machine")
	}
	out, err := exec.Command(tool, args...).CombinedOutput()
	if err != nil {
		t.Errorf("systemd-analyze %v: %v\n%s", args, err, out)
	}
	return string(out)
}

func TestUnitIsValid(t *testing.T) {
	if out := inspect(t, "verify", "--man=no", runnable(t)); strings.Contains(out, "footfall.service") {
		t.Errorf("systemd-analyze verify says %s", out)
	}
}

// The exposure is of 0 to 100; a service without any hardening has 96.
func TestUnitIsHardened(t *testing.T) {
	inspect(t, "security", "--offline=yes", "--threshold=15", runnable(t))
}
