package fanout

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	pb "quotes/quotespb"
)

// region shards
// Shards are hubs of which each owns a part of the instruments: one goroutine cannot
// apply the peak of the target.
type Shards []*Hub

func NewShards(n int) Shards {
	shards := make(Shards, n)
	for i := range shards {
		shards[i] = NewHub()
	}
	return shards
}

// Run hands each quote to its owner. An instrument has one owner, so it stays in order.
func (s Shards) Run(ctx context.Context, log <-chan *pb.Quote) error {
	group, ctx := errgroup.WithContext(ctx)
	owners := make([]chan *pb.Quote, len(s))
	for i, hub := range s {
		owners[i] = make(chan *pb.Quote, 1024)
		group.Go(func() error { return hub.Run(ctx, owners[i]) })
	}
	group.Go(func() error {
		for {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case quote := <-log:
				select {
				case owners[int(quote.Instrument)%len(s)] <- quote:
				case <-ctx.Done():
				}
			}
		}
	})
	return group.Wait()
}

// endregion shards

// Join adds a reader to the owners of its instruments.
func (s Shards) Join(m *Mailbox) (leave func()) {
	owned := make([][]uint32, len(s))
	for id := range m.seen {
		owner := int(id) % len(s)
		owned[owner] = append(owned[owner], id)
	}
	var leaves []func()
	for i, ids := range owned {
		if ids != nil {
			leaves = append(leaves, s[i].Join(m, ids))
		}
	}
	return func() {
		for _, leave := range leaves {
			leave()
		}
	}
}

// Silence is how long the log has brought nothing to any of them.
func (s Shards) Silence() time.Duration {
	least := s[0].Silence()
	for _, hub := range s[1:] {
		least = min(least, hub.Silence())
	}
	return least
}

// Readers is how many mailboxes are fed, counted once per instrument.
func (s Shards) Readers() int {
	n := 0
	for _, hub := range s {
		n += hub.Readers()
	}
	return n
}
