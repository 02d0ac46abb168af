package engine

import (
	"io"
	"maps"
	"testing"

	"github.com/footfall/footfall/internal/config"
	"github.com/footfall/footfall/internal/recording"
	"github.com/footfall/footfall/signals"
)

func config1s() *config.Config {
	c := config.Default()
	c.Tracking.Corrections = false
	return c
}

func equalRows(a, b map[string]any) bool { return maps.Equal(a, b) }

// parts cuts a recording into pieces of so many messages.
type parts struct {
	reader *recording.Reader
	size   int64
	taken  int64
	ended  bool
	ahead  *signals.Message
}

func newParts(r *recording.Reader, size int64) *parts { return &parts{reader: r, size: size} }

// more reports whether there is another piece, and begins it.
func (p *parts) more() bool {
	p.taken = 0
	var m signals.Message
	if p.ended || p.reader.Next(&m) != nil {
		return false
	}
	p.ahead = &m
	return true
}

func (p *parts) Next(m *signals.Message) error {
	if p.taken == p.size {
		return io.EOF
	}
	p.taken++
	if p.ahead != nil {
		*m, p.ahead = *p.ahead, nil
		return nil
	}
	err := p.reader.Next(m)
	p.ended = err == io.EOF
	return err
}

// totals are the entries and exits of each zone of a scene by an undisturbed
// replay.
func totals(t testing.TB, rows []map[string]any) map[string][2]int64 {
	t.Helper()
	all := map[string][2]int64{}
	for _, r := range rows {
		all[zoneKey(r)] = [2]int64{r["entries"].(int64), r["exits"].(int64)}
	}
	return all
}
