package main

import (
	"fmt"
	"time"

	"fixquotes/quotes"
)

const (
	symbols = 100
	perTick = 10 // quotes published each two milliseconds: 5,000 a second
	tick    = 2 * time.Millisecond
	ticks   = 1500
	seconds = 3
	reading = time.Millisecond // what the slow subscriber spends on each quote
)

// publish calls put at the measured rate for three seconds.
func publish(put func(quotes.Quote)) {
	pace := time.NewTicker(tick)
	defer pace.Stop()
	for i := range ticks * perTick {
		if i%perTick == 0 {
			<-pace.C
		}
		put(quotes.Quote{
			Symbol: fmt.Sprint("S", i%symbols), Bid: "41.15", BidSize: "300", Offer: "41.17", OfferSize: "500",
			VenueTime: time.Now(), Received: time.Now(),
		})
	}
}

// queue is either of the two ways to hold quotes for a subscriber.
type queue interface {
	Put(quotes.Quote)
	Next() (quotes.Quote, bool)
	Len() int
}

// fifo keeps everything, as a channel with room enough would.
type fifo chan quotes.Quote

func (f fifo) Put(quote quotes.Quote) { f <- quote }
func (f fifo) Len() int               { return len(f) }
func (f fifo) Next() (quotes.Quote, bool) {
	select {
	case quote := <-f:
		return quote, true
	default:
		return quotes.Quote{}, false
	}
}

// conflated is the service's mailbox.
type conflated struct{ *quotes.Mailbox }

func newConflated() conflated { return conflated{quotes.NewMailbox()} }

func (c conflated) Put(quote quotes.Quote) { c.Mailbox.Put(quotes.NewUpdate(quote)) }
func (c conflated) Next() (quotes.Quote, bool) {
	update, waiting := c.Mailbox.Next()
	if !waiting {
		return quotes.Quote{}, false
	}
	return update.Quote, true
}

// history is what a slow reader saw: the longest queue, and the age of each quote when read.
type history struct {
	longest int
	at      []time.Duration // since the start
	ages    []time.Duration
}

// series is the oldest quote of each twentieth of a second.
func (h history) series() (points [][2]float64) {
	const step = 50 * time.Millisecond
	var oldest time.Duration
	next := step
	for i, at := range h.at {
		oldest = max(oldest, h.ages[i])
		if at >= next {
			points = append(points, [2]float64{next.Seconds(), milliseconds(oldest)})
			oldest, next = 0, next+step
		}
	}
	return points
}

// slow publishes to a subscriber that takes a millisecond for each quote.
func slow(q queue) (seen history) {
	published := make(chan struct{})
	started := time.Now()
	go func() { defer close(published); publish(q.Put) }()
	for {
		select {
		case <-published:
			return seen
		default:
		}
		seen.longest = max(seen.longest, q.Len())
		if quote, ok := q.Next(); ok {
			seen.at = append(seen.at, time.Since(started))
			seen.ages = append(seen.ages, time.Since(quote.Received))
		}
		time.Sleep(reading)
	}
}
