// Command measure prints, as JSON, the figures that the article quotes.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"testing"
	"time"

	"fixquotes/fix"
	"fixquotes/quotes"
)

const (
	symbols = 100
	perTick = 10 // quotes published each two milliseconds: 5,000 a second
	tick    = 2 * time.Millisecond
	ticks   = 1500
	reading = time.Millisecond // what the slow subscriber spends on each quote
)

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

// slow publishes for three seconds to a subscriber that is too slow, and gives
// the longest queue and the age of each quote when it was read.
func slow(q queue) (longest int, ages []time.Duration) {
	published := make(chan struct{})
	go func() {
		defer close(published)
		pace := time.NewTicker(tick)
		defer pace.Stop()
		for i := 0; i < ticks*perTick; i++ {
			if i%perTick == 0 {
				<-pace.C
			}
			q.Put(quotes.Quote{Symbol: fmt.Sprint("S", i%symbols), At: time.Now()})
		}
	}()
	for {
		select {
		case <-published:
			return longest, ages
		default:
		}
		if waiting := q.Len(); waiting > longest {
			longest = waiting
		}
		if quote, ok := q.Next(); ok {
			ages = append(ages, time.Since(quote.At))
		}
		time.Sleep(reading)
	}
}

func main() {
	frame := fix.Encode(fix.Incremental(7))
	parse := parsing(frame)
	for i := 0; i < 2; i++ { // the best of three: neighbours on the machine only ever add
		if again := parsing(frame); again.NsPerOp() < parse.NsPerOp() {
			parse = again
		}
	}
	queued, lateAges := slow(make(fifo, ticks*perTick))
	held, freshAges := slow(quotes.NewMailbox())
	json.NewEncoder(os.Stdout).Encode(map[string]string{
		"parse_us":       fmt.Sprintf("%.1f", float64(parse.NsPerOp())/1000),
		"parse_allocs":   fmt.Sprint(parse.AllocsPerOp()),
		"frame_bytes":    fmt.Sprint(len(frame)),
		"fifo_queue":     thousands(queued),
		"fifo_age_ms":    thousands(milliseconds(last(lateAges))),
		"mailbox_queue":  thousands(held),
		"mailbox_age_ms": thousands(milliseconds(worst(freshAges))),
	})
}

func parsing(frame []byte) testing.BenchmarkResult {
	dictionary := fix.Quotes44()
	return testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; i < b.N; i++ {
			if _, err := dictionary.Parse(frame); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func last(ages []time.Duration) time.Duration { return ages[len(ages)-1] }

func worst(ages []time.Duration) time.Duration {
	sort.Slice(ages, func(i, j int) bool { return ages[i] < ages[j] })
	return last(ages)
}

func milliseconds(age time.Duration) int { return int(age.Round(time.Millisecond) / time.Millisecond) }

func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%d,%03d", n/1000, n%1000)
}
