// Package hist counts durations in buckets whose width grows with the value, so that
// a histogram has a fixed size and an error of at most 1/32.
package hist

import (
	"math/bits"
	"sync/atomic"
	"time"
)

// region hist
const (
	fine    = 5 // 32 buckets for each doubling
	buckets = (64 - fine) << fine
)

// Histogram may be written by many goroutines at once. It allocates nothing.
type Histogram struct {
	count [buckets]atomic.Uint64
}

func index(nanos uint64) int {
	if nanos < 1<<fine {
		return int(nanos)
	}
	shift := bits.Len64(nanos) - fine - 1
	return shift<<fine + int(nanos>>shift)
}

// Record counts one duration. Give it the time since the event was due, not since
// it was sent: else a stall hides the events that it held up.
func (h *Histogram) Record(d time.Duration) {
	h.count[index(uint64(max(d, 0)))].Add(1)
}

// Quantile is the upper edge of the bucket below which the share q of all lies.
func (h *Histogram) Quantile(q float64) time.Duration {
	var total, seen uint64
	for i := range h.count {
		total += h.count[i].Load()
	}
	for i := range h.count {
		seen += h.count[i].Load()
		if seen > 0 && float64(seen) >= q*float64(total) {
			return time.Duration(edge(i))
		}
	}
	return 0
}

// endregion hist

func edge(i int) uint64 {
	if i < 1<<fine {
		return uint64(i)
	}
	shift := i>>fine - 1
	return (uint64(i)-uint64(shift)<<fine+1)<<shift - 1
}

// Count is how many were recorded.
func (h *Histogram) Count() uint64 {
	var total uint64
	for i := range h.count {
		total += h.count[i].Load()
	}
	return total
}
