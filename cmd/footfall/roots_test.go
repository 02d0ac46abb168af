package main

import (
	"crypto/x509"
	"os"
	"os/exec"
	"testing"
)

// Where a machine has no certificates of authorities, as in a container, feeds by TLS are
// checked by those in the program.
func TestRootsAreInTheProgram(t *testing.T) {
	const variable = "TEST_ROOTS"
	if os.Getenv(variable) == "" {
		cmd := exec.Command(os.Args[0], "-test.run=^TestRootsAreInTheProgram$")
		cmd.Env = append(os.Environ(), variable+"=1", "SSL_CERT_FILE=/nowhere", "SSL_CERT_DIR=/nowhere")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	if pool, err := x509.SystemCertPool(); err != nil || pool.Equal(x509.NewCertPool()) {
		t.Errorf("no certificates: %v", err)
	}
}
