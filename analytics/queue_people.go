package analytics

import (
	"context"

	"github.com/footfall/footfall/zones"
)

// queues are the profile's queue zones.
func (p *Profile) queues() (queues []Subject) {
	for _, z := range p.Zones {
		if z.Kind == zones.KindQueue {
			queues = append(queues, z)
		}
	}
	return queues
}

// queueing is the most people at one instant, by the number of a queue zone and bucket.
type queueing map[int32][]int64

func (q queueing) most(zone int32, bucket int) int64 {
	if people := q[zone]; people != nil {
		return people[bucket]
	}
	return 0
}

// countQueueing reads it: it is a figure of the zone, and not of its waits.
func (p *plan) countQueueing(ctx context.Context) error {
	if !p.kind.queues {
		return nil
	}
	p.queueing = queueing{}
	for _, z := range p.profile.queues() {
		p.queueing[z.Number] = make([]int64, len(p.buckets))
	}
	var scratch ZoneRollup
	return p.scan(ctx, kindZone, func(f *found) error {
		people, z := p.queueing[f.key.a], f.zone
		if people == nil {
			return nil
		}
		if f.value != nil {
			if err := scratch.read(f.value, reachFigures); err != nil {
				return err
			}
			z = &scratch
		}
		if z.Sum[Covered] > 0 {
			people[f.bucket] = max(people[f.bucket], z.Max)
		}
		return nil
	})
}
