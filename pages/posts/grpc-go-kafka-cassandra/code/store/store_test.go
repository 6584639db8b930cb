package store

import (
	"math/rand/v2"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"quotes/book"
	pb "quotes/quotespb"
)

var (
	opening = time.Unix(1_800_000_000, 0).UTC()
	widths  = Widths{Busy: map[uint32]bool{2: true}, Default: time.Hour, OfBusy: time.Minute}
)

func day(n int) []*pb.Quote {
	var quotes []*pb.Quote
	at := opening
	for seq := range uint64(n) {
		at = at.Add(time.Duration(1+seq%977) * time.Millisecond)
		for _, instrument := range []uint32{1, 2} {
			quotes = append(quotes, book.Made(instrument, book.Position{Epoch: 1, Seq: seq + 1}, at))
		}
	}
	return quotes
}

func TestWhatIsPackedComesBack(t *testing.T) {
	for _, chunk := range Chunks(day(500)) {
		quotes, err := Unpack(chunk)
		if err != nil || quotes[0].Seq != chunk.FirstSeq || quotes[len(quotes)-1].Seq != chunk.LastSeq {
			t.Fatal(chunk, err)
		}
		for _, q := range quotes {
			if !book.Genuine(q) || q.Epoch != 1 {
				t.Fatal(q)
			}
		}
	}
}

func TestARowHasNoHoles(t *testing.T) {
	quotes := day(300)
	quotes = append(quotes[:100:100], quotes[140:]...)
	for _, chunk := range Chunks(quotes) {
		held, _ := Unpack(chunk)
		if uint64(len(held)) != chunk.LastSeq-chunk.FirstSeq+1 {
			t.Fatal(len(held), chunk.FirstSeq, chunk.LastSeq)
		}
	}
}

func TestSpoiltChunksAreErrorsOrQuotesAndNeverAPanic(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	whole := Chunks(day(5))[0].Quotes
	for range 20_000 {
		spoilt := append([]byte(nil), whole[:random.IntN(len(whole)+1)]...)
		for range random.IntN(4) {
			if len(spoilt) > 0 {
				spoilt[random.IntN(len(spoilt))] = byte(random.Uint32())
			}
		}
		Unpack(Chunk{Quotes: spoilt})
	}
}

// A writer may die anywhere and its successor begins at the last commit.
func TestBatchesThatAreWrittenAgainChangeNoAnswer(t *testing.T) {
	quotes := day(400)
	once, often := NewModel(widths), NewModel(widths)
	write := func(m *Model, batch []*pb.Quote) { m.Write(t.Context(), Chunks(batch)) }
	write(once, quotes)
	random := rand.New(rand.NewPCG(3, 4))
	for at := 0; at < len(quotes); {
		end := min(at+random.IntN(90), len(quotes))
		write(often, quotes[at:end])
		if random.IntN(3) > 0 { // committed; else the next one begins at the same place
			at = end
		}
	}
	for _, instrument := range []uint32{1, 2} {
		want := ranged(t, once, instrument)
		got := ranged(t, often, instrument)
		if len(want) != 400 || len(got) != len(want) {
			t.Fatalf("%d and %d", len(got), len(want))
		}
		for i := range want {
			if !proto.Equal(got[i], want[i]) {
				t.Fatalf("%v, want %v", got[i], want[i])
			}
		}
	}
}

func ranged(t *testing.T, m *Model, instrument uint32) []*pb.Quote {
	quotes, err := History{m, widths, 3}.Range(t.Context(), instrument, opening, opening.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	return quotes
}

// The mistake that the key prevents: half a second written over a whole one.
func TestHalfAChunkDoesNotReplaceAWholeOne(t *testing.T) {
	model := NewModel(widths)
	second := day(1000)[:0:0]
	for seq := range uint64(10) {
		second = append(second, book.Made(1, book.Position{Epoch: 1, Seq: seq + 1}, opening))
	}
	model.Write(t.Context(), Chunks(second))
	model.Write(t.Context(), Chunks(second[6:]))
	if got := ranged(t, model, 1); len(got) != 10 {
		t.Fatal(len(got))
	}
}

func TestTheQuoteInForceIsFoundBucketsBack(t *testing.T) {
	model := NewModel(widths)
	quotes := day(300)
	model.Write(t.Context(), Chunks(quotes))
	history := History{model, widths, 3}
	for _, at := range []time.Duration{0, time.Second, time.Minute, 2 * time.Minute, 3 * time.Hour} {
		var want *pb.Quote
		for _, q := range quotes {
			if q.Instrument == 1 && int64(q.VenueNanos) <= opening.Add(at).UnixNano() {
				want = q
			}
		}
		if at > 2*time.Hour {
			want = nil // more than three buckets ago
		}
		got, err := history.AsOf(t.Context(), 1, opening.Add(at))
		if err != nil || !proto.Equal(got, want) {
			t.Errorf("%v: %v, want %v (%v)", at, got, want, err)
		}
	}
}

func TestRowsExpire(t *testing.T) {
	model := NewModel(widths)
	model.Write(t.Context(), Chunks(day(10)))
	model.Clock = func() time.Time { return time.Now().Add(31 * 24 * time.Hour) }
	if got := ranged(t, model, 1); len(got) != 0 {
		t.Error(got)
	}
}
