package fanout

import (
	"context"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"quotes/book"
	pb "quotes/quotespb"
)

func made(instrument, epoch uint32, seq uint64) *pb.Quote {
	return book.Made(instrument, book.Position{Epoch: epoch, Seq: seq}, time.Unix(1_800_000_000, 0))
}

func TestASplicedUpdateIsTheOneThatProtobufWouldWrite(t *testing.T) {
	for _, want := range []*pb.Update{
		{Quote: made(1, 1, 5)},
		{Quote: made(1, 1, 5), Skipped: 300, Lost: 2},
		{Quote: made(9, 2, 1), Restarted: true},
	} {
		frame, err := Encode(book.Change{Quote: want.Quote})
		if err != nil {
			t.Fatal(err)
		}
		got := new(pb.Update)
		if err := proto.Unmarshal(append(frame.Shared, Tail(want)...), got); err != nil {
			t.Fatal(err)
		}
		if !proto.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	}
}

func TestAMailboxHoldsOneQuoteOfEachInstrumentAndServesThemInTurn(t *testing.T) {
	hub, mailbox := NewHub(), NewMailbox([]uint32{1, 2}, nil)
	defer hub.Join(mailbox, []uint32{1, 2})()
	for seq := range uint64(1000) {
		hub.publish(made(1, 1, seq+1))
		hub.publish(made(3, 1, seq+1)) // not subscribed
	}
	hub.publish(made(2, 1, 1))
	if mailbox.Len() != 2 {
		t.Fatal(mailbox.Len())
	}
	_, first, _ := mailbox.Take()
	_, second, _ := mailbox.Take()
	if first.Quote.Seq != 1000 || second.Quote.Instrument != 2 {
		t.Fatal(first, second)
	}
}

// Readers join, read at their own pace and leave, while the log runs.
func TestReadersOfAnyPaceSeeTheThreeRulesKept(t *testing.T) {
	hub := NewShards(2)
	log := make(chan *pb.Quote, 16)
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	all.Go(func() { hub.Run(ctx, log) })
	for pace := range 4 {
		all.Go(func() {
			check := book.Checker{Genuine: book.Genuine}
			mailbox := NewMailbox([]uint32{1, 2, 3}, nil)
			defer hub.Join(mailbox)()
			for {
				select {
				case <-ctx.Done():
					return
				case <-mailbox.Wake():
				}
				for _, update, any := mailbox.Take(); any; _, update, any = mailbox.Take() {
					if err := check.Take(update); err != nil {
						t.Error(err)
					}
					time.Sleep(time.Duration(pace) * 100 * time.Microsecond)
				}
			}
		})
	}
	for seq := range uint64(5000) {
		if seq%700 != 3 { // lost before the hub
			log <- made(uint32(1+seq%3), uint32(1+seq/2500), seq/3+1)
		}
	}
	cancel()
	all.Wait()
	if hub.Readers() != 0 {
		t.Error("somebody stayed")
	}
}

func TestAReaderThatComesBackAheadOfItsNewServerHearsNothingOld(t *testing.T) {
	hub := NewHub() // this server lags
	hub.publish(made(1, 1, 40))
	mailbox := NewMailbox([]uint32{1}, map[uint32]book.Position{1: {Epoch: 1, Seq: 50}})
	defer hub.Join(mailbox, []uint32{1})()
	hub.publish(made(1, 1, 50))
	if _, update, any := mailbox.Take(); any {
		t.Fatal(update)
	}
	hub.publish(made(1, 1, 53))
	_, update, any := mailbox.Take()
	if !any || update.Skipped != 2 {
		t.Fatal(update)
	}
}

func BenchmarkSpliced(b *testing.B) {
	frame, _ := Encode(book.Change{Quote: made(1, 1, 5)})
	update := &pb.Update{Quote: frame.Change.Quote, Skipped: 3}
	b.ReportAllocs()
	for b.Loop() {
		Tail(update)
	}
}

func BenchmarkMarshalled(b *testing.B) {
	update := &pb.Update{Quote: made(1, 1, 5), Skipped: 3}
	b.ReportAllocs()
	for b.Loop() {
		proto.Marshal(update)
	}
}
