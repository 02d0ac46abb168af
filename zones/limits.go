package zones

// What a file may hold. Beyond it a fault says so.
const (
	maxFileBytes  = 64 << 20
	maxIDBytes    = 128
	maxZones      = 65_535  // of one location
	maxVertices   = 100_000 // of one feature
	maxCoordinate = 1e8     // cm, either way from the origin
	maxHours      = 24      // of a duration
	maxFaults     = 1_000   // that are listed
)

// What the grid of a plan may cost, so that memory and time are bounded
// whatever the file says. A plan has a budget of page cells by its number of
// edges, and the plans of a file share one; the rest are multiples of it. At the
// full budget that is 16 MiB of cells, 64 MiB of records, 64 MiB of zone sets
// and about a second or two. The edges come on top, 64 bytes a vertex.
const (
	cellsPerEdge  = 1024
	maxPlanBudget = 1 << 21
	maxFileBudget = 1 << 23

	cellsInBudget   = 2   // page cells and those they are cut into
	wordsInBudget   = 8   // of records
	membersInBudget = 8   // of zone sets
	stepsInBudget   = 100 // pairs and members touched while building
)

// budgetsOf shares out a file's budget by its plans' numbers of edges.
func budgetsOf(edges []int) []int {
	const least = 16 // edges that any plan is taken to have
	all := 0
	for _, n := range edges {
		all += n + least
	}
	perEdge := min(cellsPerEdge, maxFileBudget/max(all, 1))
	budgets := make([]int, len(edges))
	for i, n := range edges {
		budgets[i] = min((n+least)*max(perEdge, 1), maxPlanBudget)
	}
	return budgets
}
