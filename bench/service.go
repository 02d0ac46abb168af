package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// service is a `footfall serve` process.
type service struct {
	*process
	address string
}

// serviceOptions say what it serves; what is empty is left out.
type serviceOptions struct {
	url      string
	zones    []byte
	database string // a new one where empty
	noDelays bool
	more     []string // flags
}

func (s *suite) startService(o serviceOptions) (*service, error) {
	binary, err := s.product()
	if err != nil {
		return nil, err
	}
	zones, err := s.write("zones.geojson", o.zones)
	if err != nil {
		return nil, err
	}
	config := "tracking: {}\n"
	if o.url != "" {
		config = fmt.Sprintf("feeds:\n  - url: %s\n    locations: [%d]\n", o.url, location)
	}
	file, err := s.write("footfall.yaml", []byte(config))
	if err != nil {
		return nil, err
	}
	if o.database == "" {
		o.database = s.path("footfall.db")
	}
	args := []string{"serve", "--config", file, "--listen", "127.0.0.1:0", "--zones", zones, "--database", o.database,
		"--retention.minutes", "0", "--retention.quarters", "0"} // no deletion beside what is measured
	if o.noDelays {
		args = append(args, "--tracking.enter_after", "0s", "--tracking.exit_after", "0s", "--tracking.ghosts.prove_after", "0s")
	}
	p, err := startProcess(exec.Command(binary, append(args, o.more...)...))
	if err != nil {
		return nil, err
	}
	return &service{p, strings.TrimPrefix(p.first, "listening on ")}, nil
}

func (s *service) get(path string) ([]byte, error) {
	response, err := http.Get("http://" + s.address + path)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("GET %s: %s: %s", path, response.Status, body)
	}
	return body, err
}

var memoryMetric = regexp.MustCompile(`(?m)^go_memstats_sys_bytes (\S+)$`)

// memory is what the service's Go runtime has ever taken from the system; the
// mapped database is not in it.
func (s *service) memory() (bytes float64, err error) {
	body, err := s.get("/metrics")
	if err != nil {
		return 0, err
	}
	found := memoryMetric.FindSubmatch(body)
	if found == nil {
		return 0, errors.New("/metrics does not tell go_memstats_sys_bytes")
	}
	return strconv.ParseFloat(string(found[1]), 64)
}

var messagesMetric = regexp.MustCompile(`(?m)^footfall_messages_total\{[^}]*\} (\S+)$`)

// counted is how many messages the service has counted.
func (s *service) counted() (int64, error) {
	body, err := s.get("/metrics")
	if err != nil {
		return 0, err
	}
	found := messagesMetric.FindSubmatch(body)
	if found == nil {
		return 0, nil
	}
	n, err := strconv.ParseFloat(string(found[1]), 64)
	return int64(n), err
}

func (s *service) await(n int64) error {
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		counted, err := s.counted()
		if err != nil || counted >= n {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("only %d of %d positions were counted in a minute", counted, n)
		}
	}
}

// window measures for a while what the service counts and uses.
func (s *service) window(length time.Duration) (sample, error) {
	before, err := s.counted()
	if err != nil {
		return sample{}, err
	}
	began, used := time.Now(), s.cpu()
	time.Sleep(length)
	cpu, took := s.cpu()-used, time.Since(began)
	after, err := s.counted()
	return sample{units: after - before, took: took, cpu: cpu}, err
}
