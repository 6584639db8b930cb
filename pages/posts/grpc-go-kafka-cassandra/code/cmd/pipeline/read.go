package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"os"
	"path/filepath"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"quotes/book"
	"quotes/hist"
	pb "quotes/quotespb"
	"quotes/reader"
	"quotes/serve"
)

// read follows all instruments and prints what happens to its streams. Its exit
// status is 1 if an update broke a rule.
func read(ctx context.Context, arguments []string) error {
	var c common
	set := flags("read", &c)
	addresses := set.String("addresses", "", "servers, with commas between them")
	silence := set.Duration("silence", 0, "connect anew after so long without a word")
	keep := set.Bool("keep", false, "keep the connection when a stream fell silent")
	ping := set.Bool("ping", false, "use gRPC's keepalive")
	set.Parse(arguments)
	trust, err := authority(c.dir)
	if err != nil {
		return err
	}
	var age hist.Histogram
	r := &reader.Reader{Silence: *silence, Keep: *keep, Checker: book.Checker{Genuine: book.Genuine}}
	r.Dial = func() (*grpc.ClientConn, error) {
		ada := serve.Principal{Name: "ada", Expires: time.Now().Add(time.Hour)}
		options := []grpc.DialOption{
			grpc.WithTransportCredentials(trust), reader.Addresses(*addresses),
			grpc.WithPerRPCCredentials(reader.Bearer(tokens.Issue(ada))),
		}
		if *ping {
			options = append(options, reader.Keepalive)
		}
		return grpc.NewClient("fixed:///quotes", options...)
	}
	for i := range c.instruments {
		r.Instruments = append(r.Instruments, uint32(i+1))
	}
	r.Told = teller(&age)
	err = r.Run(ctx)
	end := map[string]any{
		"delivered": r.Checker.Delivered, "skipped": r.Checker.Skipped, "lost": r.Checker.Lost,
		"restarts": r.Checker.Restarts, "p50_ms": age.Quantile(0.5).Seconds() * 1000,
	}
	if err != nil && ctx.Err() == nil {
		end["error"] = err.Error()
	}
	say("end", end)
	return err
}

// teller prints each event but quotes and heartbeats, of which it prints the first
// after another event, and any that tells of a loss.
func teller(age *hist.Histogram) func(string, *pb.Update) {
	last := ""
	return func(event string, update *pb.Update) {
		more := map[string]any{"at": float64(time.Now().UnixMicro()) / 1e6}
		if event == "quote" {
			age.Record(time.Since(time.Unix(0, int64(update.Quote.IngestNanos))))
			more["skipped"], more["lost"] = update.Skipped, update.Lost
			more["restarted"] = update.Restarted
			if update.Lost > 0 || update.Restarted {
				last = ""
			}
		}
		if event == "beat" {
			more["silent_ms"] = update.SilentMs
		}
		if event != last || event == "beat" {
			say(event, more)
		}
		last = event
	}
}

func authority(dir string) (credentials.TransportCredentials, error) {
	text, err := os.ReadFile(filepath.Join(dir, "ca.pem"))
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(text)
	return credentials.NewTLS(&tls.Config{RootCAs: pool, ServerName: "quotes"}), nil
}
