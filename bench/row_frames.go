package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"time"
)

const (
	dashboardFolder = "../api/dashboard"
	framesPeople    = 500
	framesEach      = 10 // positions a person and second
)

// frames is what browser/frames.mjs says of the live view, milliseconds.
type frames struct {
	Intervals, Work   []float64
	Messages, Tracked int
}

// framesRow is how evenly the live view draws: the dashboard in Chromium, everybody
// walking about.
func framesRow(s *suite) (outcome, error) {
	const mark = 20.0
	if why := noBrowser(); why != "" {
		return notMeasured("%s", why), nil
	}
	people := newCrowd(framesPeople)
	people.Rate = framesPeople * framesEach
	load, err := startLoad(people)
	if err != nil {
		return outcome{}, err
	}
	defer load.kill()
	service, err := s.startService(serviceOptions{url: feedURL(load.first), zones: zonesFile(tiling(20).boxes())})
	if err != nil {
		return outcome{}, err
	}
	defer service.stop()
	if err := service.await(int64(people.Rate)); err != nil {
		return outcome{}, err
	}
	var p50, p95, work50, work95, messages []float64
	for range s.repeat {
		f, err := s.watchFrames(service.address)
		if err != nil {
			return outcome{}, err
		}
		p50, p95 = append(p50, percentile(f.Intervals, 0.5)), append(p95, percentile(f.Intervals, 0.95))
		work50, work95 = append(work50, percentile(f.Work, 0.5)), append(work95, percentile(f.Work, 0.95))
		messages = append(messages, float64(f.Messages)/s.framesLength().Seconds())
	}
	figure := spreadOf(p95)
	return outcome{"p95 " + figure.show("%.1f") + " ms", judge(figure.median < mark), []string{
		"p50 " + spreadOf(p50).show("%.1f") + " ms between frames",
		"work of scripts for a frame, messages since the last included: p50 " + spreadOf(work50).show("%.1f") + ", p95 " + spreadOf(work95).show("%.1f") + " ms",
		fmt.Sprintf("%d people, %s messages/s in the page, 1440×900, headless: drawn by software on the same cores as everything else", framesPeople, spreadOf(messages).show("%.0f")),
	}}, nil
}

func (s *suite) framesLength() time.Duration { return max(s.length, time.Second) * 2 }

// noBrowser says what is missing, "" where nothing is.
func noBrowser() string {
	for _, program := range []string{"node", "chromium"} {
		if _, err := exec.LookPath(program); err != nil {
			return "needs " + program
		}
	}
	if _, err := os.Stat(filepath.Join(dashboardFolder, "node_modules", "playwright-core")); err != nil {
		return "needs npm ci in api/dashboard"
	}
	return ""
}

// watchFrames gives the times in order.
func (s *suite) watchFrames(address string) (f frames, err error) {
	seconds := strconv.FormatFloat(s.framesLength().Seconds(), 'f', -1, 64)
	cmd := exec.Command("node", "browser/frames.mjs", "http://"+address+"/", seconds)
	cmd.Dir, cmd.Stderr, cmd.SysProcAttr = dashboardFolder, os.Stderr, dieWithUs
	out, err := cmd.Output()
	if err != nil {
		return f, fmt.Errorf("the live view in Chromium: %w", err)
	}
	if err := json.Unmarshal(out, &f); err != nil {
		return f, err
	}
	if f.Tracked < framesPeople*9/10 || f.Tracked > framesPeople || len(f.Intervals) == 0 {
		return f, fmt.Errorf("%d dots of %d people in %d frames", f.Tracked, framesPeople, len(f.Intervals))
	}
	slices.Sort(f.Intervals)
	slices.Sort(f.Work)
	return f, nil
}
