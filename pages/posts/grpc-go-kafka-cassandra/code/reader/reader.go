// Package reader is a client that stays: it notices silence, comes back elsewhere,
// says how far it had come, and holds every update against the three rules.
package reader

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/status"

	"quotes/book"
	pb "quotes/quotespb"
)

// Reader follows some instruments until its context ends.
type Reader struct {
	Dial        func() (*grpc.ClientConn, error)
	Instruments []uint32
	Silence     time.Duration // no word for so long: connect anew (0: wait forever)
	Keep        bool          // after a silence, keep the connection: the mistake, for the drill
	Checker     book.Checker
	Told        func(event string, update *pb.Update) // "open", "quote", "beat", "closed: …"
}

// region run
// Run returns when the context ends, a rule is broken, or another attempt is no use.
func (r *Reader) Run(ctx context.Context) error {
	var conn *grpc.ClientConn
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, 5*time.Second) {
		if conn == nil {
			var err error
			if conn, err = r.Dial(); err != nil {
				return err
			}
		}
		began := time.Now()
		err := r.watch(ctx, pb.NewQuotesClient(conn))
		if ctx.Err() != nil || final(err) {
			return errors.Join(err, conn.Close())
		}
		r.Told("closed: "+status.Convert(err).Message(), nil)
		if !r.Keep {
			conn.Close() // a dead connection would take the next stream as well
			conn = nil
		}
		if time.Since(began) > 10*time.Second {
			wait = 50 * time.Millisecond
		}
		time.Sleep(wait/2 + rand.N(wait)) // jitter: not all readers at once
	}
}

// endregion run

// region watch
// watch is one stream. The watchdog cancels it when no word has come for too long.
func (r *Reader) watch(ctx context.Context, client pb.QuotesClient) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if r.Silence > 0 {
		watchdog := time.AfterFunc(r.Silence, cancel)
		defer watchdog.Stop()
		defer r.onWord(func() { watchdog.Reset(r.Silence) })()
	}
	after := r.Checker.Positions()
	request := &pb.WatchRequest{Instruments: r.Instruments, After: after}
	stream, err := client.Watch(ctx, request)
	if err != nil {
		return err
	}
	r.Told("open", nil)
	for {
		update, err := stream.Recv()
		if err != nil {
			return err
		}
		if err := r.take(update); err != nil {
			return err
		}
	}
}

// endregion watch

// Broken is an update that breaks one of the three rules.
type Broken struct{ error }

func (r *Reader) take(update *pb.Update) error {
	if update.Quote == nil {
		r.Told("beat", update)
		return nil
	}
	if err := r.Checker.Take(update); err != nil {
		return Broken{err}
	}
	r.Told("quote", update)
	return nil
}

// onWord calls f at each event, until the function that it returns is called.
func (r *Reader) onWord(f func()) (restore func()) {
	told := r.Told
	r.Told = func(event string, update *pb.Update) { f(); told(event, update) }
	return func() { r.Told = told }
}

// final errors are not mended by another attempt.
func final(err error) bool {
	var broken Broken
	if errors.As(err, &broken) {
		return true
	}
	switch status.Code(err) {
	case codes.PermissionDenied, codes.Unauthenticated, codes.InvalidArgument, codes.Unimplemented:
		return true
	}
	return false
}

// region keepalive
// Keepalive lets the transport notice a peer that is gone. 10 s is the least that
// grpc-go accepts, and the server must allow it.
var Keepalive = grpc.WithKeepaliveParams(keepalive.ClientParameters{
	Time:                10 * time.Second,
	Timeout:             3 * time.Second,
	PermitWithoutStream: true,
})

// endregion keepalive
