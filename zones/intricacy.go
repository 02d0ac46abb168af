package zones

import (
	"github.com/paulmach/orb"
	"github.com/peterstace/simplefeatures/rtree"
)

// maxNear bounds the time that checking a file's shapes takes: pairs of edges, of
// one feature, whose bounds overlap. Ordinary shapes have a few for each edge.
const maxNear = 40_000_000

// nearness counts what checking a feature's polygons will compare, up to limit.
func nearness(polygons orb.MultiPolygon, limit int) int {
	var edges, rings []rtree.BulkItem
	var sizes []int
	for _, polygon := range polygons {
		for _, ring := range polygon {
			for i := range len(ring) - 1 {
				edges = append(edges, rtree.BulkItem{Box: boxOf(ring[i : i+2]), RecordID: len(edges)})
			}
			rings = append(rings, rtree.BulkItem{Box: boxOf(ring), RecordID: len(sizes)})
			sizes = append(sizes, len(ring))
		}
	}
	count := overlaps(edges, limit, func(_, _ int) int { return 1 })
	if len(rings) > 1 && count < limit {
		count += overlaps(rings, limit-count, func(i, j int) int { return sizes[i] + sizes[j] })
	}
	return count
}

// overlaps adds up the weights of all pairs of items whose boxes overlap.
func overlaps(items []rtree.BulkItem, limit int, weight func(i, j int) int) int {
	boxes := make([]rtree.Box, len(items))
	for i := range items {
		boxes[i] = items[i].Box
	}
	tree := rtree.BulkLoad(items)
	sum := 0
	for i := 0; i < len(boxes) && sum < limit; i++ {
		_ = tree.RangeSearch(boxes[i], func(j int) error {
			if sum += weight(i, j); sum >= limit {
				return rtree.Stop
			}
			return nil
		})
	}
	return sum
}

func boxOf(points []orb.Point) rtree.Box {
	b := orb.LineString(points).Bound()
	return rtree.Box{MinX: b.Min[0], MinY: b.Min[1], MaxX: b.Max[0], MaxY: b.Max[1]}
}
