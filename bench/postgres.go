package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// postgres is a server of its own on a unix socket, with the default settings.
type postgres struct {
	programs string
	folder   string
	server   *exec.Cmd
}

func startPostgres(programs, folder string) (*postgres, error) {
	p := &postgres{programs: programs, folder: folder}
	owner, err := unprivileged()
	if err != nil {
		return nil, err
	}
	if err := os.Mkdir(folder, 0o755); err != nil {
		return nil, err
	}
	if owner.Credential != nil {
		if err := os.Chown(folder, int(owner.Credential.Uid), int(owner.Credential.Gid)); err != nil {
			return nil, err
		}
	}
	data := filepath.Join(folder, "data")
	create := exec.Command(p.program("initdb"), "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	create.SysProcAttr, create.Dir = owner, folder
	if out, err := create.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w\n%s", err, out)
	}
	p.server = exec.Command(p.program("postgres"), "-D", data, "-k", folder, "-c", "listen_addresses=")
	p.server.SysProcAttr, p.server.Dir = owner, folder
	if err := p.server.Start(); err != nil {
		return nil, err
	}
	if err := p.await(); err != nil {
		p.stop()
		return nil, err
	}
	return p, nil
}

// unprivileged is who runs the server, which refuses root. It ends at once when
// this process does.
func unprivileged() (*syscall.SysProcAttr, error) {
	attributes := &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT}
	if os.Getuid() != 0 {
		return attributes, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, badUID := strconv.ParseUint(u.Uid, 10, 32)
	gid, badGID := strconv.ParseUint(u.Gid, 10, 32)
	attributes.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return attributes, errors.Join(badUID, badGID)
}

func (p *postgres) program(name string) string { return filepath.Join(p.programs, name) }

func (p *postgres) await() error {
	var err error
	for range 500 {
		if err = p.run("SELECT 1"); err == nil {
			return nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	return fmt.Errorf("PostgreSQL did not start: %w", err)
}

// psql runs a statement, reading what it COPYs from in and writing what it gives to out.
func (p *postgres) psql(statement string, in io.Reader, out io.Writer) error {
	var trouble bytes.Buffer
	c := exec.Command(p.program("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", p.folder, "-U", "bench", "-d", "postgres", "-c", statement)
	c.Stdin, c.Stdout, c.Stderr = in, out, &trouble
	if err := c.Run(); err != nil {
		return fmt.Errorf("psql: %w: %s", err, strings.TrimSpace(trouble.String()))
	}
	return nil
}

func (p *postgres) run(statement string) error { return p.psql(statement, nil, io.Discard) }

// stream runs a statement and counts the lines that it gives. The CPU is that of
// the server's processes.
func (p *postgres) stream(statement string) (one sample, err error) {
	lines := &lineCounter{}
	before := p.cpu()
	began := time.Now()
	err = p.psql(statement, nil, lines)
	one = sample{units: lines.n, took: time.Since(began)}
	time.Sleep(20 * time.Millisecond) // for the postmaster to see its child's end
	one.cpu = p.cpu() - before
	return one, err
}

func (p *postgres) cpu() time.Duration { return cpuOf(p.server.Process.Pid) }

// lineCounter counts lines and keeps nothing.
type lineCounter struct{ n int64 }

func (l *lineCounter) Write(b []byte) (int, error) {
	l.n += int64(bytes.Count(b, []byte{'\n'}))
	return len(b), nil
}

// stop ends the server at once and removes its files.
func (p *postgres) stop() {
	_ = p.server.Process.Signal(syscall.SIGQUIT)
	timer := time.AfterFunc(10*time.Second, func() { _ = p.server.Process.Kill() })
	defer timer.Stop()
	_ = p.server.Wait()
	os.RemoveAll(p.folder)
}

var errNoPostgres = errors.New("PostgreSQL 15 is not installed")

// postgresVersion is that of the programs in a folder, which must be 15.
func postgresVersion(programs string) (string, error) {
	out, err := exec.Command(filepath.Join(programs, "postgres"), "--version").Output()
	if err != nil || !strings.Contains(string(out), ") 15.") {
		return "", errNoPostgres
	}
	return strings.TrimSpace(string(out)), nil
}
