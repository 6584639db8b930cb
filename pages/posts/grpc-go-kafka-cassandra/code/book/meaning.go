package book

import pb "quotes/quotespb"

// region between
// Seen is what a reader has been sent of an instrument.
type Seen struct {
	Position
	Lost uint64 // the book's count when it was sent
}

// Between says what an update to c means for a reader that has seen s; the zero
// Seen is a reader that has seen nothing, to whom nothing is missing.
func Between(s Seen, c Change) *pb.Update {
	update := &pb.Update{Quote: c.Quote}
	switch {
	case s.Position == Position{}:
	case s.Epoch != c.Quote.Epoch:
		update.Restarted = true
	default:
		update.Skipped = c.Quote.Seq - s.Seq - 1
		update.Lost = min(c.Lost-min(s.Lost, c.Lost), update.Skipped)
	}
	return update
}

// endregion between
