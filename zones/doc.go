// Package zones turns a GeoJSON file into zones and counting lines, and answers
// in which zones a point lies and which lines a step cuts. It knows no people
// and no time.
//
// # Shapes
//
// Coordinates are float64 centimetres from the location's origin, x to the
// right and y up. A feature with a Polygon or MultiPolygon is a zone, one with a
// LineString is a counting line. Durations are int64 microseconds.
//
// # The tie rule
//
// A point is in a zone by the even-odd rule over all rings of its geometry. A
// point on an edge belongs to the side of larger x, on a horizontal edge to the
// side of larger y: every position counts as if it were shifted by an
// infinitesimal step to the right and by a far smaller one upwards. Zones that
// tile a floor therefore have each point exactly once, rounding included, since
// two zones compute the same crossing for an edge that they share; see edge.
// Lines follow the same rule, exactly; see orientation.
//
// # Concurrency
//
// Set and Plan are immutable and safe for concurrent use. A Locator belongs to
// one goroutine. Nothing here starts a goroutine, blocks, or reads a clock.
//
// # Cost
//
// Locate looks a point up in an adaptive grid whose cells name a zone set, or
// the few edges that decide between a few sets. It allocates only when it meets
// a set that is neither in the grid nor met before by this Locator, which keeps
// it. Parse bounds a grid's memory, and the time to build it, by what limits.go
// says; where that bites, answers stay the same and get slower.
package zones
