package boltstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/footfall/footfall/analytics"
)

// backedUp is a backup of an open database.
func backedUp(t *testing.T, s *Store, path string) {
	t.Helper()
	_, err := SaveBackup(t.Context(), s.Path(), path, func(w io.Writer) error {
		return s.Backup(t.Context(), func(int64) (io.Writer, error) { return w, nil })
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestBackup(t *testing.T) {
	path := aged(t, 100)
	want, had := digest(t, path), verify(t, path)
	s := open(t, path, Options{ReadOnly: true})
	backup := filepath.Join(t.TempDir(), "backup.db")
	backedUp(t, s, backup)
	got := verify(t, backup)
	if digest(t, backup) != want || len(got.Damage) > 0 || got.Free != had.Free || got.Lost != 0 {
		t.Errorf("%+v of %+v", got, had)
	}
	info, err := os.Stat(backup)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	again := open(t, backup, Options{})
	set(t, again, "k", "v")
	want2 := filepath.Join(t.TempDir(), "second.db")
	backedUp(t, again, want2)
	if digest(t, want2) == want {
		t.Error("what was written to the backup is not in its own")
	}
}

// What was deleted is in the free pages of a database, and not in its backup.
func TestBackupHasNothingThatWasDeleted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "footfall.db")
	s := open(t, path, Options{NoSync: true})
	secret := strings.Repeat("where she stood ", 1000)
	set(t, s, "secret", secret)
	b := &analytics.Batch{}
	b.Delete(analytics.Days, []byte("secret"))
	if err := s.Apply(b); err != nil {
		t.Fatal(err)
	}
	set(t, s, "k", "v")
	backup := filepath.Join(t.TempDir(), "backup.db")
	backedUp(t, s, backup)
	for file, has := range map[string]bool{path: true, backup: false} {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte("where she stood")) != has {
			t.Errorf("%s: the deleted text is there: %v", file, !has)
		}
	}
}

// Each batch writes its number to two tables: a backup has one batch, whole.
func TestBackupWhileWriting(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "footfall.db"), Options{NoSync: true})
	ctx, stop := context.WithCancel(t.Context())
	written := make(chan error, 1)
	go func() { written <- writeNumbers(ctx, s) }()
	for i := range 20 {
		path := filepath.Join(t.TempDir(), fmt.Sprint(i, ".db"))
		backedUp(t, s, path)
		b := open(t, path, Options{ReadOnly: true})
		err := b.View(func(v analytics.View) error {
			first, err := v.Get(analytics.Days, []byte("batch"))
			last, err2 := v.Get(analytics.Locations, []byte("batch"))
			if !bytes.Equal(first, last) {
				t.Errorf("batch %s in one table, %s in another", first, last)
			}
			return errors.Join(err, err2)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	stop()
	if err := <-written; err != nil {
		t.Fatal(err)
	}
}

func writeNumbers(ctx context.Context, s *Store) error {
	random := rand.New(rand.NewPCG(1, 2))
	for i := 0; ctx.Err() == nil; i++ {
		b := &analytics.Batch{}
		b.Put(analytics.Days, []byte("batch"), fmt.Append(nil, i))
		for range 50 {
			b.Put(analytics.Minutes, fmt.Appendf(nil, "%04d", random.IntN(5000)), make([]byte, random.IntN(500)))
		}
		b.Put(analytics.Locations, []byte("batch"), fmt.Append(nil, i))
		if err := s.Apply(b); err != nil {
			return err
		}
	}
	return nil
}

func TestBackupLeavesNothingUnfinished(t *testing.T) {
	path := made(t)
	s := open(t, path, Options{ReadOnly: true})
	whole := &bytes.Buffer{}
	size := int64(0)
	if err := s.Backup(t.Context(), func(n int64) (io.Writer, error) { size = n; return whole, nil }); err != nil || size != int64(whole.Len()) {
		t.Fatalf("%d bytes of %d, %v", whole.Len(), size, err)
	}
	folder := t.TempDir()
	target := filepath.Join(folder, "backup.db")
	fails := errors.New("the line went dead")
	for name, fill := range map[string]func(io.Writer) error{
		"an error":  func(w io.Writer) error { w.Write(whole.Bytes()[:5000]); return fails },
		"nothing":   func(io.Writer) error { return nil },
		"too short": func(w io.Writer) error { _, err := w.Write(whole.Bytes()[:whole.Len()-4096]); return err },
		"damaged": func(w io.Writer) error {
			b := bytes.ReplaceAll(whole.Bytes(), []byte("v"), []byte("w"))
			_, err := w.Write(b)
			return err
		},
	} {
		_, err := SaveBackup(t.Context(), path, target, fill)
		if err == nil || !strings.Contains(err.Error(), target) || strings.Contains(err.Error(), "unfinished") {
			t.Errorf("%s: %v", name, err)
		}
		if left, _ := os.ReadDir(folder); len(left) > 0 {
			t.Errorf("%s: %v is left", name, left)
		}
	}
	if err := os.WriteFile(target, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := SaveBackup(t.Context(), path, target, func(io.Writer) error { t.Error("filled"); return nil }); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over another file: %v", err)
	}
	if content, _ := os.ReadFile(target); string(content) != "mine" {
		t.Error("the other file is gone")
	}
}

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func TestRestore(t *testing.T) {
	backup := aged(t, 60)
	want := digest(t, backup)
	folder := t.TempDir()
	path := filepath.Join(folder, "footfall.db")
	kept, v, err := Restore(t.Context(), backup, path, noon)
	if err != nil || kept != "" || len(v.Tables) == 0 || digest(t, path) != want {
		t.Fatalf("where there is nothing: kept %q, %v", kept, err)
	}
	for name, content := range map[string]string{"empty": "", "foreign": "some text", "damaged": "\xed\xda\x0c\xed"} {
		if err := errors.Join(os.WriteFile(path, []byte(content), 0o600), os.Chmod(path, 0o640)); err != nil {
			t.Fatal(err)
		}
		kept, _, err := Restore(t.Context(), backup, path, noon)
		if err != nil {
			t.Fatalf("over a file that is %s: %v", name, err)
		}
		was, _ := os.ReadFile(kept)
		info, _ := os.Stat(path)
		if string(was) != content || digest(t, path) != want || info.Mode().Perm() != 0o640 {
			t.Errorf("%s: %q is kept as %s, mode %v", name, was, kept, info.Mode())
		}
		if err := os.Remove(kept); err != nil {
			t.Fatal(err)
		}
	}
	if left, _ := os.ReadDir(folder); len(left) != 1 {
		t.Errorf("%v are left", left)
	}
}

func TestRestoreRefuses(t *testing.T) {
	path, backup := made(t), aged(t, 20)
	bad := filepath.Join(t.TempDir(), "bad.db")
	content, err := os.ReadFile(made(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(bad, bytes.ReplaceAll(content, []byte("v"), []byte("w")), 0o600); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(path)
	refuse := func(name, from string, want error) {
		if _, _, err := Restore(t.Context(), from, path, noon); !errors.Is(err, want) || strings.Contains(err.Error(), "unfinished") {
			t.Errorf("%s: %v", name, err)
		}
		if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
			t.Errorf("%s: the database was touched", name)
		}
		if left, _ := filepath.Glob(path + "?*"); len(left) > 0 {
			t.Errorf("%s: %v is left", name, left)
		}
	}
	refuse("a damaged one", bad, ErrDamaged)
	refuse("one that is not there", bad+".not", ErrMissing)
	if _, _, err := Restore(t.Context(), path, path, noon); err == nil {
		t.Error("from itself")
	}
	s := open(t, path, Options{ReadOnly: true})
	refuse("while another holds it", backup, ErrLocked)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func restoreUntilKilled(path string) {
	for i := 0; ; i++ {
		_, _, err := Restore(context.Background(), path+".backup", path, time.Unix(int64(i), 0))
		exitOn(err)
		fmt.Println("restored")
	}
}

// TestKillRestore kills restores at random moments: the database is always the old one or
// the new one.
func TestKillRestore(t *testing.T) {
	backup := aged(t, 120)
	path := filepath.Join(t.TempDir(), "footfall.db")
	defer func() {
		if _, _, err := Restore(t.Context(), path+".backup", path, noon); err != nil {
			t.Error(err)
		}
		if left, _ := filepath.Glob(path + ".unfinished*"); len(left) > 0 {
			t.Errorf("%v are left", left)
		}
	}()
	if err := os.Rename(backup, path+".backup"); err != nil {
		t.Fatal(err)
	}
	other := aged(t, 20)
	ours, theirs := digest(t, path+".backup"), digest(t, other)
	content, err := os.ReadFile(other)
	if err != nil {
		t.Fatal(err)
	}
	for range 15 {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		cmd, lines := child(t, "restore", path)
		for range rand.IntN(2) {
			lines.Scan()
		}
		time.Sleep(time.Duration(rand.IntN(60_000)) * time.Microsecond)
		cmd.Process.Kill()
		cmd.Wait()
		if found := digest(t, path); found != ours && found != theirs {
			t.Fatal("the database holds something else")
		}
		all, _ := filepath.Glob(path + ".replaced-*")
		for _, kept := range all {
			if found := digest(t, kept); found != ours && found != theirs {
				t.Fatalf("%s holds something else", kept)
			}
			os.Remove(kept)
		}
	}
}
