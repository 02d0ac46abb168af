package analytics

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/footfall/footfall/tracker"
)

// era is a stretch of days that cannot be summed anew by another calendar, as the
// quarter hours that they were made of are deleted.
type era struct {
	Until    int64  `json:"until"`
	Calendar string `json:"calendar"`
	calendar Calendar
}

// recut makes days be summed anew by another calendar, but for those of which the
// quarter hours are deleted. It returns the instant from which they are.
func (p *progress) recut(calendar string) (from int64, err error) {
	from = p.Deleted[Quarters]
	if last := len(p.Eras) - 1; from > 0 && (last < 0 || p.Eras[last].Until < from) {
		p.Eras = append(p.Eras[:last+1:last+1], era{Until: from, Calendar: p.Calendar})
	}
	p.Calendar, p.Days = calendar, from
	return from, p.readEras()
}

func (p *progress) readEras() (err error) {
	for i := range p.Eras {
		if p.Eras[i].calendar, err = parseCalendarKey(p.Eras[i].Calendar); err != nil {
			return fmt.Errorf("%w: calendar %q: %w", ErrState, p.Eras[i].Calendar, err)
		}
	}
	return nil
}

// storedDay is the stored day that an instant lies in, by the calendar of its era;
// c is that of the latest one. The first and the last day of an era may be short.
func (p *progress) storedDay(c Calendar, at int64) span {
	from, until := int64(0), tracker.Never
	for i := range p.Eras {
		if at < p.Eras[i].Until {
			c, until = p.Eras[i].calendar, p.Eras[i].Until
			break
		}
		from = p.Eras[i].Until
	}
	start := c.Start(Bucket1d, at)
	end := min(until, c.Next(Bucket1d, start))
	if from > 0 {
		start = max(from, start)
	}
	return span{start, end}
}

// parseCalendarKey reads what Profile.calendarKey wrote.
func parseCalendarKey(key string) (Calendar, error) {
	i := strings.LastIndexByte(key, '+')
	if i < 0 {
		return Calendar{}, fmt.Errorf("there is no day's start in it")
	}
	zone, err := time.LoadLocation(key[:i])
	if err != nil {
		return Calendar{}, err
	}
	start, err := strconv.Atoi(key[i+1:])
	if err == nil && (start < 0 || start >= 24*60) {
		err = fmt.Errorf("a day cannot begin at minute %d", start)
	}
	return Calendar{Zone: zone, DayStart: start}, err
}
