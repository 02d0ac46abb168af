package tracker

import (
	"cmp"
	"math"
	"slices"
)

// Gender as the estimates have it; the numbers are those of the protocol.
type Gender uint8

// Genders.
const (
	GenderUnknown Gender = iota
	Male
	Female
)

func (g Gender) String() string { return [...]string{"unknown", "male", "female"}[g] }

// AgeBand is a range of ages in years.
type AgeBand uint8

// Age bands, youngest first after AgeUnknown.
const (
	AgeUnknown AgeBand = iota
	Age0to17
	Age18to24
	Age25to34
	Age35to44
	Age45to54
	Age55to64
	Age65up
)

// Genders and AgeBands are how many values there are of each.
const (
	Genders  = 3
	AgeBands = 8
)

func (b AgeBand) String() string {
	return [...]string{"unknown", "0-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65+"}[b]
}

var bandStarts = [...]float64{0, 18, 25, 35, 45, 55, 65}

// bandOf is the band of the floor of an age in years.
func bandOf(age float64) AgeBand {
	floor := math.Floor(age)
	band := AgeUnknown
	for i, start := range bandStarts {
		if floor >= start {
			band = AgeBand(i + 1)
		}
	}
	return band
}

// Class is what the estimates make of a person.
type Class struct {
	Gender Gender
	Age    AgeBand
}

// Index is a number below Genders*AgeBands, one for each Class.
func (c Class) Index() int { return int(c.Gender)*AgeBands + int(c.Age) }

// ClassAt is the Class of an Index.
func ClassAt(index int) Class {
	return Class{Gender: Gender(index / AgeBands), Age: AgeBand(index % AgeBands)}
}

// estimate is one demographics message; a NaN age was not sent.
type estimate struct {
	at     int64
	age    float32
	gender Gender
}

// maxAges bounds the distinct ages kept of a person: further ones are taken as
// the next one kept, so a stream of random fractions cannot grow without end.
const maxAges = 256

type ageCount struct {
	age   float32
	count int64
}

// estimates gathers a person's demographics: those that can no longer fall after
// a pending exit are summed, the others wait with their times.
type estimates struct {
	genders [Genders]int64
	ages    []ageCount // ascending
	recent  []estimate // ascending by time
	latest  estimate
}

// maxRecent bounds the estimates that wait with their times.
const maxRecent = 1024

func (e *estimates) add(one estimate) {
	if len(e.recent) >= maxRecent {
		e.fold(e.recent[0].at)
	}
	i := len(e.recent)
	for i > 0 && e.recent[i-1].at > one.at {
		i--
	}
	e.recent = slices.Insert(e.recent, i, one)
	if i == len(e.recent)-1 {
		e.latest = one
	}
}

// after are the estimates of a person who was known by those before, which may be
// nil, and then by e.
func (e *estimates) after(before *estimates) *estimates {
	if before == nil {
		return e
	}
	for gender, n := range e.genders {
		before.genders[gender] += n
	}
	for _, a := range e.ages {
		before.sum(estimate{age: a.age})
		if i, found := slices.BinarySearchFunc(before.ages, a.age, ageCount.compare); found {
			before.ages[i].count += a.count - 1
		}
	}
	for _, one := range e.recent {
		before.add(one)
	}
	return before
}

func (a ageCount) compare(age float32) int { return cmp.Compare(a.age, age) }

// fold sums the estimates stamped no later than bound: no exit will be dated
// before it.
func (e *estimates) fold(bound int64) {
	n := 0
	for n < len(e.recent) && e.recent[n].at <= bound {
		e.sum(e.recent[n])
		n++
	}
	e.recent = slices.Delete(e.recent, 0, n)
}

func (e *estimates) sum(one estimate) {
	if one.gender != GenderUnknown {
		e.genders[one.gender]++
	}
	if one.age != one.age {
		return
	}
	i, found := slices.BinarySearchFunc(e.ages, one.age, ageCount.compare)
	switch {
	case found:
		e.ages[i].count++
	case len(e.ages) < maxAges:
		e.ages = slices.Insert(e.ages, i, ageCount{one.age, 1})
	default:
		e.ages[min(i, len(e.ages)-1)].count++
	}
}

// classify is the class by the estimates stamped no later than at. It folds
// nothing: the visit to another zone may end earlier.
func (e *estimates) classify(at int64) Class {
	if e == nil {
		return Class{}
	}
	seen := *e
	if len(e.recent) > 0 && e.recent[0].at <= at {
		seen = estimates{genders: e.genders, ages: slices.Clone(e.ages)}
		for _, one := range e.recent {
			if one.at <= at {
				seen.sum(one)
			}
		}
	}
	return Class{Gender: seen.gender(), Age: seen.band()}
}

func (e *estimates) gender() Gender {
	switch m, f := e.genders[Male], e.genders[Female]; {
	case m > f:
		return Male
	case f > m:
		return Female
	default:
		return GenderUnknown
	}
}

// band is that of the median age; of an even number, the mean of the two middle
// ones.
func (e *estimates) band() AgeBand {
	var n int64
	for _, a := range e.ages {
		n += a.count
	}
	if n == 0 {
		return AgeUnknown
	}
	return bandOf((e.rank((n-1)/2) + e.rank(n/2)) / 2)
}

func (e *estimates) rank(r int64) float64 {
	for _, a := range e.ages {
		if r < a.count {
			return float64(a.age)
		}
		r -= a.count
	}
	return math.NaN()
}
