package feed

import (
	"context"
	"sync"
	"time"

	"github.com/IBM/sarama"
	"golang.org/x/sync/errgroup"
	"google.golang.org/protobuf/proto"

	pb "quotes/quotespb"
)

// ConsumerConfig lets a fetch be answered as soon as there is one byte.
func ConsumerConfig() *sarama.Config {
	c := sarama.NewConfig()
	c.Version = sarama.V3_6_0_0
	c.Consumer.Fetch.Min = 1
	c.Consumer.MaxWaitTime = 250 * time.Millisecond // how long an empty fetch waits
	c.Consumer.Return.Errors = true
	c.Net.DialTimeout = 3 * time.Second
	c.Net.ReadTimeout = 3 * time.Second
	c.Metadata.Retry.Backoff = 200 * time.Millisecond
	return c
}

// region tail
// Tail reads all partitions, without a group: each server needs every quote, and
// no rebalance may touch it. It starts at the moment given, and calls caughtUp once
// it has read what was there when it began.
func Tail(ctx context.Context, brokers []string, topic string, from time.Time,
	out chan<- *pb.Quote, caughtUp func()) error {
	client, err := sarama.NewClient(brokers, ConsumerConfig())
	if err != nil {
		return err
	}
	defer client.Close()
	consumer, err := sarama.NewConsumerFromClient(client)
	if err != nil {
		return err
	}
	partitions, err := client.Partitions(topic)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	var behind sync.WaitGroup
	for _, partition := range partitions {
		behind.Add(1)
		t := &tail{client, consumer, topic, partition, out, sync.OnceFunc(behind.Done)}
		group.Go(func() error { return t.read(ctx, from) })
	}
	go func() { behind.Wait(); caughtUp() }()
	return group.Wait()
}

// endregion tail

type tail struct {
	client    sarama.Client
	consumer  sarama.Consumer
	topic     string
	partition int32
	out       chan<- *pb.Quote
	caughtUp  func()
}

func (t *tail) read(ctx context.Context, from time.Time) error {
	defer t.caughtUp() // so that nobody waits for a partition that failed
	start, err := t.client.GetOffset(t.topic, t.partition, from.UnixMilli())
	if err != nil {
		return err
	}
	end, err := t.client.GetOffset(t.topic, t.partition, sarama.OffsetNewest)
	if err != nil {
		return err
	}
	if start < 0 { // nothing is as young as that
		start = end
	}
	claim, err := t.consumer.ConsumePartition(t.topic, t.partition, start)
	if err != nil {
		return err
	}
	defer claim.AsyncClose()
	if start >= end {
		t.caughtUp()
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-claim.Errors():
			if err != nil && err.Err == sarama.ErrOffsetOutOfRange {
				return err // the log has lost what we wanted: start anew, do not guess
			}
		case message, open := <-claim.Messages():
			if !open {
				return sarama.ErrOffsetOutOfRange
			}
			if err := t.hand(ctx, message); err != nil {
				return err
			}
			if message.Offset+1 >= end {
				t.caughtUp()
			}
		}
	}
}

func (t *tail) hand(ctx context.Context, message *sarama.ConsumerMessage) error {
	quote := new(pb.Quote)
	if err := proto.Unmarshal(message.Value, quote); err != nil {
		return nil // garbage is nobody's quote: the gap that it leaves will be told
	}
	select {
	case t.out <- quote: // bounded: a slow hub slows the fetching, not the memory
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
