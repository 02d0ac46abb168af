package packaging

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// packageVariable names the package that "make deb-check" has made.
const packageVariable = "TEST_DEB"

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// What the package brings is there, and works from where it is.
func TestDebianPackage(t *testing.T) {
	deb := os.Getenv(packageVariable)
	if deb == "" {
		t.Skip("SKIPPED: make deb-check makes a package and tests it")
	}
	root := t.TempDir()
	if err := os.Chmod(root, 0o755); err != nil {
		t.Fatal(err)
	}
	run(t, "dpkg-deb", "-x", deb, root)
	for path, mode := range map[string]os.FileMode{
		"usr/bin/footfall": 0o755, "lib/systemd/system/footfall.service": 0o644, "usr/lib/sysusers.d/footfall.conf": 0o644, "etc/footfall/footfall.yaml": 0o640,
		"usr/share/man/man1/footfall.1": 0o644, "usr/share/man/man1/footfall-serve.1": 0o644, "usr/share/bash-completion/completions/footfall": 0o644,
		"usr/share/zsh/vendor-completions/_footfall": 0o644, "usr/share/fish/vendor_completions.d/footfall.fish": 0o644,
		"usr/share/doc/footfall/copyright": 0o644, "usr/share/doc/footfall/footfall.rules.yaml": 0o644,
	} {
		info, err := os.Stat(filepath.Join(root, path))
		if err != nil || info.Mode().Perm() != mode || info.Size() == 0 {
			t.Errorf("%s: %v, %v", path, info, err)
		}
	}
	program := filepath.Join(root, "usr/bin/footfall")
	commit := strings.TrimSpace(run(t, "git", "rev-parse", "--short=12", "HEAD"))
	info, err := os.Stat("../.git")
	if version := run(t, program, "--version"); err == nil && info.IsDir() && !strings.Contains(version, commit) { // not in a second work tree, which Go does not know
		t.Errorf("it is version %s of commit %s", version, commit)
	}
	if fields := run(t, "dpkg-deb", "-f", deb, "Package", "Version"); !strings.Contains(fields, "Package: footfall") || os.Getenv("CI") != "" && !strings.Contains(fields, commit) {
		t.Errorf("fields %s", fields)
	}
	control := t.TempDir()
	run(t, "dpkg-deb", "-e", deb, control)
	if files, err := os.ReadFile(filepath.Join(control, "conffiles")); err != nil || string(files) != "/etc/footfall/footfall.yaml\n" {
		t.Errorf("conffiles %s, %v", files, err)
	}
	for _, script := range []string{"postinst", "prerm", "postrm"} {
		run(t, "sh", "-n", filepath.Join(control, script))
	}
	run(t, "bash", "-n", filepath.Join(root, "usr/share/bash-completion/completions/footfall"))
	checkSBOM(t, filepath.Join(root, "usr/share/doc/footfall/footfall.cdx.json"))
	if err := os.MkdirAll(filepath.Join(root, "var/lib/footfall"), 0o755); err != nil {
		t.Fatal(err)
	}
	address := serveIn(t, root, "/usr/bin/footfall", "/", 0, nil, "serve", "--config", "/etc/footfall/footfall.yaml", "--listen", "127.0.0.1:0", "--zones", "")
	if status, answer := ask(t, http.MethodGet, "http://"+address+"/livez", ""); status != http.StatusOK {
		t.Errorf("/livez: %d %s", status, answer)
	}
}

// checkSBOM wants every module that the program says it is made of.
func checkSBOM(t *testing.T, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var bom struct {
		BOMFormat  string
		Components []struct{ Name, Version string }
	}
	if err := json.Unmarshal(text, &bom); err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, c := range bom.Components {
		listed[c.Name+" "+c.Version] = true
	}
	modules := 0
	for line := range strings.Lines(run(t, "go", "version", "-m", "../dist/footfall")) {
		if fields := strings.Fields(line); len(fields) > 2 && fields[0] == "dep" {
			modules++
			if !listed[fields[1]+" "+fields[2]] {
				t.Errorf("the SBOM has no %s %s", fields[1], fields[2])
			}
		}
	}
	if bom.BOMFormat != "CycloneDX" || modules < 20 {
		t.Errorf("%s of %d modules", bom.BOMFormat, modules)
	}
}
