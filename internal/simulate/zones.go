package simulate

import (
	"bytes"
	_ "embed"
	"fmt"
)

// DefaultLocation is the location of the simulated shop where none is given, and
// the one that the zones are written for.
const DefaultLocation = 1

// zones is the same as zones.example.geojson at the root of the module; a test
// holds the two together.
//
//go:embed shop.geojson
var zones []byte

// Zones is the simulated shop's own zones and its door's counting line, as GeoJSON
// for the given location.
func Zones(location int64) []byte {
	own := fmt.Appendf(nil, `"location_id": %d`, DefaultLocation)
	return bytes.ReplaceAll(zones, own, fmt.Appendf(nil, `"location_id": %d`, location))
}
