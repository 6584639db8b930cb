package store

import (
	"context"
	"slices"
	"time"

	"quotes/book"
	pb "quotes/quotespb"
)

// region repository
// Repository is what the pipeline needs of a database.
type Repository interface {
	// Write stores chunks; writing one again changes nothing.
	Write(ctx context.Context, chunks []Chunk) error
	// Page is chunks of a partition with from <= second <= to, newest first, and where
	// the next page begins; nil when there is none.
	Page(ctx context.Context, instrument uint32, bucket, from, to time.Time,
		page []byte) (chunks []Chunk, next []byte, err error)
}

// Widths gives each instrument the width of its buckets: a partition has to stay small.
type Widths struct {
	Busy    map[uint32]bool
	Default time.Duration // one hour
	OfBusy  time.Duration // one minute
}

func (w Widths) Bucket(instrument uint32, at time.Time) time.Time {
	width := w.Default
	if w.Busy[instrument] {
		width = w.OfBusy
	}
	return at.UTC().Truncate(width)
}

// endregion repository

func (w Widths) before(instrument uint32, bucket time.Time) time.Time {
	return w.Bucket(instrument, bucket.Add(-time.Nanosecond))
}

// History answers the questions of the service from a repository.
type History struct {
	Repository Repository
	Widths     Widths
	Back       int // how many buckets to look back for a quote in force
}

// region asof
// AsOf is the quote in force at a moment: the newest not after it. It reads the
// newest rows of a bucket first, and goes back bucket by bucket.
func (h History) AsOf(
	ctx context.Context, instrument uint32, at time.Time,
) (*pb.Quote, error) {
	bucket := h.Widths.Bucket(instrument, at)
	for range h.Back {
		var page []byte
		for {
			chunks, next, err := h.Repository.Page(
				ctx, instrument, bucket, bucket, at, page)
			if err != nil {
				return nil, err
			}
			if quote := newest(chunks, at); quote != nil {
				return quote, nil
			}
			if next == nil {
				break
			}
			page = next
		}
		bucket = h.Widths.before(instrument, bucket)
	}
	return nil, nil
}

// endregion asof

func newest(chunks []Chunk, at time.Time) *pb.Quote {
	var found *pb.Quote
	for _, chunk := range chunks {
		if found != nil && chunk.Second.Unix() < int64(found.VenueNanos)/int64(time.Second) {
			break // chunks come newest first
		}
		quotes, err := Unpack(chunk)
		if err != nil {
			continue
		}
		for _, q := range quotes {
			early := int64(q.VenueNanos) <= at.UnixNano()
			if early && (found == nil || book.Of(found).Before(book.Of(q))) {
				found = q
			}
		}
	}
	return found
}

// Range is all quotes of an instrument in [from, to], oldest first, each once.
func (h History) Range(ctx context.Context, instrument uint32, from, to time.Time) ([]*pb.Quote, error) {
	var all []*pb.Quote
	for bucket := h.Widths.Bucket(instrument, to); ; bucket = h.Widths.before(instrument, bucket) {
		found, err := h.bucket(ctx, instrument, bucket, from, to)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
		if !bucket.After(from) {
			break
		}
	}
	slices.SortFunc(all, bySeq)
	return slices.CompactFunc(all, func(a, b *pb.Quote) bool { return book.Of(a) == book.Of(b) }), nil
}

func (h History) bucket(ctx context.Context, instrument uint32, bucket, from, to time.Time) ([]*pb.Quote, error) {
	var all []*pb.Quote
	var page []byte
	for {
		chunks, next, err := h.Repository.Page(ctx, instrument, bucket, from.Truncate(time.Second), to, page)
		if err != nil {
			return nil, err
		}
		for _, chunk := range chunks {
			quotes, err := Unpack(chunk)
			if err != nil {
				return nil, err
			}
			for _, q := range quotes {
				at := int64(q.VenueNanos)
				if at >= from.UnixNano() && at <= to.UnixNano() {
					all = append(all, q)
				}
			}
		}
		if next == nil {
			return all, nil
		}
		page = next
	}
}
