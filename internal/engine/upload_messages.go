package engine

import (
	"fmt"

	"github.com/footfall/footfall/internal/recording"
	"github.com/footfall/footfall/signals"
)

// uploadMessages are a recording's, as long as they are of one location and not of
// the future.
type uploadMessages struct {
	*recording.Reader
	location, now int64
	begin         func(at int64) error // before the first message
}

// Next implements Messages.
func (u *uploadMessages) Next(m *signals.Message) error {
	if err := u.Reader.Next(m); err != nil {
		return err
	}
	switch {
	case m.Kind != signals.KindPosition && m.Kind != signals.KindLost && m.Kind != signals.KindDemographics:
	case m.LocationID != u.location:
		return u.wrong(fmt.Sprintf("the message is of location %d, and the upload of %d", m.LocationID, u.location))
	}
	if m.Time > u.now {
		return u.wrong(fmt.Sprintf("the time lies in the future: %s, and it is %s", formatTime(m.Time), formatTime(u.now)))
	}
	if u.begin != nil {
		begin := u.begin
		u.begin = nil
		return begin(m.Time)
	}
	return nil
}

func (u *uploadMessages) wrong(reason string) error {
	return &recording.LineError{File: "upload", Line: u.Lines(), Reason: reason}
}
