package serve

import (
	"testing"
	"time"

	"quotes/book"
)

// region flow
// A reader that stops reading holds up nobody, and gets the newest when it goes on.
func TestAReaderThatStopsGetsTheNewestAndIsToldOfTheRest(t *testing.T) {
	s := start(t, time.Hour)
	stopped := watch(t, s.client(t, "ada"), 1)
	lively := watch(t, s.client(t, "ada"), 1)
	received := make(chan uint64, 1)
	go func() {
		for {
			update, err := next(lively)
			if err != nil {
				return
			}
			if update.Quote.Seq == 60_000 {
				received <- update.Quote.Seq
			}
		}
	}()
	for seq := range uint64(60_000) {
		s.log <- sample(1, seq+1)
	}
	<-received // while the other had not read a byte
	check := book.Checker{Genuine: book.Genuine}
	for check.Delivered == 0 || check.Positions()[0].Seq < 60_000 {
		update, err := next(stopped)
		if err != nil {
			t.Fatal(err)
		}
		if err := check.Take(update); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("delivered %d, conflated %d", check.Delivered, check.Skipped)
	if check.Skipped == 0 || check.Lost != 0 {
		t.Fatalf("%+v", check)
	}
}

// endregion flow
