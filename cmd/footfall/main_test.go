package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// childVariable has the test binary run as footfall itself, so that tests can kill
// it.
const childVariable = "TEST_RUN_FOOTFALL"

// crashing is the name of a database of which a test has the probe die.
const crashing = "crashing.db"

func TestMain(m *testing.M) {
	probing := len(os.Args) > 1 && os.Args[1] == "db" // as a server under test has its own program do
	if probing && strings.Contains(strings.Join(os.Args, " "), crashing) {
		panic("damage that nobody foresaw")
	}
	if probing || os.Getenv(childVariable) != "" {
		main()
		return
	}
	testscript.Main(m, map[string]func(){"footfall": main})
}

// footfall runs a command to its end.
func footfall(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(context.Background(), args, strings.NewReader(""), &out, &errs)
	return code, out.String(), errs.String()
}
