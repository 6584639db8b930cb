package quotes

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"fixquotes/fix"
	"fixquotes/fix44"
	"fixquotes/session"
)

func message(pipes string) (m fix.Message) {
	for _, pair := range strings.Split(pipes, "|") {
		var field fix.Field
		fmt.Sscanf(pair, "%d=%s", &field.Tag, &field.Value)
		m = append(m, field)
	}
	return m
}

// apply decodes a message and applies it, as Feed.deliver does.
func apply(book *Book, pipes string, now time.Time) ([]Quote, error) {
	m := message(pipes)
	if m.Type() == "W" {
		snapshot, err := fix44.DecodeMarketDataSnapshotFullRefresh(m)
		if err != nil {
			return nil, err
		}
		return book.Snapshot(snapshot, now)
	}
	increment, err := fix44.DecodeMarketDataIncrementalRefresh(m)
	if err != nil {
		return nil, err
	}
	return book.Increment(increment, now)
}

func bookOf(t *testing.T, messages ...string) *Book {
	t.Helper()
	book := NewBook()
	book.Distrust("r")
	for _, m := range messages {
		if _, err := apply(book, m, noon); err != nil {
			t.Fatal(m, err)
		}
	}
	return book
}

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

const (
	snapshot = "35=W|52=20261125-11:59:58|262=r|55=A|268=2|269=0|270=1.10|271=300|269=1|270=1.20|271=500"
	changed  = "35=X|52=20261125-11:59:59|262=r|268=1|279=1|269=0|55=A|"
)

func TestAQuoteHasPricesSizesAndTheVenuesTime(t *testing.T) {
	want := Quote{
		Symbol: "A", Bid: "1.10", BidSize: "300", Offer: "1.20", OfferSize: "500",
		VenueTime: noon.Add(-2 * time.Second), Received: noon,
	}
	if got := bookOf(t, snapshot).latest["A"]; got != want {
		t.Fatal(got)
	}
}

func TestAnEntryWithoutSymbolIsAboutTheOneBefore(t *testing.T) {
	book := bookOf(t, snapshot, "35=X|262=r|268=2|279=1|269=0|55=A|270=1.11|279=0|269=1|270=1.19")
	if got := book.latest["A"]; got.Bid != "1.11" || got.Offer != "1.19" {
		t.Fatal(got)
	}
}

func TestAChangeKeepsWhatItDoesNotName(t *testing.T) {
	got := bookOf(t, snapshot, changed+"271=200").latest["A"]
	if got.Bid != "1.10" || got.BidSize != "200" {
		t.Fatal(got)
	}
	got = bookOf(t, snapshot, changed+"270=1.11").latest["A"]
	if got.Bid != "1.11" || got.BidSize != "300" {
		t.Fatal(got)
	}
}

func TestAnEntryThatOnlyAnMDEntryIDWouldIdentifyIsRefusedAndChangesNothing(t *testing.T) {
	for _, unnamed := range []string{
		"35=X|262=r|268=1|279=0|269=0|270=1", "35=X|262=r|268=2|279=1|269=0|55=A|270=1|279=1|269=1|270=2",
	} {
		book := bookOf(t, snapshot)
		if _, err := apply(book, unnamed, noon); err == nil || book.latest["A"].Bid != "1.10" {
			t.Fatalf("%s was taken for granted", unnamed)
		}
	}
}

func TestADeletedEntryIsGoneAndTrailingZerosStay(t *testing.T) {
	book := bookOf(t, snapshot, "35=X|268=1|279=2|269=1|55=A")
	if got := book.latest["A"]; got.Bid != "1.10" || got.Offer != "" || got.OfferSize != "" {
		t.Fatal(got)
	}
}

func TestATradeOrAnUnknownSymbolChangesNoQuote(t *testing.T) {
	book := bookOf(t, snapshot)
	for _, other := range []string{
		"35=X|268=1|279=0|269=2|55=A|270=1.15|271=10", "35=X|268=1|279=0|269=0|55=NEW|270=1",
	} {
		if quotes, err := apply(book, other, noon.Add(time.Hour)); err != nil || len(quotes) != 0 {
			t.Fatal(other, quotes, err)
		}
	}
	if got := book.latest["A"]; got.Received != noon {
		t.Fatal("a trade made the quote look newer", got)
	}
}

func TestTheVenuesTimeIsTheEntrysOrElseTheMessagesFirstSending(t *testing.T) {
	day := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	for pipes, want := range map[string]time.Time{
		"52=20261125-10:00:00":                                day.Add(10 * time.Hour),
		"52=20261125-10:00:00|43=Y|122=20261125-09:00:00":     day.Add(9 * time.Hour),
		"52=20261125-10:00:00|TIME|273=09:59:59.5":            day.Add(10*time.Hour - 500*time.Millisecond),
		"52=20261125-10:00:00|TIME|272=20261124|273=23:00:00": day.Add(-time.Hour),
		"52=20261125-00:00:00.1|TIME|273=23:59:59.9":          day.Add(-100 * time.Millisecond),
	} {
		header, entry, _ := strings.Cut(pipes, "|TIME|")
		pipes := strings.TrimSuffix("35=X|"+header+"|268=1|279=1|269=0|55=A|270=1|"+entry, "|")
		if got := bookOf(t, snapshot, pipes).latest["A"].VenueTime; !got.Equal(want) {
			t.Errorf("%s: %v, want %v", pipes, got, want)
		}
	}
}

func TestOnlyTheSnapshotOfThePresentRequestMakesAQuoteFreshAgain(t *testing.T) {
	book := bookOf(t, snapshot)
	book.Distrust("r2")
	for _, late := range []string{snapshot, "35=X|262=r2|268=1|279=1|269=0|55=A|270=9"} {
		if _, err := apply(book, late, noon); err != nil || !book.latest["A"].Stale {
			t.Fatalf("%s made it fresh, %v", late, err)
		}
	}
	if _, err := apply(book, strings.Replace(snapshot, "262=r", "262=r2", 1), noon); err != nil {
		t.Fatal(err)
	}
	if got := book.latest["A"]; got.Stale || got.Bid != "1.10" {
		t.Fatal(got)
	}
}

func TestAMailboxKeepsTheNewestOfEachSymbolInTheOrderOfWaiting(t *testing.T) {
	box := NewMailbox()
	for i := range 1000 {
		box.Put(NewUpdate(Quote{Symbol: "B", Bid: fix.Decimal(fmt.Sprint(i))}))
		box.Put(NewUpdate(Quote{Symbol: "A", Bid: fix.Decimal(fmt.Sprint(i))}))
	}
	first, _ := box.Next()
	box.Put(NewUpdate(Quote{Symbol: "B"}))
	second, _ := box.Next()
	if first.Quote.Symbol != "B" || first.Quote.Bid != "999" || second.Quote.Symbol != "A" || box.Len() != 1 {
		t.Fatal(first, second, box.Len())
	}
}

func TestASubscriberThatDoesNotReadIsCutOffAndTheOthersAreServed(t *testing.T) {
	hub := NewHub(500 * time.Millisecond)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go hub.Accept(listener)
	idle, lively := dial(t, listener), dial(t, listener)
	defer idle.Close()
	defer lively.Close()
	for hub.Subscribers() != 2 {
		time.Sleep(time.Millisecond)
	}
	wide := fix.Decimal(strings.Repeat("9", 4096))
	go func() { // a wide quote fills the idle one's socket buffers soon
		for i := 0; i < 100000 && hub.Subscribers() != 1; i++ {
			hub.Publish([]Quote{{Symbol: "A", Bid: wide, Offer: fix.Decimal(fmt.Sprint(i))}})
			time.Sleep(50 * time.Microsecond)
		}
		hub.Publish([]Quote{{Symbol: "END"}})
	}()
	lively.SetDeadline(time.Now().Add(20 * time.Second))
	lines := json.NewDecoder(lively)
	for quote := (Quote{}); quote.Symbol != "END"; {
		if err := lines.Decode(&quote); err != nil {
			t.Fatal(err)
		}
	}
	if hub.Subscribers() != 1 {
		t.Fatal("the idle subscriber is still there")
	}
}

func dial(t *testing.T, listener net.Listener) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

var ours10 = session.Config{Sender: "QUOTED", Target: "VENUE", Heartbeat: 10 * time.Second}

// venue is the other side of a session, played from a script; it speaks through the same codec.
type venue struct {
	t      *testing.T
	conn   net.Conn
	frames *bufio.Scanner
}

func (v *venue) expect(msgType string) fix.Message {
	v.t.Helper()
	v.conn.SetDeadline(time.Now().Add(20 * time.Second))
	if !v.frames.Scan() {
		v.t.Fatalf("waiting for %q: %v", msgType, v.frames.Err())
	}
	m, err := fix.Parse(v.frames.Bytes(), fix44.IsData)
	if err != nil || m.Type() != msgType {
		v.t.Fatalf("want %q, got %v, %v", msgType, m, err)
	}
	return m
}

func (v *venue) say(pipes string) { v.conn.Write(fix.Encode(message(pipes))) }

func TestANewcomerGetsWhatIsKnownAndNoUpdateFallsBetween(t *testing.T) {
	hub := NewHub(time.Second)
	const symbols = 5000
	published := make(chan struct{})
	go func() { // each symbol is published once: whoever misses it misses it forever
		defer close(published)
		for i := range symbols {
			hub.Publish([]Quote{{Symbol: fmt.Sprint(i)}})
		}
	}()
	var newcomers []*Mailbox
	for range 50 { // each joins at another moment
		newcomers = append(newcomers, hub.subscribe())
	}
	<-published
	for i, box := range newcomers {
		if box.Len() != symbols {
			t.Fatalf("newcomer %d got %d of %d symbols", i, box.Len(), symbols)
		}
	}
}

func TestWhatASubscriberSaysIsDroppedAndItStays(t *testing.T) {
	hub := NewHub(time.Second)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go hub.Accept(listener)
	talker := dial(t, listener)
	defer talker.Close()
	fmt.Fprintln(talker, "GET / HTTP/1.1")
	time.Sleep(20 * time.Millisecond)
	hub.Publish([]Quote{{Symbol: "A", Bid: "1"}})
	talker.SetDeadline(time.Now().Add(20 * time.Second))
	var quote Quote
	if err := json.NewDecoder(talker).Decode(&quote); err != nil || quote.Bid != "1" {
		t.Fatal(quote, err)
	}
}

func TestALostMessageMakesQuotesStaleUntilANewSnapshot(t *testing.T) {
	ours, theirs := net.Pipe()
	hub := NewHub(time.Second)
	box := hub.subscribe()
	go NewFeed(ours10, hub, "A").Run(ours)
	v := &venue{t, theirs, bufio.NewScanner(theirs)}
	v.frames.Split(fix.Split)
	defer theirs.Close()

	v.expect("A")
	v.say("35=A|34=1|98=0|108=10|141=Y")
	first := v.expect("V").Value(fix44.TagMDReqID)
	v.say("35=W|34=2|262=" + first + "|55=A|268=1|269=0|270=1.10")
	await(t, box, "1.10", false)
	v.say("35=X|34=4|262=" + first + "|268=1|279=1|269=0|55=A|270=1.12")
	if request := v.expect("2"); request.Value(fix44.TagBeginSeqNo) != "3" {
		t.Fatal(request)
	}
	await(t, box, "1.10", true)
	go v.say("35=4|34=3|43=Y|123=Y|36=5")
	if end := v.expect("V"); end.Value(fix44.TagSubscriptionRequestType) != "2" || end.Value(fix44.TagMDReqID) != first {
		t.Fatal(end)
	}
	second := v.expect("V").Value(fix44.TagMDReqID)
	v.say("35=W|34=5|262=" + second + "|55=A|268=1|269=0|270=1.13")
	await(t, box, "1.13", false)
}

func await(t *testing.T, box *Mailbox, bid fix.Decimal, stale bool) {
	t.Helper()
	for deadline := time.After(20 * time.Second); ; {
		select {
		case <-box.Ready():
		case <-deadline:
			t.Fatalf("no quote %s, stale %v", bid, stale)
		}
		for update, waiting := box.Next(); waiting; update, waiting = box.Next() {
			if update.Quote.Bid == bid && update.Quote.Stale == stale {
				return
			}
		}
	}
}
