package main

import (
	"context"
	"strings"
	"time"

	"github.com/IBM/sarama"
	"golang.org/x/sync/errgroup"

	"quotes/book"
	"quotes/feed"
	"quotes/store"
)

func topic(_ context.Context, arguments []string) error {
	var c common
	set := flags("topic", &c)
	partitions := set.Int("partitions", 4, "partitions")
	set.Parse(arguments)
	admin, err := sarama.NewClusterAdmin(strings.Split(c.brokers, ","), feed.ConsumerConfig())
	if err != nil {
		return err
	}
	defer admin.Close()
	detail := &sarama.TopicDetail{NumPartitions: int32(*partitions), ReplicationFactor: 1}
	return admin.CreateTopic(c.topic, detail, false)
}

// ingest claims an epoch, numbers the quotes of a simulated venue in it, and publishes them.
func ingest(ctx context.Context, arguments []string) error {
	var c common
	set := flags("ingest", &c)
	rate := set.Int("rate", 1000, "quotes a second")
	folder := set.String("epochs", "epochs", "folder that stands for the table of epochs")
	room := set.Int("room", 2000, "quotes that may wait for the broker")
	linger := set.Duration("linger", time.Millisecond, "how long to wait for a fuller batch")
	set.Parse(arguments)
	epoch, err := store.NextEpoch(ctx, epochs(*folder), c.topic, holder())
	if err != nil {
		return err
	}
	config := feed.ProducerConfig(*linger)
	publisher, err := feed.NewPublisher(strings.Split(c.brokers, ","), c.topic, config, *room)
	if err != nil {
		return err
	}
	say("ready", map[string]any{"epoch": epoch})
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return publisher.Run(ctx) })
	group.Go(func() error { return venue(ctx, publisher, c.instruments, *rate, epoch) })
	err = group.Wait()
	say("end", map[string]any{
		"acked": publisher.Acked.Load(), "refused": publisher.Refused.Load(),
		"failed": publisher.Failed.Load(), "error": publisher.LastError(),
	})
	return err
}

// venue makes quotes on a schedule that does not wait for anybody.
func venue(ctx context.Context, p *feed.Publisher, instruments, rate int, epoch uint32) error {
	gap := time.Second / time.Duration(rate)
	seq := make([]uint64, instruments)
	due := time.Now()
	for i := 0; ; i = (i + 1) % instruments {
		if wait := time.Until(due); wait > time.Millisecond {
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(wait):
			}
		}
		seq[i]++ // the number comes first: what is dropped later leaves a hole
		p.Offer(book.Made(uint32(i+1), book.Position{Epoch: epoch, Seq: seq[i]}, due))
		due = due.Add(gap)
		if ctx.Err() != nil {
			return nil
		}
	}
}
