package main

import (
	"context"
	"net"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/proto"

	"quotes/book"
	pb "quotes/quotespb"
)

// pushy sends without looking, as a server without mailboxes would.
type pushy struct {
	pb.UnimplementedQuotesServer
	sent, bytes atomic.Int64
}

func (p *pushy) Watch(_ *pb.WatchRequest, stream grpc.ServerStreamingServer[pb.Update]) error {
	for seq := uint64(1); ; seq++ {
		update := &pb.Update{Quote: book.Made(1, book.Position{Epoch: 1, Seq: seq}, time.Now())}
		if err := stream.Send(update); err != nil {
			return err
		}
		p.sent.Add(1)
		p.bytes.Add(int64(proto.Size(update)))
	}
}

// window is how much Send takes for a reader that never reads, before it blocks.
func window(f *Found) error {
	var kilobytes, messages []float64
	for range *runs {
		p, err := stalled()
		if err != nil {
			return err
		}
		kilobytes = append(kilobytes, float64(p.bytes.Load())/1024)
		messages = append(messages, float64(p.sent.Load()))
	}
	f.note("window_kb", digits(0), kilobytes...)
	f.note("window_messages", digits(0), messages...)
	return nil
}

func stalled() (*pushy, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	server, p := grpc.NewServer(), new(pushy)
	pb.RegisterQuotesServer(server, p)
	go server.Serve(listener)
	defer server.Stop()
	conn, err := grpc.NewClient(listener.Addr().String(),
		grpc.WithTransportCredentials(insecure.NewCredentials())) // loopback, and only here
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if _, err = pb.NewQuotesClient(conn).Watch(ctx, &pb.WatchRequest{}); err != nil {
		return nil, err
	}
	for last := int64(-1); p.sent.Load() != last || last == 0; time.Sleep(300 * time.Millisecond) {
		last = p.sent.Load()
	}
	return p, nil
}
