// Package archtest holds the rules of ARCHITECTURE.md that a test can hold: which
// package may import which, and which library lives in which room.
package archtest
