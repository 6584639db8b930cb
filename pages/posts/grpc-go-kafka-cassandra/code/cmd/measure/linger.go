package main

import (
	"encoding/binary"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/IBM/sarama"
	"google.golang.org/protobuf/proto"

	"quotes/book"
	"quotes/feed"
	"quotes/hist"
)

const perSecond, lingerSeconds = 4000, 3

// spy counts what the producer writes, and finds the quotes in it by the time that
// each carries: how long had it waited in the client when its request left?
type spy struct {
	net.Conn
	*sent
}

type sent struct {
	mu                sync.Mutex
	began             time.Time
	requests, records int
	bytes             int
	wait              hist.Histogram
}

func (s spy) Write(b []byte) (int, error) {
	now, found := time.Now(), 0
	for i := 0; i+9 <= len(b); i++ {
		if b[i] != 10<<3|1 { // the tag of ingest_nanos
			continue
		}
		at := time.Unix(0, int64(binary.LittleEndian.Uint64(b[i+1:])))
		if at.After(s.began) && at.Before(now) {
			s.wait.Record(now.Sub(at))
			found++
			i += 8
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bytes += len(b)
	if found > 0 {
		s.requests++
		s.records += found
	}
	return s.Conn.Write(b)
}

type dialer struct{ *sent }

func (d dialer) Dial(network, address string) (net.Conn, error) {
	conn, err := net.DialTimeout(network, address, time.Second)
	return spy{conn, d.sent}, err
}

// lingers is what the client does for four values of linger: the broker's own time
// is in none of these figures.
func lingers(f *Found) error {
	if *brokers == "" {
		return nil
	}
	for _, linger := range []time.Duration{0, time.Millisecond, 5 * time.Millisecond, 20 * time.Millisecond} {
		var perRequest, p50, p99, bytes []float64
		for range *runs {
			plain, err := published(linger, sarama.CompressionNone)
			if err != nil {
				return err
			}
			packed, err := published(linger, sarama.CompressionLZ4)
			if err != nil {
				return err
			}
			perRequest = append(perRequest, float64(plain.records)/float64(plain.requests))
			p50 = append(p50, ms(plain.wait.Quantile(0.5)))
			p99 = append(p99, ms(plain.wait.Quantile(0.99)))
			bytes = append(bytes, float64(packed.bytes)/(perSecond*lingerSeconds))
		}
		name := fmt.Sprintf("linger%d_", linger.Milliseconds())
		f.note(name+"records", digits(1), perRequest...)
		f.note(name+"p50", digits(1), p50...)
		f.note(name+"p99", digits(1), p99...)
		f.note(name+"bytes", digits(0), bytes...)
	}
	return nil
}

func published(linger time.Duration, codec sarama.CompressionCodec) (*sent, error) {
	s := &sent{began: time.Now()}
	config := feed.ProducerConfig(linger)
	config.Producer.Compression = codec
	config.Net.Proxy.Enable = true
	config.Net.Proxy.Dialer = dialer{s}
	producer, err := sarama.NewAsyncProducer(strings.Split(*brokers, ","), config)
	if err != nil {
		return nil, err
	}
	var failed error
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range producer.Successes() {
		}
	}()
	go func() {
		for err := range producer.Errors() {
			failed = err
		}
	}()
	due := time.Now()
	for seq := range uint64(perSecond * lingerSeconds) {
		time.Sleep(time.Until(due))
		due = due.Add(time.Second / perSecond)
		q := book.Made(uint32(1+seq%200), book.Position{Epoch: 1, Seq: 1 + seq/200}, time.Now())
		value, _ := proto.Marshal(q)
		producer.Input() <- &sarama.ProducerMessage{
			Topic: "measured", Key: feed.Key(q.Instrument), Value: sarama.ByteEncoder(value),
		}
	}
	producer.AsyncClose()
	<-done
	return s, failed
}
