// Package boltstore keeps an [analytics.Store] in one bbolt file.
//
// # Promises
//
// An Apply is one transaction: after a kill or a power cut the file holds a
// whole number of batches, all that were acknowledged among them. Views see one
// state between two Applies and never wait for one, nor does an Apply wait for a
// view; a view held long only keeps the pages of its state from being reused.
//
// What the file does not hold whole is an error that is [ErrDamaged], never a
// wrong figure and never a crash. Nor is a file that is no database of ours, or
// not one we can read, ever changed: [Open] looks first and says what is wrong.
//
// # How
//
// bbolt writes; it checksums its two header pages and nothing else, follows
// every page number it finds and reads memory by lengths that it finds. So all
// reading here is done by a reader of our own over bbolt's map of the file
// (page.go, tree.go), which takes nothing for granted:
//
//   - a record carries a CRC-32C over its table, key and value;
//   - the fields of a page are redundant and must agree to the byte;
//   - a page must be where its parent says, begin with the key that its parent
//     has for it, end before the next one, be on its level of the tree, and not be
//     on the list of free pages;
//   - each table is fenced by a first and a last record, so that a part of its
//     tree cannot pass for the whole.
//
// To find that a key is absent, the records on both sides of the gap are read.
// Apply lets the same reader walk the pages that bbolt is about to change; writing
// over a damaged record is said in the log, as the damage may have been that of
// its key, and the record then another's. What still panics, or faults because the disk took a mapped page away, is recovered.
//
// # Rules
//
// A Store is safe for concurrent use and starts no goroutine. Apply and View may
// not be called within a View. Keys have 1 to 32,767 bytes. One process writes,
// or any number read: the file is locked.
package boltstore
