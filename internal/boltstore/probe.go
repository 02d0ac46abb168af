package boltstore

import (
	"errors"

	"github.com/footfall/footfall/analytics"
)

// Probe does what opening a database for writing does with the file, and walks to both
// ends of each table, but writes nothing. It is for a process of its own, which may die of
// what it reads. Its error is as Open's, or a *Damage.
func Probe(path string, opts Options) error {
	opts.ReadOnly, opts.loadFreelist = true, true
	s, err := openAsIs(path, opts)
	if err != nil {
		return err
	}
	err = s.View(func(v analytics.View) error {
		for t := range analytics.Tables {
			if _, err := v.(*view).table(t); err != nil {
				return err
			}
		}
		return nil
	})
	return errors.Join(err, s.Close())
}
