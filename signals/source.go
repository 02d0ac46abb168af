package signals

import "context"

// Access is what a token may see.
type Access interface {
	// Allows reports whether messages of the location may be sent.
	Allows(location int64) bool
}

// Ending is an Access that may end while a client uses it: the connection then ends,
// too.
type Ending interface {
	Access
	// Ended is closed when it does.
	Ended() <-chan struct{}
}

// Authorizer tells what a token may see; an error means that the token is not
// valid. ctx ends when the time to register is over.
type Authorizer func(ctx context.Context, token string) (Access, error)

// AllowAll is an Authorizer that accepts any token for every location.
func AllowAll(context.Context, string) (Access, error) { return everything{}, nil }

type everything struct{}

func (everything) Allows(int64) bool { return true }

// Source is what a Server relays. It is safe for concurrent use.
type Source interface {
	// Subscribe pushes first a position for everyone present at the locations,
	// with the latest demographics where they are known, and then everything
	// that follows there, in order within each location. What it pushes
	// before it returns is exempt from the subscriber's bounds.
	//
	// It goes on until cancel is called, which the Server does once and soon
	// after the subscriber is gone, or until a push returns false. An error
	// refuses the registration; its text is sent to the client. Locations
	// are distinct and at least one.
	Subscribe(locations []int64, sub *Subscriber) (cancel func(), err error)
}
