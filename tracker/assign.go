package tracker

import "math"

// assignment matches rows to columns at the least total cost: the Hungarian
// method by shortest augmenting paths (Jonker and Volgenant 1987). Its slices
// serve again for the next problem.
type assignment struct {
	rows, columns int       // rows <= columns
	cost          []float64 // by row
	u, v, least   []float64
	row, way      []int // by column, from 1
	used          []bool
}

// reset makes room for a problem in which every pair costs fill.
func (a *assignment) reset(rows, columns int, fill float64) {
	a.rows, a.columns = rows, columns
	a.cost = resized(a.cost, rows*columns)
	for i := range a.cost {
		a.cost[i] = fill
	}
}

func (a *assignment) set(row, column int, cost float64) { a.cost[row*a.columns+column] = cost }

func (a *assignment) at(row, column int) float64 { return a.cost[row*a.columns+column] }

// solve returns a function's worth of state: columnOf then tells the matches.
func (a *assignment) solve() {
	a.u, a.v = resized(a.u, a.rows+1), resized(a.v, a.columns+1)
	a.least = resized(a.least, a.columns+1)
	a.row, a.way = resized(a.row, a.columns+1), resized(a.way, a.columns+1)
	a.used = resized(a.used, a.columns+1)
	for i := 1; i <= a.rows; i++ {
		a.augment(i)
	}
}

// augment finds a place for row i, moving others where that is cheaper.
func (a *assignment) augment(i int) {
	for j := range a.least {
		a.least[j], a.used[j] = math.Inf(1), false
	}
	a.row[0] = i
	column := 0
	for a.row[column] != 0 {
		column = a.step(column)
	}
	for column != 0 {
		before := a.way[column]
		a.row[column] = a.row[before]
		column = before
	}
}

// step takes a column into the tree of paths and returns the next nearest one.
func (a *assignment) step(column int) int {
	a.used[column] = true
	i, shortest, next := a.row[column], math.Inf(1), 0
	for j := 1; j <= a.columns; j++ {
		if a.used[j] {
			continue
		}
		if c := a.at(i-1, j-1) - a.u[i] - a.v[j]; c < a.least[j] {
			a.least[j], a.way[j] = c, column
		}
		if a.least[j] < shortest {
			shortest, next = a.least[j], j
		}
	}
	for j := range a.columns + 1 {
		if a.used[j] {
			a.u[a.row[j]] += shortest
			a.v[j] -= shortest
		} else {
			a.least[j] -= shortest
		}
	}
	return next
}

// columnOf is the column matched to a row.
func (a *assignment) columnOf(row int) int {
	for j := 1; j <= a.columns; j++ {
		if a.row[j] == row+1 {
			return j - 1
		}
	}
	return -1
}

// resized is s with n zeroes.
func resized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	s = s[:n]
	clear(s)
	return s
}
