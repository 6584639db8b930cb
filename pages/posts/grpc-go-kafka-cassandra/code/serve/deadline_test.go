package serve

import (
	"context"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "quotes/quotespb"
	"quotes/store"
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
	slow := stalled{make(chan time.Duration, 1), make(chan struct{})}
	s.History = slow
	client := s.client(t, "ada")
	if _, err := client.Watch(t.Context(), &pb.WatchRequest{Instruments: []uint32{1}}); err != nil {
		t.Fatal(err) // connects, so that the handshake is not in the deadline
	}
	const given = 2 * time.Second // enough for a busy machine to reach the store
	ctx, cancel := context.WithTimeout(t.Context(), given)
	defer cancel()
	_, err := client.AsOf(ctx, &pb.AsOfRequest{Instrument: 1})
	if status.Code(err) != codes.DeadlineExceeded {
		t.Fatal(err)
	}
	if left := <-slow.left; left <= 0 || left > given {
		t.Fatal(left)
	}
	<-slow.ended // the handler did not go on working for nobody
}

func TestAServerWithoutAStoreSaysSo(t *testing.T) {
	s := start(t, time.Hour)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	_, err := s.client(t, "ada").AsOf(ctx, &pb.AsOfRequest{Instrument: 1})
	if status.Code(err) != codes.Unimplemented {
		t.Fatal(err)
	}
}

func TestTheModelAnswersACallThroughTheService(t *testing.T) {
	s := start(t, time.Hour)
	widths := store.Widths{Default: time.Hour, OfBusy: time.Minute}
	model := store.NewModel(widths)
	s.History = store.History{Repository: model, Widths: widths, Back: 3}
	model.Write(t.Context(), store.Chunks([]*pb.Quote{sample(1, 7)}))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	now := uint64(time.Now().UnixNano())
	quote, err := s.client(t, "ada").AsOf(ctx, &pb.AsOfRequest{Instrument: 1, VenueNanos: now})
	if err != nil || quote.Seq != 7 {
		t.Fatal(quote, err)
	}
}

func TestACallWithoutADeadlineIsRefused(t *testing.T) {
	s := start(t, time.Hour)
	s.History = stalled{}
	_, err := s.client(t, "ada").AsOf(t.Context(), &pb.AsOfRequest{Instrument: 1})
	if status.Code(err) != codes.InvalidArgument {
		t.Fatal(err)
	}
}
