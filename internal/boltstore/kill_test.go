package boltstore

import (
	"bufio"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/footfall/footfall/analytics"
)

// The test binary is also the process that gets killed.
const childVariable = "BOLTSTORE_TEST_CHILD"

func TestMain(m *testing.M) {
	switch os.Getenv(childVariable) {
	case "apply":
		applyUntilKilled(os.Args[1])
	case "restore":
		restoreUntilKilled(os.Args[1])
	case "compact":
		compactUntilKilled(os.Args[1])
	case "create":
		createUntilKilled(os.Args[1])
	case "little address space":
		openInLittleSpace(os.Args[1])
	default:
		os.Exit(m.Run())
	}
}

func child(t *testing.T, role, path string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.Command(os.Args[0], path)
	cmd.Env = append(os.Environ(), childVariable+"="+role)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewScanner(out)
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// Batch n writes its number, adds keys of its own, changes keys that each batch
// changes, and deletes the keys of a batch some time ago.
const (
	killKeys = 60
	killKept = 30
)

func killBatch(n int) *analytics.Batch {
	b := &analytics.Batch{}
	b.Put(analytics.Locations, []byte("last"), []byte(strconv.Itoa(n)))
	for i := range killKeys {
		b.Put(analytics.Minutes, fmt.Appendf(nil, "%06d %02d", n, i), fmt.Appendf(nil, "%040d", n))
		b.Put(analytics.People, fmt.Appendf(nil, "%06d", i*997), fmt.Appendf(nil, "%0*d", 40+n%100, n))
		b.Delete(analytics.Minutes, fmt.Appendf(nil, "%06d %02d", n-killKept, i))
	}
	return b
}

func lastBatch(s *Store) (last int, err error) {
	err = s.View(func(v analytics.View) error {
		value, err := v.Get(analytics.Locations, []byte("last"))
		if value != nil {
			last, err = strconv.Atoi(string(value))
		}
		return err
	})
	return last, err
}

func applyUntilKilled(path string) {
	s, err := Open(path, Options{LockTimeout: 10 * time.Second})
	exitOn(err)
	last, err := lastBatch(s)
	exitOn(err)
	for n := last + 1; ; n++ {
		exitOn(s.Apply(killBatch(n)))
		fmt.Println(n)
	}
}

// TestKill kills a process in the middle of applying batches, again and again on
// one file. What is there afterwards is a whole number of batches, none missing
// that was acknowledged.
func TestKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "footfall.db")
	for round := range 10 {
		cmd, acknowledged := child(t, "apply", path)
		last, after := 0, 1+rand.IntN(40)
		for n := 0; acknowledged.Scan(); n++ {
			last, _ = strconv.Atoi(acknowledged.Text())
			if n == after {
				time.Sleep(time.Duration(rand.IntN(5_000)) * time.Microsecond)
				cmd.Process.Kill()
			}
		}
		cmd.Wait()
		if last == 0 {
			t.Fatal("nothing was acknowledged")
		}
		s, err := Open(path, Options{})
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		found, err := lastBatch(s)
		if err != nil || found < last || found > last+1 {
			t.Errorf("round %d: batch %d was acknowledged, %d is the last one there; %v", round, last, found, err)
		}
		checkBatches(t, s, found)
		checkPages(t, s)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// checkBatches wants exactly what the batches up to n leave.
func checkBatches(t *testing.T, s *Store, n int) {
	t.Helper()
	err := s.View(func(v analytics.View) error {
		at, want := max(1, n-killKept+1)*killKeys, 0
		err := v.Scan(analytics.Minutes, nil, nil, func(key, value []byte) error {
			if string(key) != fmt.Sprintf("%06d %02d", at/killKeys, at%killKeys) || string(value) != fmt.Sprintf("%040d", at/killKeys) {
				return fmt.Errorf("key %q with %q where batch %d has key %d", key, value, at/killKeys, at%killKeys)
			}
			at++
			return nil
		})
		if want = (n + 1) * killKeys; err == nil && at != want {
			err = fmt.Errorf("the keys end at %d, not %d", at, want)
		}
		count := 0
		return errors.Join(err, v.Scan(analytics.People, nil, nil, func(key, value []byte) error {
			if want := fmt.Sprintf("%0*d", 40+n%100, n); string(value) != want {
				return fmt.Errorf("key %q has %q, not %q", key, value, want)
			}
			count++
			return nil
		}), expect(count, killKeys))
	})
	if err != nil {
		t.Errorf("after batch %d: %v", n, err)
	}
}

func expect(got, want int) error {
	if got != want {
		return fmt.Errorf("%d keys, not %d", got, want)
	}
	return nil
}

// checkPages has bbolt look for pages that are lost or used twice.
func checkPages(t *testing.T, s *Store) {
	t.Helper()
	err := s.db.View(func(tx *bbolt.Tx) error {
		for err := range tx.Check() {
			t.Error(err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func createUntilKilled(path string) {
	fmt.Println("now")
	_, err := Open(path, Options{})
	exitOn(err)
	time.Sleep(time.Minute)
}

// TestKillWhileCreating kills a process that creates a database: the next one
// can use what is there.
func TestKillWhileCreating(t *testing.T) {
	found := 0
	for range 15 {
		path := filepath.Join(t.TempDir(), "footfall.db")
		cmd, out := child(t, "create", path)
		out.Scan()
		time.Sleep(time.Duration(rand.IntN(6_000)) * time.Microsecond)
		cmd.Process.Kill()
		cmd.Wait()
		if _, err := os.Stat(path); err == nil {
			found++
		}
		s := open(t, path, Options{})
		set(t, s, "k", "v")
		want(t, s, "k", "v")
		s.Close()
	}
	t.Logf("%d of 15 were created before the kill", found)
}
