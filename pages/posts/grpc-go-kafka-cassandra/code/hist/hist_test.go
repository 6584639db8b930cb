package hist

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

func TestQuantilesAreWithinAThirtySecondOfTheTruth(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var h Histogram
	var all []time.Duration
	for range 20000 {
		d := time.Duration(1) << random.IntN(36)
		d += time.Duration(random.Int64N(int64(d)))
		all = append(all, d)
		h.Record(d)
	}
	slices.Sort(all)
	for _, q := range []float64{0.5, 0.9, 0.99, 0.999, 1} {
		want := all[max(int(q*float64(len(all)))-1, 0)]
		got := h.Quantile(q)
		if got < want || float64(got) > float64(want)*(1+1.0/32)+1 {
			t.Errorf("quantile %v: got %v, want %v", q, got, want)
		}
	}
}

func TestRecordingAllocatesNothing(t *testing.T) {
	h := new(Histogram)
	if n := testing.AllocsPerRun(100, func() { h.Record(time.Millisecond) }); n != 0 {
		t.Error(n)
	}
}
