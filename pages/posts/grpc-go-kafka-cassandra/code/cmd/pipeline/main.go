// Command pipeline is every process of the article: ingest, serve, store and read.
// Each runs until SIGTERM and then prints one line of JSON about what it did.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"quotes/serve"
	"quotes/testca"
)

// common are the flags that several commands share.
type common struct {
	brokers, topic, dir string
	instruments         int
}

// tokens has the key of the drills. It stands for an identity provider.
var tokens = serve.Tokens{Key: []byte("only for drills on one machine")}

func main() {
	commands := map[string]func(context.Context, []string) error{
		"certs": func(_ context.Context, a []string) error { return testca.Write(a[0]) },
		"topic": topic, "ingest": ingest, "serve": serveQuotes, "store": storeQuotes, "read": read,
	}
	if len(os.Args) < 2 || commands[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: pipeline certs|topic|ingest|serve|store|read")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if err := commands[os.Args[1]](ctx, os.Args[2:]); err != nil && ctx.Err() == nil {
		fmt.Fprintln(os.Stderr, "pipeline:", err)
		os.Exit(1)
	}
}

func flags(name string, c *common) *flag.FlagSet {
	set := flag.NewFlagSet(name, flag.ExitOnError)
	set.StringVar(&c.brokers, "brokers", "127.0.0.1:9092", "Kafka's bootstrap servers")
	set.StringVar(&c.topic, "topic", "quotes", "topic")
	set.StringVar(&c.dir, "dir", ".", "folder of ca.pem, cert.pem and key.pem")
	set.IntVar(&c.instruments, "instruments", 20, "instruments 1..n")
	return set
}

// say prints one event as a line of JSON.
func say(event string, more map[string]any) {
	line := map[string]any{"event": event}
	for key, value := range more {
		line[key] = value
	}
	json.NewEncoder(os.Stdout).Encode(line)
}
