package main

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/footfall/footfall/internal/edge/edgetest"
)

const rulesFile = "../../packaging/prometheus/footfall.rules.yaml"

type rules struct {
	Groups []struct {
		Rules []struct {
			Alert, Expr string
			Labels      struct{ Severity string }
			Annotations struct{ Summary string }
		}
	}
}

func readRules(t *testing.T) (r rules) {
	t.Helper()
	text, err := os.ReadFile(rulesFile)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, &r); err != nil || len(r.Groups) == 0 {
		t.Fatal(err, r)
	}
	return r
}

// An alert on a metric that is not there would never come; a metric that is not explained
// helps nobody.
func TestAlertsAndMetricsAreThere(t *testing.T) {
	player := startChild(t, "simulate", "--listen", "127.0.0.1:0")
	files, folder := edgetest.NewFiles(t), t.TempDir()
	certificate, key := edgetest.Pair(t, "shop.example", time.Now().Add(time.Hour))
	files.Write(t, certificate, key)
	path := filepath.Join(folder, "footfall.yaml")
	text := "listen: 127.0.0.1:0\ndatabase: " + path + ".db\nzones: \"\"\nfeeds: [{url: \"ws://" + player.address + "/websocket_realtime\", locations: [1]}]\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	server := startChild(t, "serve", "--config", path, "--tls.cert", files.Cert, "--tls.key", files.Key)
	defer server.terminate(t)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(certificate)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	defer client.CloseIdleConnections()
	metrics := ""
	await(t, "the location", func() bool {
		response, err := client.Get("https://" + server.address + "/metrics")
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		metrics = string(body)
		return strings.Contains(metrics, "footfall_connected{") && strings.Contains(metrics, "request_duration_seconds_count{")
	})
	guide, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	name := regexp.MustCompile(`footfall_[a-z_]+`)
	for _, group := range readRules(t).Groups {
		for _, rule := range group.Rules {
			if rule.Labels.Severity == "" || rule.Annotations.Summary == "" || !strings.Contains(string(guide), "| `"+rule.Alert+"` |") {
				t.Errorf("%s has no severity, no summary, or no row in docs/operations.md", rule.Alert)
			}
			for _, metric := range name.FindAllString(rule.Expr, -1) {
				if !strings.Contains(metrics, "\n"+metric+"{") && !strings.Contains(metrics, "\n"+metric+" ") {
					t.Errorf("%s: there is no metric %s", rule.Alert, metric)
				}
			}
		}
	}
	for _, line := range regexp.MustCompile(`(?m)^# TYPE (footfall_\S+)`).FindAllStringSubmatch(metrics, -1) {
		if !strings.Contains(string(guide), "`"+line[1]+"`") {
			t.Errorf("docs/operations.md does not explain %s", line[1])
		}
	}
}

func TestAlertsArePromQL(t *testing.T) {
	tool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("SKIPPED: there is no promtool on this machine")
	}
	if out, err := exec.Command(tool, "check", "rules", rulesFile).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
