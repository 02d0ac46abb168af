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

func TestMain(m *testing.M) {
	if os.Getenv(childVariable) != "" {
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
