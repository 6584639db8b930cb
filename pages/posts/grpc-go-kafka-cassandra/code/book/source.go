package book

import (
	"time"

	pb "quotes/quotespb"
)

// Made is the quote that the simulated venue sends at a position. Its prices follow
// from the position alone, so that a reader can tell a genuine quote from any other.
func Made(instrument uint32, p Position, at time.Time) *pb.Quote {
	step := int64(mix(uint64(instrument)<<32^p.Seq^uint64(p.Epoch)<<20) % 41)
	mid := 100_000 + int64(instrument)*10 + int64(p.Seq%2000) + step
	return &pb.Quote{
		Instrument: instrument, Epoch: p.Epoch, Seq: p.Seq,
		VenueNanos: uint64(at.UnixNano()), IngestNanos: uint64(at.UnixNano()),
		Bid: mid - 1, Ask: mid + 1 + step%3,
		BidSize: uint32(100 + 10*step), AskSize: uint32(500 - 10*step),
		Condition: pb.Condition_CONDITION_FIRM,
	}
}

// Genuine says whether the simulated venue sent this quote.
func Genuine(q *pb.Quote) bool {
	m := Made(q.Instrument, Of(q), time.Unix(0, int64(q.VenueNanos)))
	return m.Bid == q.Bid && m.Ask == q.Ask && m.BidSize == q.BidSize && m.AskSize == q.AskSize
}

func mix(x uint64) uint64 { // splitmix64
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
