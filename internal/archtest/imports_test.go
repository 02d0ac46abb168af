package archtest

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/footfall/footfall/"

// arrows says what of ours each package may import. A package that is not listed
// fails the test: say where it belongs first.
var arrows = map[string][]string{
	"signals":                {},
	"signals/signalstest":    {"signals"},
	"zones":                  {},
	"tracker":                {"zones"},
	"analytics":              {"zones", "tracker"},
	"analytics/storetest":    {"analytics"},
	"api":                    {"analytics", "signals", "internal/edge", "api/dashboard"},
	"api/dashboard":          {},
	"internal/access":        {},
	"internal/archtest":      {},
	"internal/boltstore":     {"analytics"},
	"internal/config":        {"internal/edge"},
	"internal/edge":          {},
	"internal/edge/edgetest": {},
	"internal/recording":     {"signals"},
	"internal/simulate":      {"signals"},
	"internal/engine":        {"signals", "zones", "tracker", "analytics", "internal/config", "internal/recording"},
	"internal/whatif":        {"analytics"},
	"internal/systemd":       {},
	"packaging":              {},
	"cmd/footfall":           {"signals", "zones", "analytics", "api", "internal/access", "internal/boltstore", "internal/config", "internal/edge", "internal/engine", "internal/recording", "internal/simulate", "internal/systemd", "internal/whatif"},
}

// rooms says where a library may be imported.
var rooms = map[string][]string{
	"github.com/paulmach/orb":              {"zones"},
	"github.com/peterstace/simplefeatures": {"zones"},
	"github.com/labstack/echo":             {"api"},
	"github.com/danielgtaylor/huma":        {"api"},
	"github.com/xuri/excelize":             {"api"},
	"github.com/parquet-go/parquet-go":     {"api"},
	"go.etcd.io/bbolt":                     {"internal/boltstore"},
	"github.com/golang-jwt/jwt":            {"internal/access"},
	"github.com/MicahParks":                {"internal/access"},
	"github.com/gorilla/websocket":         {"signals", "signals/signalstest"},
	"github.com/spf13/cobra":               {"cmd/footfall"},
}

type listed struct {
	ImportPath string
	Imports    []string
}

func packages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", module+"...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func TestArrows(t *testing.T) {
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		allowed, known := arrows[name]
		if !known {
			t.Errorf("%s is in no room: add it to arrows and to ARCHITECTURE.md", name)
			continue
		}
		for _, path := range p.Imports {
			imported, ours := strings.CutPrefix(path, module)
			if ours && !slices.Contains(allowed, imported) {
				t.Errorf("%s imports %s; it may import %v", name, imported, allowed)
			}
		}
	}
}

func TestRooms(t *testing.T) {
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		for _, path := range p.Imports {
			for library, allowed := range rooms {
				if (path == library || strings.HasPrefix(path, library+"/")) && !slices.Contains(allowed, name) {
					t.Errorf("%s imports %s, which lives in %v", name, path, allowed)
				}
			}
		}
	}
}

// Time is data: these packages must not read a clock.
func TestNoClock(t *testing.T) {
	for _, name := range []string{"zones", "tracker", "analytics"} {
		out, err := exec.Command("grep", "-rnE", `time\.(Now|Since|Until|Sleep|After|Tick|NewTimer|NewTicker)\b`, "--include=*.go", "--exclude=*_test.go", "--exclude-dir=storetest", "../../"+name).Output()
		if len(out) > 0 {
			t.Errorf("%s reads a clock:\n%s", name, out)
		}
		var exit *exec.ExitError
		if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
			t.Fatal(err)
		}
	}
}
