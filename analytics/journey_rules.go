package analytics

import (
	"slices"

	"github.com/footfall/footfall/tracker"
	"github.com/footfall/footfall/zones"
)

// defaultWaitTarget is that of a queue zone without one, µs.
const defaultWaitTarget = 3 * Minute

// journeyRules are what queues and the funnel of a location ask for.
type journeyRules struct {
	roles  []role  // by zone number
	stages []int32 // zones of the funnel in order
	funnel int32   // its number, 0 for none
	grace  int64
}

// role is what a zone is to them.
type role struct {
	queue   bool
	service int32   // of a queue; noZone for none
	target  int64   // of a queue
	serves  []int32 // queues whose service it is
	stage   bool
}

// noZone is the number of no zone.
const noZone = -1

func (r *journeyRules) at(zone int32) role {
	if int(zone) < len(r.roles) {
		return r.roles[zone]
	}
	return role{}
}

// matters reports whether entries to a zone do.
func (r *journeyRules) matters(zone int32) bool {
	one := r.at(zone)
	return one.queue || one.stage || len(one.serves) > 0
}

func (r *journeyRules) change(zone int32) *role {
	for int(zone) >= len(r.roles) {
		r.roles = append(r.roles, role{})
	}
	return &r.roles[zone]
}

// journeyRules are those of a profile.
func (p *Profile) journeyRules() *journeyRules {
	r := &journeyRules{grace: p.QueueGrace, funnel: p.Funnel}
	for _, id := range p.stages() {
		zone := p.zoneNumber(id)
		if r.stages = append(r.stages, zone); zone != noZone {
			r.change(zone).stage = true
		}
	}
	for _, z := range p.Zones {
		if z.Kind != zones.KindQueue || z.Gone {
			continue
		}
		q := r.change(z.Number)
		q.queue, q.service, q.target = true, p.zoneNumber(z.Service), z.WaitTarget
		if service := q.service; service != noZone {
			serves := r.change(service)
			serves.serves = append(serves.serves, z.Number)
		}
	}
	return r
}

// zoneNumber is that of an id which a zone has or had.
func (p *Profile) zoneNumber(id string) int32 {
	if id == zones.LocationZone {
		return tracker.LocationZone
	}
	if i := slices.IndexFunc(p.Zones, func(z Subject) bool { return z.ID == id }); i >= 0 {
		return p.Zones[i].Number
	}
	return noZone
}

// stages are the zone ids of the funnel.
func (p *Profile) stages() []string {
	if p.Funnel == 0 {
		return nil
	}
	return p.Funnels[p.Funnel-1]
}

// TakeFunnel makes a list of zone ids the location's funnel, nil for none. What was
// counted for other lists stays apart.
func (p *Profile) TakeFunnel(stages []string) {
	p.Funnel = 0
	if len(stages) == 0 {
		return
	}
	i := slices.IndexFunc(p.Funnels, func(f []string) bool { return slices.Equal(f, stages) })
	if i < 0 {
		i = len(p.Funnels)
		p.Funnels = append(p.Funnels, slices.Clone(stages))
	}
	p.Funnel = int32(i + 1)
}
