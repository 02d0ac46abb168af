package api

import (
	"strconv"
	"strings"
)

// accepted is the first of the offered media types among those that the client
// likes best, "" if it takes none of them. No Accept header takes all.
func accepted(header []string, offered ...string) string {
	ranges := strings.Join(header, ",")
	if strings.TrimSpace(ranges) == "" {
		return offered[0]
	}
	best, bestQ := "", 0.0
	for _, media := range offered {
		if q := quality(ranges, media); q > bestQ {
			best, bestQ = media, q
		}
	}
	return best
}

// quality is how much the client likes a media type: by the range that names it
// most closely.
func quality(ranges, media string) float64 {
	kind, _, _ := strings.Cut(media, "/")
	quality, closest := 0.0, 0
	for r := range strings.SplitSeq(ranges, ",") {
		name, parameters, _ := strings.Cut(r, ";")
		closeness := 0
		switch strings.ToLower(strings.TrimSpace(name)) {
		case media:
			closeness = 3
		case kind + "/*":
			closeness = 2
		case "*/*":
			closeness = 1
		}
		if closeness > closest {
			quality, closest = weight(parameters), closeness
		}
	}
	return quality
}

func weight(parameters string) float64 {
	for p := range strings.SplitSeq(parameters, ";") {
		name, value, _ := strings.Cut(p, "=")
		if strings.EqualFold(strings.TrimSpace(name), "q") {
			q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			if err != nil || q < 0 || q > 1 {
				return 0
			}
			return q
		}
	}
	return 1
}
