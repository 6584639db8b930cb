package main

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"time"

	"github.com/IBM/sarama"

	"quotes/feed"
	pb "quotes/quotespb"
	"quotes/store"
)

// storeQuotes writes chunks into a file of lines. The file stands for Cassandra.
func storeQuotes(ctx context.Context, arguments []string) error {
	var c common
	set := flags("store", &c)
	out := set.String("out", "store.jsonl", "file")
	instance := set.String("instance", "", "static member id; empty for a dynamic one")
	every := set.Duration("every", time.Second, "how long a batch may wait")
	set.Parse(arguments)
	file, err := os.OpenFile(*out, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	config := feed.GroupConfig(*instance)
	group, err := sarama.NewConsumerGroup(strings.Split(c.brokers, ","), "store", config)
	if err != nil {
		return err
	}
	defer group.Close()
	say("ready", nil)
	writer := feed.Writer{Every: *every, Most: 10_000, Write: func(_ context.Context, quotes []*pb.Quote) error {
		for _, chunk := range store.Chunks(quotes) {
			if err := json.NewEncoder(file).Encode(chunk); err != nil {
				return err
			}
		}
		say("wrote", map[string]any{"quotes": len(quotes)})
		return file.Sync()
	}}
	for ctx.Err() == nil { // Consume returns after each rebalance
		if err := group.Consume(ctx, []string{c.topic}, writer); err != nil {
			return err
		}
	}
	return nil
}
