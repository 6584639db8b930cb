// Package store keeps quotes for questions about the past. Its tables are Cassandra's;
// the repository behind the interface is either the driver's or a model in memory.
package store

import (
	"encoding/binary"
	"errors"
	"slices"
	"time"

	"quotes/book"
	pb "quotes/quotespb"
)

// region chunk
// Chunk is one row: the quotes of one instrument in one second of the venue's clock.
type Chunk struct {
	Instrument        uint32
	Second            time.Time
	Epoch             uint32
	FirstSeq, LastSeq uint64
	Quotes            []byte
}

// Chunks cuts a batch of the log into rows. A row has no holes: what lies between its
// first and last number is there. A batch may begin in the middle of a second; its row
// then has another key than a whole one would have.
func Chunks(quotes []*pb.Quote) []Chunk {
	type key struct {
		instrument, epoch uint32
		second            int64
	}
	groups := map[key][]*pb.Quote{}
	for _, q := range quotes {
		k := key{q.Instrument, q.Epoch, int64(q.VenueNanos) / int64(time.Second)}
		groups[k] = append(groups[k], q)
	}
	chunks := make([]Chunk, 0, len(groups))
	for k, group := range groups {
		slices.SortFunc(group, bySeq)
		for _, run := range unbroken(group) {
			chunks = append(chunks, Chunk{
				Instrument: k.instrument, Epoch: k.epoch,
				Second:   time.Unix(k.second, 0).UTC(),
				FirstSeq: run[0].Seq, LastSeq: run[len(run)-1].Seq,
				Quotes: Pack(run),
			})
		}
	}
	return chunks
}

// endregion chunk

// unbroken cuts sorted quotes where a number is missing, and drops repetitions.
func unbroken(quotes []*pb.Quote) [][]*pb.Quote {
	quotes = slices.CompactFunc(quotes, func(a, b *pb.Quote) bool { return a.Seq == b.Seq })
	var runs [][]*pb.Quote
	start := 0
	for i := 1; i <= len(quotes); i++ {
		if i == len(quotes) || quotes[i].Seq != quotes[i-1].Seq+1 {
			runs = append(runs, quotes[start:i])
			start = i
		}
	}
	return runs
}

func bySeq(a, b *pb.Quote) int {
	switch pa, pb := book.Of(a), book.Of(b); {
	case pa.Before(pb):
		return -1
	case pb.Before(pa):
		return 1
	}
	return 0
}

// region pack
// Pack writes each field as the difference from the quote before, as a varint:
// prices that hardly move take one byte.
func Pack(quotes []*pb.Quote) []byte {
	packed := []byte{1} // the format's version
	packed = binary.AppendUvarint(packed, uint64(len(quotes)))
	last := new(pb.Quote)
	for _, q := range quotes {
		for _, difference := range fields(q, last) {
			packed = binary.AppendVarint(packed, difference)
		}
		last = q
	}
	return packed
}

func fields(q, last *pb.Quote) [8]int64 {
	return [8]int64{
		int64(q.Seq - last.Seq),
		int64(q.VenueNanos - last.VenueNanos),
		int64(q.IngestNanos-q.VenueNanos) - int64(last.IngestNanos-last.VenueNanos),
		q.Bid - last.Bid,
		(q.Ask - q.Bid) - (last.Ask - last.Bid),
		int64(q.BidSize) - int64(last.BidSize),
		int64(q.AskSize) - int64(last.AskSize),
		int64(q.Condition) - int64(last.Condition),
	}
}

// endregion pack

var errChunk = errors.New("a chunk that cannot be read")

// Unpack is the quotes of a chunk.
func Unpack(c Chunk) ([]*pb.Quote, error) {
	if len(c.Quotes) == 0 || c.Quotes[0] != 1 {
		return nil, errChunk
	}
	rest := c.Quotes[1:]
	count, n := binary.Uvarint(rest)
	if n <= 0 || count > uint64(len(rest)) {
		return nil, errChunk
	}
	rest = rest[n:]
	quotes := make([]*pb.Quote, 0, count)
	last := &pb.Quote{Instrument: c.Instrument, Epoch: c.Epoch}
	for range count {
		var d [8]int64
		for i := range d {
			if d[i], n = binary.Varint(rest); n <= 0 {
				return nil, errChunk
			}
			rest = rest[n:]
		}
		last = next(last, d)
		quotes = append(quotes, last)
	}
	return quotes, nil
}

func next(last *pb.Quote, d [8]int64) *pb.Quote {
	q := &pb.Quote{
		Instrument: last.Instrument, Epoch: last.Epoch,
		Seq:        last.Seq + uint64(d[0]),
		VenueNanos: last.VenueNanos + uint64(d[1]),
		Bid:        last.Bid + d[3],
		BidSize:    uint32(int64(last.BidSize) + d[5]),
		AskSize:    uint32(int64(last.AskSize) + d[6]),
		Condition:  pb.Condition(int64(last.Condition) + d[7]),
	}
	q.IngestNanos = q.VenueNanos + last.IngestNanos - last.VenueNanos + uint64(d[2])
	q.Ask = q.Bid + last.Ask - last.Bid + d[4]
	return q
}
