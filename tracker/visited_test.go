package tracker

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestVisitedPoolIsASetForEach(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var pool visitedPool
		ids, sets := [4]visitedID{}, [4]map[int32]bool{{}, {}, {}, {}}
		for range rapid.IntRange(0, 60).Draw(t, "steps") {
			who, zone := rapid.IntRange(0, 3).Draw(t, "who"), rapid.Int32Range(1, 9).Draw(t, "zone")
			switch rapid.IntRange(0, 5).Draw(t, "what") {
			case 0:
				pool.drop(ids[who])
				ids[who], sets[who] = 0, map[int32]bool{}
			default:
				pool.add(&ids[who], zone)
				sets[who][zone] = true
			}
			for i, id := range ids {
				for z := range int32(11) {
					if pool.has(id, z) != sets[i][z] {
						t.Fatalf("person %d, zone %d: %v", i, z, pool.has(id, z))
					}
				}
			}
		}
		if most := 4 * 3; len(pool.all) > most {
			t.Errorf("room for %d, where %d are enough", len(pool.all), most)
		}
	})
}

func TestLeftZonesAreAscending(t *testing.T) {
	tr := New(DefaultSettings(), (&numbering{}).layout(t, nil, nil), newEar())
	p := &person{}
	for _, zone := range []int32{7, 3, 9, 1, 3, 8} {
		tr.people.visits.add(&p.visited, zone)
	}
	if got := tr.leftZones(p); !slices.Equal(got, []int32{1, 3, 7, 8, 9}) {
		t.Errorf("left %v", got)
	}
}
