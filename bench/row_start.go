package main

import (
	"fmt"
	"time"
)

// startRow is from exec to "listening on", the database in the file cache.
func startRow(s *suite) (outcome, error) {
	const mark = 300 * time.Millisecond
	h, err := s.pastYear()
	if err != nil {
		return outcome{}, err
	}
	var took, cpu []float64
	for n := range s.repeat + 1 {
		service, err := s.startService(serviceOptions{zones: h.zones, database: h.database})
		if err != nil {
			return outcome{}, err
		}
		used := service.cpu()
		service.stop()
		if n == 0 {
			continue // what it is the first to read is read
		}
		took, cpu = append(took, milliseconds(service.ready)), append(cpu, milliseconds(used))
	}
	figure := spreadOf(took)
	return outcome{figure.show("%.0f") + " ms", judge(figure.median <= milliseconds(mark)), []string{
		"CPU " + spreadOf(cpu).show("%.0f") + " ms", h.note(),
	}}, nil
}

func (h *history) note() string {
	return fmt.Sprintf("%.0f days of %d zones, a visit or two in each quarter hour, %d MB, made in %.0f s",
		h.to.Sub(h.from).Hours()/24, historyZones, h.size>>20, h.took.Seconds())
}
