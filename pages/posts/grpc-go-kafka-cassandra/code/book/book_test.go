package book

import (
	"math/rand/v2"
	"testing"
	"time"

	pb "quotes/quotespb"
)

func quote(instrument, epoch uint32, seq uint64) *pb.Quote {
	return Made(instrument, Position{epoch, seq}, time.Unix(1_800_000_000, int64(seq)))
}

// The three rules, for any way in which a log may be repeated, cut and read slowly.
func TestNoQuoteGoesBackNoneIsInventedAndEveryGapIsTold(t *testing.T) {
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 1))
		b, check := New(), Checker{Genuine: Genuine}
		seen := map[uint32]Seen{}
		for _, q := range mangled(random) {
			change, news := b.Apply(q)
			if !news || random.IntN(3) == 0 { // a slow reader skips some
				continue
			}
			if err := check.Take(Between(seen[q.Instrument], change)); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			seen[q.Instrument] = Seen{Of(q), change.Lost}
		}
		if check.Delivered == 0 || check.Lost > check.Skipped {
			t.Fatalf("seed %d: %+v", seed, check)
		}
	}
}

// mangled is a log of three instruments and up to four epochs, in which stretches are
// lost, and stretches are sent again.
func mangled(random *rand.Rand) []*pb.Quote {
	var log []*pb.Quote
	for epoch := range uint32(1 + random.IntN(4)) {
		for seq := range uint64(60) {
			for instrument := range uint32(3) {
				log = append(log, quote(instrument+1, epoch+1, seq+1))
			}
		}
	}
	for range 5 {
		from := random.IntN(len(log) - 9)
		to := from + random.IntN(9)
		if random.IntN(2) == 0 {
			log = append(log[:from:from], log[to:]...)
		} else {
			log = append(log[:to:to], log[from:]...)
		}
	}
	return log
}

func TestTheCheckerForgivesNothing(t *testing.T) {
	begin := &pb.Update{Quote: quote(1, 1, 5)}
	forged := quote(1, 1, 6)
	forged.Bid++
	for name, bad := range map[string]*pb.Update{
		"the same again":            {Quote: quote(1, 1, 5)},
		"an older one":              {Quote: quote(1, 1, 4)},
		"an older epoch":            {Quote: quote(1, 0, 9)},
		"a silent gap":              {Quote: quote(1, 1, 7)},
		"a gap told wrongly":        {Quote: quote(1, 1, 8), Skipped: 1},
		"an invented price":         {Quote: forged},
		"a silent restart":          {Quote: quote(1, 2, 1)},
		"more lost than is missing": {Quote: quote(1, 1, 7), Skipped: 1, Lost: 2},
	} {
		check := Checker{Genuine: Genuine}
		if err := check.Take(begin); err != nil {
			t.Fatal(err)
		}
		if check.Take(bad) == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestWhatWasLostBeforeTheServerIsToldApartFromWhatWasConflated(t *testing.T) {
	b := New()
	b.Apply(quote(1, 1, 1))
	seen := Seen{Position{1, 1}, 0}
	b.Apply(quote(1, 1, 2))
	change, _ := b.Apply(quote(1, 1, 6)) // 3, 4 and 5 never came
	update := Between(seen, change)
	if update.Skipped != 4 || update.Lost != 3 {
		t.Fatalf("skipped %d, lost %d", update.Skipped, update.Lost)
	}
}
