package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime/pprof"
	"strconv"
	"syscall"
)

// location is the one that everything happens in.
const location = 1

// suite is what the rows share.
type suite struct {
	options
	folder  string // temporary
	made    int
	binary  string // footfall, once built
	history *history
}

func newSuite(o options) (*suite, error) {
	folder, err := os.MkdirTemp("", "footfall-bench-")
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(folder, 0o755); err != nil { // PostgreSQL runs as another user
		return nil, err
	}
	return &suite{options: o, folder: folder, binary: o.footfall}, nil
}

// closeWhenInterrupted leaves nothing behind. Other processes end with this one.
func (s *suite) closeWhenInterrupted() {
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-interrupted
		s.close()
		os.Exit(130)
	}()
}

func (s *suite) close() { os.RemoveAll(s.folder) }

// measure runs a row, under a profile where that is wanted.
func (s *suite) measure(r row) (outcome, error) {
	if s.profiles == "" {
		return r.measure(s)
	}
	f, err := os.Create(filepath.Join(s.profiles, r.name+".pprof"))
	if err != nil {
		return outcome{}, err
	}
	defer f.Close()
	if err := pprof.StartCPUProfile(f); err != nil {
		return outcome{}, err
	}
	defer pprof.StopCPUProfile()
	return r.measure(s)
}

// path is a new name in the temporary folder.
func (s *suite) path(name string) string {
	s.made++
	return filepath.Join(s.folder, strconv.Itoa(s.made)+"-"+name)
}

// write puts a file into the temporary folder.
func (s *suite) write(name string, data []byte) (string, error) {
	path := s.path(name)
	return path, os.WriteFile(path, data, 0o644)
}

// product is the path of the footfall binary, built from the tree around this
// module where none was given.
func (s *suite) product() (string, error) {
	if s.binary != "" {
		return s.binary, nil
	}
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/footfall/footfall").Output()
	if err != nil {
		return "", errors.New("bench must run in its own folder, or -footfall be given")
	}
	path := filepath.Join(s.folder, "footfall")
	build := exec.Command("go", "build", "-trimpath", "-o", path, "./cmd/footfall")
	build.Dir = string(root[:len(root)-1])
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	s.binary = path
	return path, nil
}
