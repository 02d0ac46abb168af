package tracker

// visitedID is where a person's left zones begin in a visitedPool, 0 for none.
type visitedID int32

// visitedZones are some of them: in 16 bytes, as most people leave few.
type visitedZones struct {
	zones [3]int32 // those of the first may be noZone
	next  visitedID
}

const noZone = -1

// visitedPool remembers which zones people have left, so that an entry can be told to
// be the first. It allocates nothing in the steady state.
type visitedPool struct {
	all  []visitedZones // visitedID 1 is the first
	free visitedID      // linked by next
}

func (vp *visitedPool) at(id visitedID) *visitedZones { return &vp.all[id-1] }

func (vp *visitedPool) has(id visitedID, zone int32) bool {
	for ; id != 0; id = vp.at(id).next {
		for _, z := range vp.at(id).zones {
			if z == zone {
				return true
			}
		}
	}
	return false
}

// add adds a zone, if it is new.
func (vp *visitedPool) add(id *visitedID, zone int32) {
	if vp.has(*id, zone) {
		return
	}
	if *id != 0 {
		first := vp.at(*id)
		for i, z := range first.zones {
			if z == noZone {
				first.zones[i] = zone
				return
			}
		}
	}
	*id = vp.take(visitedZones{zones: [3]int32{zone, noZone, noZone}, next: *id})
}

func (vp *visitedPool) take(v visitedZones) visitedID {
	id := vp.free
	if id == 0 {
		vp.all = append(vp.all, v)
		return visitedID(len(vp.all))
	}
	vp.free = vp.at(id).next
	*vp.at(id) = v
	return id
}

// drop gives back what a person had.
func (vp *visitedPool) drop(id visitedID) {
	for id != 0 {
		v := vp.at(id)
		next := v.next
		v.next, vp.free = vp.free, id
		id = next
	}
}

// append appends the zones of one.
func (v *visitedZones) append(to []int32) []int32 {
	for _, z := range v.zones {
		if z != noZone {
			to = append(to, z)
		}
	}
	return to
}
