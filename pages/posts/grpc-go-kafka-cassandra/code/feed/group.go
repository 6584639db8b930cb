package feed

import (
	"context"
	"time"

	"github.com/IBM/sarama"
	"google.golang.org/protobuf/proto"

	pb "quotes/quotespb"
)

// region group
// GroupConfig is for the writers of the store, which share the partitions.
func GroupConfig(instance string) *sarama.Config {
	c := ConsumerConfig()
	c.Consumer.Group.InstanceId = instance // static membership: the pod's ordinal
	c.Consumer.Group.Session.Timeout = 45 * time.Second
	c.Consumer.Group.Rebalance.Timeout = 30 * time.Second
	c.Net.ReadTimeout = 40 * time.Second // a join is answered when all have joined
	c.Consumer.Group.Heartbeat.Interval = 3 * time.Second
	c.Consumer.Group.Rebalance.GroupStrategies = []sarama.BalanceStrategy{
		sarama.NewBalanceStrategySticky(),
	}
	c.Consumer.Offsets.Initial = sarama.OffsetOldest
	c.Consumer.Offsets.AutoCommit.Enable = false
	return c
}

// endregion group

// Writer is a member of the group: it writes batches, and commits only afterwards.
type Writer struct {
	Write func(ctx context.Context, quotes []*pb.Quote) error
	Every time.Duration
	Most  int
}

// region writer
func (w Writer) ConsumeClaim(
	s sarama.ConsumerGroupSession, c sarama.ConsumerGroupClaim,
) error {
	tick := time.NewTicker(w.Every)
	defer tick.Stop()
	var batch []*sarama.ConsumerMessage
	for {
		full := false
		select {
		case <-s.Context().Done():
			return nil // not committed: the next owner writes it again
		case message, open := <-c.Messages():
			if !open {
				return nil
			}
			batch = append(batch, message)
			full = len(batch) >= w.Most
		case <-tick.C:
			full = len(batch) > 0
		}
		if !full {
			continue
		}
		if err := w.Write(s.Context(), Decode(batch)); err != nil {
			return err
		}
		s.MarkMessage(batch[len(batch)-1], "")
		s.Commit()
		batch = batch[:0]
	}
}

// endregion writer

func (w Writer) Setup(sarama.ConsumerGroupSession) error   { return nil }
func (w Writer) Cleanup(sarama.ConsumerGroupSession) error { return nil }

// Decode leaves out what is no quote.
func Decode(batch []*sarama.ConsumerMessage) []*pb.Quote {
	quotes := make([]*pb.Quote, 0, len(batch))
	for _, message := range batch {
		quote := new(pb.Quote)
		if proto.Unmarshal(message.Value, quote) == nil {
			quotes = append(quotes, quote)
		}
	}
	return quotes
}
