package book

import (
	"fmt"

	pb "quotes/quotespb"
)

// region check
// Checker is what a reader holds its stream against. It returns an error for an
// update that breaks one of the three rules, and never forgives one.
type Checker struct {
	Genuine func(*pb.Quote) bool // was this quote really sent by the source?
	seen    map[uint32]Position

	Delivered, Skipped, Lost, Restarts uint64
}

func (c *Checker) Take(u *pb.Update) error {
	q := u.Quote
	last, known := c.seen[q.Instrument]
	switch {
	case c.Genuine != nil && !c.Genuine(q):
		return fmt.Errorf("invented: %v", q)
	case known && !last.Before(Of(q)):
		return fmt.Errorf("back in time: %v after %v", q, last)
	case known && last.Epoch != q.Epoch && !u.Restarted:
		return fmt.Errorf("a new epoch that nobody announced: %v after %v", q, last)
	case known && last.Epoch == q.Epoch && q.Seq != last.Seq+u.Skipped+1:
		return fmt.Errorf("a gap that nobody told: %v after %v", u, last)
	case u.Lost > u.Skipped:
		return fmt.Errorf("more lost than skipped: %v", u)
	}
	c.note(u)
	return nil
}

// endregion check

func (c *Checker) note(u *pb.Update) {
	if c.seen == nil {
		c.seen = map[uint32]Position{}
	}
	c.seen[u.Quote.Instrument] = Of(u.Quote)
	c.Delivered++
	c.Skipped += u.Skipped
	c.Lost += u.Lost
	if u.Restarted {
		c.Restarts++
	}
}

// Positions is what the reader has seen, for its next request.
func (c *Checker) Positions() []*pb.Position {
	var after []*pb.Position
	for instrument, p := range c.seen {
		after = append(after, &pb.Position{Instrument: instrument, Epoch: p.Epoch, Seq: p.Seq})
	}
	return after
}
