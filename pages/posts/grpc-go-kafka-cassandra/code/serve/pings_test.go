package serve

import (
	"net"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"

	"quotes/fanout"
	pb "quotes/quotespb"
	"quotes/reader"
)

// A server with gRPC's defaults hangs up on a client that pings every ten seconds.
func TestPingsThatTheServerDoesNotAllowEndTheConnection(t *testing.T) {
	if testing.Short() {
		t.Skip("takes most of a minute: ten seconds is the least that grpc-go allows")
	}
	s := &Server{Hub: fanout.NewShards(1), Tokens: tokens, Rights: new(Rights), Beat: time.Hour, Most: 9}
	s.Rights.Set(map[string]map[uint32]bool{"ada": {1: true}})
	server := grpc.NewServer(grpc.Creds(credentials.NewServerTLSFromCert(&certificate)))
	pb.RegisterQuotesServer(server, s)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Stop()
	go server.Serve(listener)
	client := (&service{
		address: listener.Addr().String(),
		trust:   credentials.NewClientTLSFromCert(pool, "quotes"),
	}).client(t, "ada", reader.Keepalive)
	began := time.Now()
	_, err = next(watch(t, client, 1))
	t.Logf("after %v: %v", time.Since(began).Round(time.Second), err)
	if status.Code(err) != codes.Unavailable || !strings.Contains(err.Error(), "too_many_pings") {
		t.Fatal(err)
	}
}
