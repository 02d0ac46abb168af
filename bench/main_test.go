package main

import (
	"os"
	"testing"
)

// TestMain lets the test binary be the load generator too.
func TestMain(m *testing.M) {
	if os.Getenv(childVariable) != "" {
		exit(runChild())
	}
	os.Exit(m.Run())
}
