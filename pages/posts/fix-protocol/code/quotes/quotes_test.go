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
)

func message(pipes string) (m fix.Message) {
	for _, pair := range strings.Split(pipes, "|") {
		var tag int
		var value string
		fmt.Sscanf(pair, "%d=%s", &tag, &value)
		m = append(m, fix.Field{Tag: tag, Value: value})
	}
	return m
}

func bookOf(t *testing.T, messages ...string) *Book {
	t.Helper()
	book := NewBook(fix.Quotes44())
	book.Distrust("r")
	for _, m := range messages {
		if _, err := book.Apply(message(m), time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	return book
}

const snapshot = "35=W|262=r|55=A|268=2|269=0|270=1.10|269=1|270=1.20"

func TestAnEntryWithoutSymbolIsAboutTheOneBefore(t *testing.T) {
	book := bookOf(t, snapshot, "35=X|262=r|268=2|279=1|269=0|55=A|270=1.11|279=0|269=1|270=1.19")
	if got := book.latest["A"]; got.Bid != "1.11" || got.Offer != "1.19" {
		t.Fatal(got)
	}
}

func TestAnEntryThatOnlyAnMDEntryIDWouldIdentifyIsRefused(t *testing.T) {
	for _, unnamed := range []string{
		"35=X|262=r|268=1|279=0|269=0|270=1", "35=X|262=r|268=2|279=1|269=0|55=A|270=1|279=1|269=1|270=2",
	} {
		if _, err := bookOf(t, snapshot).Apply(message(unnamed), time.Now()); err == nil {
			t.Fatalf("%s was taken for granted", unnamed)
		}
	}
}

func TestADeletedEntryIsGoneAndTrailingZerosStay(t *testing.T) {
	book := bookOf(t, snapshot, "35=X|268=1|279=2|269=1|55=A")
	if got := book.latest["A"]; got.Bid != "1.10" || got.Offer != "" {
		t.Fatal(got)
	}
}

func TestOnlyTheSnapshotOfThePresentRequestMakesAQuoteFreshAgain(t *testing.T) {
	book := bookOf(t, snapshot)
	book.Distrust("r2")
	for _, late := range []string{snapshot, "35=X|262=r2|268=1|279=1|269=0|55=A|270=9"} {
		book.Apply(message(late), time.Now())
		if !book.latest["A"].Stale {
			t.Fatalf("%s made it fresh", late)
		}
	}
	book.Apply(message(strings.Replace(snapshot, "262=r", "262=r2", 1)), time.Now())
	if got := book.latest["A"]; got.Stale || got.Bid != "1.10" {
		t.Fatal(got)
	}
}

func TestAMailboxKeepsTheNewestOfEachSymbolInTheOrderOfWaiting(t *testing.T) {
	box := NewMailbox()
	for i := 0; i < 1000; i++ {
		box.Put(Quote{Symbol: "B", Bid: fmt.Sprint(i)})
		box.Put(Quote{Symbol: "A", Bid: fmt.Sprint(i)})
	}
	first, _ := box.Next()
	box.Put(Quote{Symbol: "B"})
	second, _ := box.Next()
	if first.Symbol != "B" || first.Bid != "999" || second.Symbol != "A" || box.Len() != 1 {
		t.Fatal(first, second, box.Len())
	}
}

func TestASubscriberThatDoesNotReadIsCutOffAndTheOthersAreServed(t *testing.T) {
	hub := NewHub(100 * time.Millisecond)
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
	go func() { // a wide quote fills the idle one's socket buffers soon
		for i := 0; i < 100000 && hub.Subscribers() != 1; i++ {
			hub.Publish([]Quote{{Symbol: "A", Bid: strings.Repeat("9", 4096), Offer: fmt.Sprint(i)}})
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

// venue is the other side of a session, played from a script; it speaks through the same codec.
type venue struct {
	t      *testing.T
	conn   net.Conn
	frames *bufio.Scanner
}

func (v *venue) expect(msgType string) fix.Message {
	v.t.Helper()
	v.conn.SetDeadline(time.Now().Add(5 * time.Second))
	if !v.frames.Scan() {
		v.t.Fatalf("waiting for %q: %v", msgType, v.frames.Err())
	}
	m, err := fix.Quotes44().Parse(v.frames.Bytes())
	if err != nil || m.Type() != msgType {
		v.t.Fatalf("want %q, got %v, %v", msgType, m, err)
	}
	return m
}

func (v *venue) say(pipes string) { v.conn.Write(fix.Encode(message(pipes))) }

func TestALostMessageMakesQuotesStaleUntilANewSnapshot(t *testing.T) {
	ours, theirs := net.Pipe()
	hub := NewHub(time.Second)
	box := hub.subscribe()
	go NewFeed("QUOTED", "VENUE", 10*time.Second, hub, "A").Run(ours)
	v := &venue{t, theirs, bufio.NewScanner(theirs)}
	v.frames.Split(fix.Split)
	defer theirs.Close()

	v.expect("A")
	v.say("35=A|34=1|98=0|108=10|141=Y")
	first := v.expect("V").Value(mdReqID)
	v.say("35=W|34=2|262=" + first + "|55=A|268=1|269=0|270=1.10")
	await(t, box, "1.10", false)
	v.say("35=X|34=4|262=" + first + "|268=1|279=1|269=0|55=A|270=1.12")
	if request := v.expect("2"); request.Value(fix.BeginSeqNo) != "3" {
		t.Fatal(request)
	}
	await(t, box, "1.10", true)
	go v.say("35=4|34=3|43=Y|123=Y|36=5")
	if end := v.expect("V"); end.Value(263) != "2" || end.Value(mdReqID) != first {
		t.Fatal(end)
	}
	second := v.expect("V").Value(mdReqID)
	v.say("35=W|34=5|262=" + second + "|55=A|268=1|269=0|270=1.13")
	await(t, box, "1.13", false)
}

func await(t *testing.T, box *Mailbox, bid string, stale bool) {
	t.Helper()
	for deadline := time.After(5 * time.Second); ; {
		select {
		case <-box.Ready():
		case <-deadline:
			t.Fatalf("no quote %s, stale %v", bid, stale)
		}
		for quote, waiting := box.Next(); waiting; quote, waiting = box.Next() {
			if quote.Bid == bid && quote.Stale == stale {
				return
			}
		}
	}
}
