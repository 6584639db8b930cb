// Package book keeps the newest quote of each instrument and decides what a quote
// that arrives means: new, old, or the end of a gap. It knows no network and no clock.
package book

import pb "quotes/quotespb"

// region position
// Position is how far somebody has come in one instrument's quotes.
type Position struct {
	Epoch uint32
	Seq   uint64
}

// Before says whether p lies strictly before q: a later epoch beats any number.
func (p Position) Before(q Position) bool {
	if p.Epoch != q.Epoch {
		return p.Epoch < q.Epoch
	}
	return p.Seq < q.Seq
}

// Of is the position of a quote.
func Of(q *pb.Quote) Position { return Position{q.Epoch, q.Seq} }

// endregion position

// region apply
// Change is a quote that was news, with what was missing before it. Lost counts all
// quotes of the epoch that the book never saw, up to this one.
type Change struct {
	Quote *pb.Quote
	Lost  uint64
}

// Book is the newest state of every instrument. One goroutine owns it.
type Book struct {
	latest map[uint32]Change
}

func New() *Book { return &Book{latest: map[uint32]Change{}} }

// Apply takes a quote in. False: it is a repetition or older than what is known,
// and must go no further.
func (b *Book) Apply(q *pb.Quote) (Change, bool) {
	last, known := b.latest[q.Instrument]
	if known && !Of(last.Quote).Before(Of(q)) {
		return Change{}, false
	}
	change := Change{Quote: q}
	if known && last.Quote.Epoch == q.Epoch {
		change.Lost = last.Lost + q.Seq - last.Quote.Seq - 1
	}
	b.latest[q.Instrument] = change
	return change, true
}

// endregion apply

// Latest is the newest change of an instrument.
func (b *Book) Latest(instrument uint32) (Change, bool) {
	change, known := b.latest[instrument]
	return change, known
}
