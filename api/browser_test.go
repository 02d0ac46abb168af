package api

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/footfall/footfall/signals"
)

// browse has a real browser open a page, and returns what the page has become and what
// was said on its console. The name evil.example leads to this machine.
func browse(t *testing.T, url string) (page, console string) {
	t.Helper()
	if testing.Short() {
		t.Skip("SKIPPED: a browser takes seconds to start")
	}
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("SKIPPED: there is no chromium on this machine")
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var out, log strings.Builder
	cmd := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir="+t.TempDir(),
		"--enable-logging=stderr", "--virtual-time-budget=10000", "--host-resolver-rules=MAP evil.example 127.0.0.1", "--dump-dom", url)
	cmd.Stdout, cmd.Stderr = &out, &log
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, log.String())
	}
	return out.String(), strings.Join(regexp.MustCompile(`CONSOLE.*`).FindAllString(log.String(), -1), "\n")
}

// The pages work under their policies.
func TestPagesInABrowser(t *testing.T) {
	s := start(t, nil)
	for path, want := range map[string]string{"/": "Entrance", "/docs": "Current counts of a location"} {
		t.Run(path, func(t *testing.T) {
			page, console := browse(t, s.url+path)
			if !strings.Contains(page, want) {
				t.Errorf("the page has no %q: %.2000s", want, page)
			}
			if strings.Contains(console, "Content Security Policy") || strings.Contains(console, "Uncaught") {
				t.Errorf("the console says %s", console)
			}
		})
	}
}

// attack is a page that tries to get at a server, and tells how each way went.
const attack = `<!doctype html><body><script>
const server = "http://127.0.0.1:%[1]s", rebound = "http://evil.example:%[1]s", tell = {};
const ask = (name, url, init) => fetch(url, init).then(r => r.type == "opaque" ? "sent" : r.text().then(t => r.status + " " + t), e => "failed")
  .then(how => { tell[name] = how });
const socket = new Promise(done => {
  const ws = new WebSocket(server.replace("http", "ws") + "/websocket_realtime");
  ws.onopen = () => { tell.socket = "open"; done() };
  ws.onerror = () => { tell.socket = "failed"; done() };
});
Promise.all([socket,
  ask("read", server + "/api/v1/occupancy"),
  ask("rebound", rebound + "/api/v1/occupancy"),
  ask("form", server + "/api/v1/locations/21/messages", {method: "POST", mode: "no-cors", body: "x"}),
  ask("json", server + "/api/v1/locations/21/messages", {method: "POST", body: "x", headers: {"Content-Type": "application/x-ndjson"}}),
]).then(() => { document.body.textContent = JSON.stringify(tell) });
</script>`

func TestPagesElsewhereInABrowser(t *testing.T) {
	for _, c := range []struct {
		name, host string
		origins    bool
		want       string
		uploads    int
	}{
		{"another site's", "evil.example", false, `"read":"failed","form":"failed","json":"failed","socket":"failed","rebound":"failed"`, 0},
		{"a listed site's", "evil.example", true, `"read":"200 {`, 1},
		{"this machine's", "localhost", false, `"socket":"open"`, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			u := &uploads{}
			relay := signals.NewServer(signals.ServerConfig{Authorize: signals.AllowAll, Source: signals.NewHub(), CheckOrigin: func(*http.Request) bool { return true }})
			var port string
			page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/html")
				fmt.Fprintf(w, attack, port)
			}))
			defer page.Close()
			at := strings.Replace(page.URL, "127.0.0.1", c.host, 1)
			s := start(t, func(cfg *Config) {
				cfg.Upload, cfg.Signals, cfg.Shutdown = u.take, relay, relay.Shutdown
				if c.origins {
					cfg.Edge.Origins = []string{at}
				}
			})
			port = s.url[strings.LastIndex(s.url, ":")+1:]
			got, console := browse(t, at)
			told := strings.NewReplacer("&quot;", `"`, "&gt;", ">").Replace(got)
			for _, part := range strings.Split(c.want, ",") {
				if !strings.Contains(told, part) {
					t.Errorf("no %s in %.1500s\n%s", part, told, console)
				}
			}
			if len(u.got) != c.uploads {
				t.Errorf("%d uploads came through, want %d", len(u.got), c.uploads)
			}
		})
	}
}
