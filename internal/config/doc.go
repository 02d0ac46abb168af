// Package config reads Footfall's configuration: a YAML file, environment variables and
// command line flags over built-in defaults.
//
// # Precedence
//
// A flag wins over an environment variable, that over the file, that over the default. Every
// key outside a list has all three: tracking.enter_after is --tracking.enter_after and
// FOOTFALL_TRACKING_ENTER_AFTER. [Keys] lists them; flags, variables, documentation and tests
// derive from that one table. Overrides (--set KEY=VALUE) win over all of them, for what-if
// questions: [Changes] tells what they came to. The lists, locations and feeds, can only be given in the file.
// An environment variable that is empty counts as not set.
//
// # Values
//
// A duration is written with its unit ("1s", "250ms", "1h30m") or as a number of seconds, and
// is kept in whole microseconds. Paths are relative to the working directory, those in the file
// too. YAML anchors, aliases and merge keys (<<) may be used, so that forty shops can share
// their opening hours.
//
// # Faults
//
// [Load] reports every fault at once, as [Faults]: each says where (file and line, flag,
// variable or --set), which key, what is wrong and what is allowed. A key that does not exist is a fault,
// in the file and in the environment (a FOOTFALL_ variable that is neither a key's nor
// [ConfigVariable] or [TokenVariable]). A wrong value is one even where another source
// overrides it. Nothing is applied by half: with a fault there is no Config.
//
// Tokens never appear in a fault, in a printed Config or Feed, or in a log.
//
// # Concurrency
//
// A Config is not changed after Load and may be read by any number of goroutines.
package config
