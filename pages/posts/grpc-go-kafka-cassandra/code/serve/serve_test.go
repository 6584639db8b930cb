package serve

import (
	"context"
	"crypto/tls"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"

	"quotes/book"
	"quotes/fanout"
	pb "quotes/quotespb"
	"quotes/reader"
	"quotes/testca"
)

// service is one running server, and what a test changes about it.
type service struct {
	*Server
	address string
	log     chan *pb.Quote
	trust   credentials.TransportCredentials
	streams atomic.Int32 // calls that arrived
	stop    func()
}

var tokens = Tokens{Key: []byte("of the test")}

// One authority and certificate for all servers, so that any name leads to any of them.
var pool, certificate, caError = testca.New()

func start(t *testing.T, age time.Duration) *service {
	if caError != nil {
		t.Fatal(caError)
	}
	s := &service{
		Server: &Server{
			Hub: fanout.NewShards(2), Tokens: tokens, Rights: new(Rights),
			Beat: 50 * time.Millisecond, Most: 100,
		},
		log:   make(chan *pb.Quote, 16),
		trust: credentials.NewTLS(&tls.Config{RootCAs: pool, ServerName: "quotes"}),
	}
	s.Rights.Set(map[string]map[uint32]bool{"ada": {1: true, 2: true}, "bob": {2: true}})
	own := credentials.NewTLS(&tls.Config{Certificates: []tls.Certificate{certificate}})
	options := append(Options(own, age, 200*time.Millisecond),
		grpc.StreamInterceptor(func(srv any, ss grpc.ServerStream, _ *grpc.StreamServerInfo, h grpc.StreamHandler) error {
			s.streams.Add(1)
			return h(srv, ss)
		}),
		grpc.UnaryInterceptor(func(ctx context.Context, r any, _ *grpc.UnaryServerInfo, h grpc.UnaryHandler) (any, error) {
			s.streams.Add(1)
			return h(ctx, r)
		}))
	server := grpc.NewServer(options...)
	pb.RegisterQuotesServer(server, s.Server)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.address = listener.Addr().String()
	s.stop = server.Stop
	go server.Serve(listener)
	ctx, cancel := context.WithCancel(context.Background())
	go s.Hub.Run(ctx, s.log)
	t.Cleanup(func() { server.Stop(); cancel() })
	return s
}

func (s *service) client(t *testing.T, name string, options ...grpc.DialOption) pb.QuotesClient {
	return s.clientFor(t, tokens.Issue(Principal{name, time.Now().Add(time.Hour)}), options...)
}

func (s *service) clientFor(t *testing.T, token string, options ...grpc.DialOption) pb.QuotesClient {
	options = append([]grpc.DialOption{
		grpc.WithTransportCredentials(s.trust),
		grpc.WithPerRPCCredentials(reader.Bearer(token)),
	}, options...)
	target := "passthrough:///" + s.address
	if len(options) > 3 { // with a resolver of its own
		target = "fixed:///quotes"
	}
	conn, err := grpc.NewClient(target, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return pb.NewQuotesClient(conn)
}

func sample(instrument uint32, seq uint64) *pb.Quote {
	return book.Made(instrument, book.Position{Epoch: 1, Seq: seq}, time.Now())
}

func watch(t *testing.T, c pb.QuotesClient, instruments ...uint32) grpc.ServerStreamingClient[pb.Update] {
	stream, err := c.Watch(t.Context(), &pb.WatchRequest{Instruments: instruments})
	if err != nil {
		t.Fatal(err)
	}
	return stream
}

// next is the next update that is no heartbeat.
func next(stream grpc.ServerStreamingClient[pb.Update]) (*pb.Update, error) {
	for {
		update, err := stream.Recv()
		if err != nil || update.Quote != nil {
			return update, err
		}
	}
}

func TestAReaderGetsTheStateAndThenTheChanges(t *testing.T) {
	s := start(t, time.Hour)
	s.log <- sample(1, 41)
	stream := watch(t, s.client(t, "ada"), 1, 2)
	first, err := next(stream)
	if err != nil || first.Quote.Seq != 41 {
		t.Fatal(first, err)
	}
	s.log <- sample(2, 1)
	second, err := next(stream)
	if err != nil || second.Quote.Instrument != 2 || !book.Genuine(second.Quote) {
		t.Fatal(second, err)
	}
}

func TestSilenceIsFilledWithHeartbeatsThatSayHowOldTheLogIs(t *testing.T) {
	s := start(t, time.Hour)
	stream := watch(t, s.client(t, "ada"), 1)
	var last uint32
	for range 3 {
		update, err := stream.Recv()
		if err != nil || update.Quote != nil || update.SilentMs < last {
			t.Fatal(update, err)
		}
		last = update.SilentMs
	}
}

func TestTheLastHopIsRefusedToWhomItDoesNotConcern(t *testing.T) {
	s := start(t, time.Hour)
	s.log <- sample(1, 1)
	expired := tokens.Issue(Principal{"ada", time.Now().Add(-time.Second)})
	forged := Tokens{Key: []byte("another")}.Issue(Principal{"ada", time.Now().Add(time.Hour)})
	for name, c := range map[string]struct {
		client pb.QuotesClient
		ask    []uint32
		want   codes.Code
	}{
		"another's instrument": {s.client(t, "bob"), []uint32{2, 1}, codes.PermissionDenied},
		"an unknown name":      {s.client(t, "eve"), []uint32{2}, codes.PermissionDenied},
		"an expired token":     {s.clientFor(t, expired), []uint32{1}, codes.Unauthenticated},
		"a forged token":       {s.clientFor(t, forged), []uint32{1}, codes.Unauthenticated},
		"too much":             {s.client(t, "ada"), make([]uint32, 101), codes.InvalidArgument},
		"nothing":              {s.client(t, "ada"), nil, codes.InvalidArgument},
	} {
		update, err := next(watch(t, c.client, c.ask...))
		if status.Code(err) != c.want {
			t.Errorf("%s: %v, %v", name, update, err)
		}
		_, err = c.client.AsOf(t.Context(), &pb.AsOfRequest{Instrument: 1})
		if err == nil {
			t.Errorf("%s: AsOf answered", name)
		}
	}
}

func TestARightThatIsTakenAwayEndsTheOpenStream(t *testing.T) {
	s := start(t, time.Hour)
	s.log <- sample(2, 1)
	stream := watch(t, s.client(t, "bob"), 2)
	if _, err := next(stream); err != nil {
		t.Fatal(err)
	}
	s.Rights.Set(map[string]map[uint32]bool{"ada": {1: true, 2: true}})
	s.log <- sample(2, 2)
	if update, err := next(stream); status.Code(err) != codes.PermissionDenied {
		t.Fatal(update, err)
	}
}

func TestAStreamEndsWithItsToken(t *testing.T) {
	s := start(t, time.Hour)
	token := tokens.Issue(Principal{"ada", time.Now().Add(300 * time.Millisecond)})
	stream := watch(t, s.clientFor(t, token), 1)
	if _, err := next(stream); status.Code(err) != codes.Unauthenticated {
		t.Fatal(err)
	}
}

func TestAServerThatTheAuthorityDidNotSignGetsNoToken(t *testing.T) {
	s := start(t, time.Hour)
	stranger, _, err := testca.New()
	if err != nil {
		t.Fatal(err)
	}
	s.trust = credentials.NewTLS(&tls.Config{RootCAs: stranger, ServerName: "quotes"})
	stream, err := s.client(t, "ada").Watch(t.Context(), &pb.WatchRequest{Instruments: []uint32{1}})
	if err == nil {
		_, err = next(stream)
	}
	if status.Code(err) != codes.Unavailable {
		t.Fatal(err)
	}
	if s.streams.Load() != 0 {
		t.Fatal("the call arrived")
	}
}

func TestAReaderThatHasGoneIsForgotten(t *testing.T) {
	s := start(t, time.Hour)
	ctx, cancel := context.WithCancel(t.Context())
	stream, err := s.client(t, "ada").Watch(ctx, &pb.WatchRequest{Instruments: []uint32{1, 2}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Recv(); err != nil || s.Hub.Readers() != 2 {
		t.Fatal(s.Hub.Readers(), err)
	}
	cancel()
	if !within(time.Minute, func() bool { return s.Hub.Readers() == 0 }) {
		t.Fatal(s.Hub.Readers())
	}
}

// within asks until the answer is yes, at most for so long.
func within(patience time.Duration, question func() bool) bool {
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if question() {
			return true
		}
	}
	return question()
}
