package main

import (
	"context"
	"crypto/tls"
	"net"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"quotes/fanout"
	"quotes/feed"
	pb "quotes/quotespb"
	"quotes/serve"
)

// region pipeline
// serveQuotes connects the log to the readers. Whatever part fails first ends all
// others through the group's context, and the orchestrator starts the process again.
func serveQuotes(ctx context.Context, arguments []string) error {
	var c common
	set := flags("serve", &c)
	listen := set.String("listen", "127.0.0.1:0", "address")
	set.Parse(arguments)
	certificate, err := pair(c.dir)
	if err != nil {
		return err
	}
	hub := fanout.NewShards(runtime.GOMAXPROCS(0))
	own := credentials.NewServerTLSFromCert(&certificate)
	server := grpc.NewServer(serve.Options(own, 30*time.Minute, 5*time.Second)...)
	pb.RegisterQuotesServer(server, &serve.Server{
		Hub: hub, Tokens: tokens, Rights: rights(c.instruments),
		Beat: time.Second, Most: 1000,
	})
	log := make(chan *pb.Quote, 1024)
	ready := make(chan struct{})
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return hub.Run(ctx, log) })
	group.Go(func() error {
		from := time.Now().Add(-5 * time.Minute)
		brokers := strings.Split(c.brokers, ",")
		return feed.Tail(ctx, brokers, c.topic, from, log,
			func() { close(ready) })
	})
	group.Go(func() error { return accept(ctx, server, *listen, ready) })
	return group.Wait()
}

// endregion pipeline

// region accept
// accept opens the port only when the hub knows what the log knew: a server that has
// just started would otherwise answer with nothing.
func accept(
	ctx context.Context, server *grpc.Server, address string, ready chan struct{},
) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-ready:
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	say("ready", map[string]any{"address": listener.Addr().String()})
	go func() {
		<-ctx.Done()
		server.Stop()
	}()
	return server.Serve(listener)
}

// endregion accept

func pair(dir string) (tls.Certificate, error) {
	return tls.LoadX509KeyPair(filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"))
}

// rights of the drills: "ada" may see everything, nobody else anything.
func rights(instruments int) *serve.Rights {
	all := map[uint32]bool{}
	for i := range instruments {
		all[uint32(i+1)] = true
	}
	r := new(serve.Rights)
	r.Set(map[string]map[uint32]bool{"ada": all})
	return r
}
