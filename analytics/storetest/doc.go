// Package storetest is the conformance suite of [analytics.Store] and its
// reference implementation in memory.
//
// Every store passes [Run]. [NewMemory] is what tests of other packages use
// where no file is wanted.
package storetest
