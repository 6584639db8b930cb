package serve

import (
	"context"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "quotes/quotespb"
)

// stalled is a store that answers when it is let, or never.
type stalled struct {
	left  chan time.Duration // how much time the store was given
	ended chan struct{}
}

func (s stalled) AsOf(ctx context.Context, _ uint32, _ time.Time) (*pb.Quote, error) {
	deadline, _ := ctx.Deadline()
	s.left <- time.Until(deadline)
	<-ctx.Done()
	close(s.ended)
	return nil, ctx.Err()
}

func TestTheCallersDeadlineReachesTheStoreAndFreesIt(t *testing.T) {
	s := start(t, time.Hour)
	store := stalled{make(chan time.Duration, 1), make(chan struct{})}
	s.History = store
	client := s.client(t, "ada")
	if _, err := client.Watch(t.Context(), &pb.WatchRequest{Instruments: []uint32{1}}); err != nil {
		t.Fatal(err) // connects, so that the handshake is not in the deadline
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err := client.AsOf(ctx, &pb.AsOfRequest{Instrument: 1})
	if status.Code(err) != codes.DeadlineExceeded {
		t.Fatal(err)
	}
	if left := <-store.left; left <= 0 || left > 200*time.Millisecond {
		t.Fatal(left)
	}
	<-store.ended // the handler did not go on working for nobody
}

func TestACallWithoutADeadlineIsRefused(t *testing.T) {
	s := start(t, time.Hour)
	_, err := s.client(t, "ada").AsOf(t.Context(), &pb.AsOfRequest{Instrument: 1})
	if status.Code(err) != codes.InvalidArgument {
		t.Fatal(err)
	}
}
