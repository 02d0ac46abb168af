package tracker

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/footfall/footfall/zones"
)

// scenarioStart is second 0 of every scenario.
const scenarioStart = 1_700_000_000 * second

type scenario struct {
	file      string
	name      string
	noRestart bool
	settings  Settings
	plan      plan
	lines     []line
	told      []string
}

type plan struct {
	areas []area
	doors []door
}

// line is something that happens.
type line struct {
	number int
	at     int64
	words  []string
	plan   plan // of a reload
}

func parseScenarios(text string) ([]*scenario, error) {
	var all []*scenario
	var s *scenario
	telling := false
	for i, raw := range strings.Split(text, "\n") {
		raw, _, _ = strings.Cut(raw, "#")
		words := strings.Fields(raw)
		switch {
		case len(words) == 0:
		case words[0] == "scenario":
			s, telling = &scenario{name: strings.Join(words[1:], " "), settings: DefaultSettings()}, false
			all = append(all, s)
		case s == nil:
			return nil, fmt.Errorf("line %d is in no scenario", i+1)
		case words[0] == "told":
			telling = true
		case telling:
			s.told = append(s.told, strings.Join(words, " "))
		default:
			if err := s.parseLine(i+1, words); err != nil {
				return nil, fmt.Errorf("line %d: %w", i+1, err)
			}
		}
	}
	return all, nil
}

func (s *scenario) parseLine(number int, words []string) error {
	p := &s.plan
	if n := len(s.lines); n > 0 {
		p = &s.lines[n-1].plan
	}
	switch words[0] {
	case "set":
		return s.set(words[1:])
	case "zone":
		b, err := numbersOf(words[2:6])
		a := area{words[1], b[0], b[1], b[2], b[3], zones.Unset, zones.Unset}
		p.areas = append(p.areas, a)
		return firstError(err, setDelays(words[6:], &p.areas[len(p.areas)-1].enterAfter, &p.areas[len(p.areas)-1].exitAfter))
	case "line":
		b, err := numbersOf(words[2:6])
		p.doors = append(p.doors, door{words[1], b[0], b[1], b[2], b[3], zones.Unset})
		return firstError(err, setDelays(words[6:], &p.doors[len(p.doors)-1].enterAfter, nil))
	}
	at, err := strconv.ParseFloat(words[0], 64)
	if err != nil || len(words) < 2 {
		return fmt.Errorf("%q begins with no time and is no setting, zone or line", strings.Join(words, " "))
	}
	s.lines = append(s.lines, line{number: number, at: scenarioStart + micros(at), words: words[1:]})
	return nil
}

func setDelays(words []string, enter, exit *int64) error {
	for i := 0; i+1 < len(words); i += 2 {
		d, err := time.ParseDuration(words[i+1])
		switch {
		case err != nil:
			return err
		case words[i] == "enter_after":
			*enter = d.Microseconds()
		case words[i] == "exit_after" && exit != nil:
			*exit = d.Microseconds()
		default:
			return fmt.Errorf("unknown delay %q", words[i])
		}
	}
	return nil
}

func (s *scenario) set(words []string) error {
	for i := 0; i+1 < len(words); i += 2 {
		key, value := words[i], words[i+1]
		d, err := time.ParseDuration(value)
		switch key {
		case "enter_after":
			s.settings.EnterAfter = d.Microseconds()
		case "exit_after":
			s.settings.ExitAfter = d.Microseconds()
		case "expire_after":
			s.settings.ExpireAfter = d.Microseconds()
		case "stitch_within":
			s.settings.StitchWithin = d.Microseconds()
		case "stitch_radius":
			s.settings.StitchRadius, err = strconv.ParseFloat(value, 64)
		case "corrections":
			s.settings.Corrections, err = value == "on", nil
		case "restarts":
			s.noRestart, err = value == "off", nil
		default:
			return fmt.Errorf("unknown setting %q", key)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func isEstimate(words []string) bool {
	return words[0] == "male" || words[0] == "female" || words[0] == "age"
}

// readEstimate reads "female 34", "female" or "age 34".
func readEstimate(words []string) (Gender, float32) {
	gender := map[string]Gender{"male": Male, "female": Female}[words[0]]
	if len(words) < 2 {
		return gender, float32(math.NaN())
	}
	age, err := strconv.ParseFloat(words[1], 32)
	if err != nil {
		panic(err)
	}
	return gender, float32(age)
}

func readPlace(words []string) (x, y float64, err error) {
	if len(words) != 2 {
		return 0, 0, fmt.Errorf("%q is no place", strings.Join(words, " "))
	}
	b, err := numbersOf(words)
	return b[0], b[1], err
}

func numbersOf(words []string) (values [4]float64, err error) {
	for i, w := range words {
		v, failed := strconv.ParseFloat(w, 64)
		values[i], err = v, firstError(err, failed)
	}
	return values, err
}

func firstError(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

func micros(seconds float64) int64 { return int64(math.Round(seconds * 1e6)) }

func seconds(micros int64) string { return strconv.FormatFloat(float64(micros)/1e6, 'f', -1, 64) }
