package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// tick is the unit of times in /proc: USER_HZ is 100 on every Linux that Go has.
const tick = 10 * time.Millisecond

// ownCPU is what this process has used.
func ownCPU() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// cpuOf is what another process, and its children that have ended, have used.
func cpuOf(pid int) time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	return parseStat(stat)
}

// parseStat adds up utime, stime, cutime and cstime, fields 14 to 17 of proc(5).
func parseStat(stat []byte) (sum time.Duration) {
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(fields) < 15 {
		return 0
	}
	for _, f := range fields[11:15] {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return 0
		}
		sum += time.Duration(n) * tick
	}
	return sum
}

// nap sleeps to some 50 µs, in a thread of its own; time.Sleep may take a
// millisecond more, which would count as another's delay.
func nap(d time.Duration) {
	if d > 0 {
		t := syscall.NsecToTimespec(d.Nanoseconds())
		_ = syscall.Nanosleep(&t, nil)
	}
}

// dieWithUs ends a process when this one ends, however that may be.
var dieWithUs = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}

// process is one that was started and says where it listens in its first line.
type process struct {
	cmd   *exec.Cmd
	first string        // line of its output
	ready time.Duration // from exec to that line
}

func startProcess(cmd *exec.Cmd) (*process, error) {
	var trouble bytes.Buffer
	cmd.Stderr = &trouble
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	cmd.SysProcAttr = dieWithUs
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{cmd: cmd}
	lines := bufio.NewReader(out)
	p.first, err = lines.ReadString('\n')
	p.ready = time.Since(began)
	if err != nil {
		p.kill()
		return nil, fmt.Errorf("%s did not start: %s", cmd.Path, strings.TrimSpace(trouble.String()))
	}
	p.first = strings.TrimSpace(p.first)
	go func() { _, _ = io.Copy(io.Discard, lines) }()
	return p, nil
}

func (p *process) cpu() time.Duration { return cpuOf(p.cmd.Process.Pid) }

func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

// stop asks the process to end and waits, at most for some seconds.
func (p *process) stop() {
	timer := time.AfterFunc(20*time.Second, func() { _ = p.cmd.Process.Kill() })
	defer timer.Stop()
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	_ = p.cmd.Wait()
}

// childVariable names what this program is to be, when it is started by itself.
const childVariable = "FOOTFALL_BENCH_CHILD"

// child is what the variable holds.
type child struct {
	Crowd *crowd `json:",omitempty"` // serve the positions of a crowd
	Bare  []byte `json:",omitempty"` // serve these bytes from a bare handler
}

func runChild() error {
	var c child
	if err := json.Unmarshal([]byte(os.Getenv(childVariable)), &c); err != nil {
		return err
	}
	if c.Crowd != nil {
		return serveCrowd(*c.Crowd)
	}
	return serveBare(c.Bare)
}

// startChild starts this program as something else.
func startChild(c child) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	value, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), childVariable+"="+string(value))
	p, err := startProcess(cmd)
	if err != nil {
		return nil, errors.Join(errors.New("the other process of this program"), err)
	}
	return p, nil
}
