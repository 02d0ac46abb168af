package analytics

// What tests of the package from outside look into.

// EachZoneRollup visits a location's stored zone rollups of one level.
func EachZoneRollup(v View, t Table, location int64, visit func(start int64, zone int32, z *ZoneRollup)) error {
	var z ZoneRollup
	return rollups{v, t, location, kindZone}.scan(0, forever, func(k rollupKey, value []byte) error {
		if err := z.read(value, reachAll); err != nil {
			return err
		}
		visit(k.start, k.a, &z)
		return nil
	})
}

// PutZoneRollup puts a rollup as Derive would.
func PutZoneRollup(b *Batch, t Table, location, start int64, zone int32, z *ZoneRollup) {
	b.Put(t, rollupKey{location, kindZone, start, zone, 0}.bytes(), z.append(nil))
}

// PutCovered puts a whole covered quarter hour.
func PutCovered(b *Batch, location, start int64) {
	b.Put(Quarters, rollupKey{location: location, kind: kindCoverage, start: start}.bytes(), appendNumber(nil, Quarter))
}

// PutSummed puts that a location's quarter hours are summed up to an instant.
func PutSummed(b *Batch, location, quarters int64) error {
	return progress{Quarters: quarters}.put(b, location)
}

// Beside puts the rows that write writes beside those that the output takes.
func Beside(columns []Column, out Output, write func(Output) error) (beside Output, stop func()) {
	others := newBlocks(columns, write)
	return &compared{out: out, columns: columns, others: others}, others.stop
}
