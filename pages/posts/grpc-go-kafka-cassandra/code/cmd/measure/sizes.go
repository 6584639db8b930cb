package main

import (
	"context"
	"time"

	"google.golang.org/protobuf/proto"

	"quotes/book"
	"quotes/fanout"
	pb "quotes/quotespb"
	"quotes/store"
)

// sizes are bytes: of a quote alone, of an update, and of a quote inside a chunk.
func sizes(f *Found) error {
	var quotes []*pb.Quote
	at := time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)
	encoded := 0
	for seq := range uint64(20_000) {
		at = at.Add(time.Duration(1+seq*7919%25_000) * time.Microsecond) // 80 a second
		q := book.Made(1234, book.Position{Epoch: 3, Seq: 1_000_000 + seq}, at)
		q.IngestNanos += 40_000 + seq*104_729%200_000 // what the way from the venue took
		encoded += proto.Size(q)
		quotes = append(quotes, q)
	}
	packed, rows := 0, 0
	for _, chunk := range store.Chunks(quotes) {
		packed += len(chunk.Quotes)
		rows++
	}
	f.note("quote_bytes", digits(0), float64(encoded)/float64(len(quotes)))
	f.note("packed_bytes", digits(1), float64(packed)/float64(len(quotes)))
	if err := applied(f, quotes); err != nil {
		return err
	}
	update := &pb.Update{Quote: quotes[9999], Skipped: 3}
	f.note("update_bytes", digits(0), float64(proto.Size(update)))
	return nil
}

// applied is the time that one goroutine needs to decode a quote, apply it and encode
// it for all readers.
func applied(f *Found, quotes []*pb.Quote) error {
	var wire [][]byte
	for _, q := range quotes {
		value, err := proto.Marshal(q)
		if err != nil {
			return err
		}
		wire = append(wire, value)
	}
	var micros []float64
	for range *runs {
		hub, log := fanout.NewHub(), make(chan *pb.Quote, 1024)
		began := time.Now()
		go func() {
			defer close(log)
			for _, value := range wire {
				q := new(pb.Quote)
				if proto.Unmarshal(value, q) == nil {
					log <- q
				}
			}
		}()
		if err := hub.Run(context.Background(), log); err != nil {
			return err
		}
		micros = append(micros, time.Since(began).Seconds()*1e6/float64(len(wire)))
	}
	f.note("apply_us", digits(1), micros...)
	return nil
}
