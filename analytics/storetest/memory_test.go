package storetest_test

import (
	"testing"

	"github.com/footfall/footfall/analytics"
	"github.com/footfall/footfall/analytics/storetest"
)

func TestMemory(t *testing.T) {
	storetest.Run(t, func(*testing.T) analytics.Store { return storetest.NewMemory() }, nil)
}
