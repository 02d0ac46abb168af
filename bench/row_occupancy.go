package main

import (
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"
)

const occupancyPath = "/api/v1/locations/1/occupancy"

// serveBare serves some bytes from net/http alone.
func serveBare(body []byte) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(listener.Addr())
	server := &http.Server{ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Etag", `"tag"`)
		if r.Header.Get("If-None-Match") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		h.Set("Content-Type", "application/json")
		h.Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body)
	})}
	return server.Serve(listener)
}

// occupancyRow asks a service and a bare handler in turns, both in processes of
// their own.
func occupancyRow(s *suite) (outcome, error) {
	const mark = 0.8
	service, err := s.startService(serviceOptions{zones: zonesFile(tiling(50).boxes()[:50])})
	if err != nil {
		return outcome{}, err
	}
	defer service.stop()
	body, err := service.get(occupancyPath)
	if err != nil {
		return outcome{}, err
	}
	bare, err := startChild(child{Bare: body})
	if err != nil {
		return outcome{}, err
	}
	defer bare.kill()
	whole, err := compareAsking(s, service, bare, false)
	if err != nil {
		return outcome{}, err
	}
	unchanged, err := compareAsking(s, service, bare, true)
	if err != nil {
		return outcome{}, err
	}
	ratio := ratios(whole[0], whole[1], sample.rate)
	return outcome{ratio.show("%.3f"), judge(ratio.median >= mark), []string{
		fmt.Sprintf("%d bytes", len(body)), whole[0].note(), whole[1].note(),
		"answered 304: " + ratios(unchanged[0], unchanged[1], sample.rate).show("%.2f"),
	}}, nil
}

// compareAsking measures both within each turn, 50 requests at a time.
func compareAsking(s *suite, service *service, bare *process, again bool) (sides [2]*side, err error) {
	processes := [2]*process{service.process, bare}
	var askers [2]*asker
	for i, address := range []string{service.address, bare.first} {
		if askers[i], err = dialAsker(address, occupancyPath); err != nil {
			return sides, err
		}
		defer askers[i].close()
		if _, err := askers[i].times(1000, again); err != nil {
			return sides, err
		}
	}
	sides = [2]*side{{name: "footfall", unit: "request"}, {name: "bare net/http", unit: "request"}}
	for range s.repeat {
		turn, err := askInTurns(askers, processes, 2*s.length)
		if err != nil {
			return sides, err
		}
		for i := range sides {
			sides[i].samples = append(sides[i].samples, turn[i])
		}
	}
	return sides, nil
}

func askInTurns(askers [2]*asker, processes [2]*process, length time.Duration) (turn [2]sample, err error) {
	used := [2]time.Duration{processes[0].cpu(), processes[1].cpu()}
	again := askers[0].status == http.StatusNotModified
	for began := time.Now(); time.Since(began) < length; {
		for i, a := range askers {
			took, err := a.times(50, again)
			if err != nil {
				return turn, err
			}
			turn[i].units += 50
			turn[i].took += took
		}
	}
	for i, p := range processes {
		turn[i].cpu = p.cpu() - used[i]
	}
	return turn, nil
}
