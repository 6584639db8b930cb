package serve

import (
	"context"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"quotes/book"
	"quotes/fanout"
	pb "quotes/quotespb"
)

// History answers questions about the past; package store has one.
type History interface {
	AsOf(ctx context.Context, instrument uint32, at time.Time) (*pb.Quote, error)
}

// Server is the gRPC service Quotes.
type Server struct {
	pb.UnimplementedQuotesServer
	Hub     fanout.Shards
	Tokens  Tokens
	Rights  *Rights
	History History
	Beat    time.Duration // a heartbeat after so much silence
	Most    int           // instruments in one request
	Every   time.Duration // at least so long between two rounds of sending to one reader
	Each    bool          // marshal for each reader: the first version, kept to be measured
}

// region watch
func (s *Server) Watch(
	r *pb.WatchRequest, stream grpc.ServerStreamingServer[pb.Update],
) error {
	who, err := s.admit(stream.Context(), r.Instruments)
	if err != nil {
		return err
	}
	mailbox := fanout.NewMailbox(r.Instruments, positions(r.After))
	defer s.Hub.Join(mailbox)()
	expiry := time.NewTimer(time.Until(who.Expires))
	defer expiry.Stop()
	beat := time.NewTicker(s.Beat)
	defer beat.Stop()
	for {
		select {
		case <-stream.Context().Done():
			return status.FromContextError(stream.Context().Err()).Err()
		case <-expiry.C:
			return status.Error(codes.Unauthenticated, "the token has expired")
		case <-beat.C:
			silent := uint32(s.Hub.Silence().Milliseconds())
			err = stream.Send(&pb.Update{SilentMs: silent})
		case <-mailbox.Wake():
			err = s.empty(mailbox, who, stream)
			beat.Reset(s.Beat)
			time.Sleep(s.Every) // what comes meanwhile leaves together
		}
		if err != nil {
			return err
		}
	}
}

// endregion watch

// region send
// empty sends what waits. Send blocks while the reader's flow-control window is
// full; meanwhile the mailbox conflates.
func (s *Server) empty(m *fanout.Mailbox, who Principal, to grpc.ServerStream) error {
	for {
		frame, update, any := m.Take()
		if !any {
			return nil
		}
		if !s.Rights.May(who.Name, frame.Change.Quote.Instrument) {
			return status.Error(codes.PermissionDenied, "the right was taken away")
		}
		if !time.Now().Before(who.Expires) { // Send may have been blocked for long
			return status.Error(codes.Unauthenticated, "the token has expired")
		}
		if err := s.send(to, frame, update); err != nil {
			return err
		}
	}
}

// endregion send

func (s *Server) send(stream grpc.ServerStream, f *fanout.Frame, u *pb.Update) error {
	if s.Each {
		return stream.SendMsg(u)
	}
	return stream.SendMsg(&encoded{f.Shared, fanout.Tail(u)})
}

// admit refuses who is unknown, asks for too much, or for what is not theirs.
func (s *Server) admit(ctx context.Context, instruments []uint32) (Principal, error) {
	who, err := s.Tokens.Read(ctx)
	if err != nil {
		return who, err
	}
	if len(instruments) == 0 || len(instruments) > s.Most {
		return who, status.Errorf(codes.InvalidArgument, "ask for 1 to %d instruments", s.Most)
	}
	for _, id := range instruments {
		if !s.Rights.May(who.Name, id) {
			return who, status.Errorf(codes.PermissionDenied, "%s may not see %d", who.Name, id)
		}
	}
	return who, nil
}

func positions(after []*pb.Position) map[uint32]book.Position {
	seen := make(map[uint32]book.Position, len(after))
	for _, p := range after {
		seen[p.Instrument] = book.Position{Epoch: p.Epoch, Seq: p.Seq}
	}
	return seen
}

// region asof
// AsOf passes the caller's deadline on to the store, and wants one: without it, a
// slow store would collect requests that nobody waits for any more.
func (s *Server) AsOf(ctx context.Context, r *pb.AsOfRequest) (*pb.Quote, error) {
	if _, err := s.admit(ctx, []uint32{r.Instrument}); err != nil {
		return nil, err
	}
	if s.History == nil {
		return nil, status.Error(codes.Unimplemented, "this server has no store")
	}
	deadline, given := ctx.Deadline()
	if !given {
		return nil, status.Error(codes.InvalidArgument, "set a deadline")
	}
	if time.Until(deadline) < 5*time.Millisecond {
		return nil, status.Error(codes.DeadlineExceeded, "too little time is left")
	}
	at := time.Unix(0, int64(r.VenueNanos))
	quote, err := s.History.AsOf(ctx, r.Instrument, at)
	if ctx.Err() != nil {
		return nil, status.FromContextError(ctx.Err()).Err()
	}
	if err != nil {
		return nil, status.Error(codes.Unavailable, "the store does not answer")
	}
	if quote == nil {
		return nil, status.Error(codes.NotFound, "no quote was in force")
	}
	return quote, nil
}

// endregion asof
