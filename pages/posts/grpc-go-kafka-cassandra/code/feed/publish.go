package feed

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/IBM/sarama"
	"golang.org/x/sync/errgroup"
	"google.golang.org/protobuf/proto"

	pb "quotes/quotespb"
)

// region config
// ProducerConfig is for records that must not be lost silently, and soon be read.
func ProducerConfig(linger time.Duration) *sarama.Config {
	c := sarama.NewConfig()
	c.Version = sarama.V3_6_0_0 // what the client may speak
	c.ClientID = "ingest"
	c.Producer.RequiredAcks = sarama.WaitForAll // and min.insync.replicas=2
	c.Producer.Idempotent = true                // a retry is not a second record
	c.Net.MaxOpenRequests = 1                   // what sarama wants for that
	c.Producer.Retry.Max = 30
	c.Producer.Retry.Backoff = 200 * time.Millisecond
	c.Producer.Partitioner = func(string) sarama.Partitioner {
		return JavaPartitioner{}
	}
	c.Producer.Compression = sarama.CompressionLZ4
	if linger > 0 {
		c.Producer.Flush.Frequency = linger // wait for more, at most so long
		c.Producer.Flush.Bytes = 64 << 10   // or until a request has this much
	}
	c.Producer.Return.Successes = true
	c.Net.DialTimeout = 3 * time.Second // the defaults are 30 s each
	c.Net.ReadTimeout = 3 * time.Second
	c.Net.WriteTimeout = 3 * time.Second
	return c
}

// endregion config

// Publisher sends quotes to the log, and holds a bounded number that are not there yet.
type Publisher struct {
	Topic    string
	producer sarama.AsyncProducer
	queue    chan *pb.Quote
	slots    chan struct{} // one for each record between us and the broker's answer

	Acked, Refused, Failed atomic.Uint64
	lastError              atomic.Pointer[error]
}

func NewPublisher(brokers []string, topic string, c *sarama.Config, room int) (*Publisher, error) {
	producer, err := sarama.NewAsyncProducer(brokers, c)
	if err != nil {
		return nil, err
	}
	return &Publisher{
		Topic: topic, producer: producer,
		queue: make(chan *pb.Quote, room), slots: make(chan struct{}, room),
	}, nil
}

// LastError is why the last record that failed did, or "".
func (p *Publisher) LastError() string {
	if err := p.lastError.Load(); err != nil {
		return (*err).Error()
	}
	return ""
}

// region offer
// Offer never blocks: a venue does not wait. False means that there was no room.
// The quote has its number already, so its loss will be seen by every reader.
func (p *Publisher) Offer(q *pb.Quote) bool {
	select {
	case p.queue <- q:
		return true
	default:
		p.Refused.Add(1)
		return false
	}
}

// endregion offer

// region send
// Run sends until the context ends. Its goroutines end together.
func (p *Publisher) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return p.send(ctx) })
	group.Go(func() error { return p.count() })
	return group.Wait()
}

// send stops taking from the queue while as many records as there are slots wait for
// an answer: sarama's own buffer for retries has no limit by default.
func (p *Publisher) send(ctx context.Context) error {
	defer p.producer.AsyncClose() // ends count
	for {
		select {
		case <-ctx.Done():
			return nil
		case p.slots <- struct{}{}:
		}
		select {
		case <-ctx.Done():
			return nil
		case q := <-p.queue:
			value, err := proto.Marshal(q)
			if err != nil {
				return err
			}
			p.producer.Input() <- &sarama.ProducerMessage{
				Topic: p.Topic, Key: Key(q.Instrument),
				Value: sarama.ByteEncoder(value),
			}
		}
	}
}

// endregion send

func (p *Publisher) count() error {
	successes, errors := p.producer.Successes(), p.producer.Errors()
	for successes != nil || errors != nil {
		select {
		case _, open := <-successes:
			if !open {
				successes = nil
				continue
			}
			p.Acked.Add(1)
		case failure, open := <-errors:
			if !open {
				errors = nil
				continue
			}
			p.Failed.Add(1)
			p.lastError.Store(&failure.Err)
		}
		<-p.slots
	}
	return nil
}
