// Package whatif sets the counts of one recording under two settings side by side: what a
// change of the configuration or of the zones would have made of the same people.
//
// It reads two stores through the reports, so that each figure is what a report of that store
// says, and knows neither settings nor recordings.
package whatif
