package store

import (
	"context"
	"fmt"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gocql/gocql"

	"quotes/cqlwire"
)

// session is the driver with our configuration, and the stand-in that writes down
// what it sends. No statement here was run by a Cassandra node.
func session(t *testing.T) (*Cassandra, *cqlwire.Server) {
	cassandra, servers := sessions(t, 1)
	return cassandra, servers[0]
}

// sessions has one or two stand-ins that name each other.
func sessions(t *testing.T, n int) (*Cassandra, []*cqlwire.Server) {
	first, err := cqlwire.Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	servers := []*cqlwire.Server{first}
	if n == 2 {
		second, err := cqlwire.Start(fmt.Sprintf("127.0.0.2:%d", first.Addr().Port))
		if err != nil {
			t.Skip("127.0.0.2 is no address of this machine")
		}
		first.Peer, second.Peer = net.IPv4(127, 0, 0, 2), net.IPv4(127, 0, 0, 1)
		servers = append(servers, second)
	}
	config := Cluster([]string{"127.0.0.1"}, "eu_west_1")
	config.Port = first.Addr().Port
	s, err := config.CreateSession()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	for _, server := range servers {
		t.Cleanup(func() { server.Close() })
	}
	return &Cassandra{s, widths, 4}, servers
}

const localQuorum, localSerial, writeTimeout = 0x0006, 0x0009, 0x1100

func TestAWriteAsksForTwoOfThreeAndCarriesItsTimestamp(t *testing.T) {
	cassandra, server := session(t)
	chunks := Chunks(day(20))
	if err := cassandra.Write(t.Context(), chunks); err != nil {
		t.Fatal(err)
	}
	sent := server.Executed()
	if len(sent) != len(chunks) {
		t.Fatal(len(sent), len(chunks))
	}
	for _, e := range sent {
		if e.Consistency != localQuorum || !e.HasTimestamp || len(e.Values) != 7 {
			t.Fatalf("%+v", e)
		}
	}
}

// region retry
// The driver's documentation says that a query that is not idempotent is not tried
// again. Version 1.7.0 sends it to the next node all the same: only the policy decides.
func TestARetryPolicyRepeatsWhateverItIsGiven(t *testing.T) {
	cassandra, servers := sessions(t, 2)
	for _, server := range servers {
		server.SetAnswer(func(cqlwire.Executed) (int32, string) {
			return writeTimeout, ""
		})
	}
	sent := func() int {
		return len(servers[0].Executed()) + len(servers[1].Executed())
	}
	insert := `INSERT INTO epochs (source, epoch, holder)
  VALUES (?, ?, ?) IF NOT EXISTS`
	query := cassandra.Session.Query(insert, "venue", 3, "pod-0").Idempotent(false)
	if _, err := query.MapScanCAS(map[string]any{}); err == nil || sent() != 2 {
		t.Fatal(sent(), err)
	}
	_, err := cassandra.Claim(t.Context(), "venue", 4, "pod-0")
	if err == nil || sent() != 3 { // ours was sent once
		t.Fatal(sent(), err)
	}
}

// endregion retry

func TestAWriteThatTimesOutIsRepeatedOnTheOtherNode(t *testing.T) {
	cassandra, servers := sessions(t, 2)
	var asked atomic.Int32
	for _, server := range servers {
		server.SetAnswer(func(cqlwire.Executed) (int32, string) {
			if asked.Add(1) == 1 {
				return writeTimeout, "the stand-in says so"
			}
			return 0, ""
		})
	}
	if err := cassandra.Write(t.Context(), Chunks(day(1))[:1]); err != nil || asked.Load() != 2 {
		t.Fatal(asked.Load(), err)
	}
}

func TestAClaimIsConditional(t *testing.T) {
	cassandra, server := session(t)
	applied, err := cassandra.Claim(t.Context(), "venue", 3, "pod-0")
	if err != nil || !applied {
		t.Fatal(applied, err)
	}
	sent := server.Executed()
	if len(sent) != 1 || sent[0].SerialConsistency != localSerial {
		t.Fatalf("%+v", sent)
	}
}

// A claim that timed out and was applied all the same is found, and not made again.
func TestATimedOutClaimIsLookedUpAsTheTransactionsRead(t *testing.T) {
	cassandra, server := session(t)
	server.SetAnswer(func(e cqlwire.Executed) (int32, string) {
		if len(e.Values) < 3 {
			return 0, "" // the question who has it
		}
		server.SetNewest(e.Values[1], e.Values[2])
		return writeTimeout, ""
	})
	epoch, err := NextEpoch(t.Context(), cassandra, "venue", "this start")
	if epoch != 1 || err != nil {
		t.Fatal(epoch, err)
	}
	sent := server.Executed()
	if len(sent) != 3 { // who has it, the claim, who has it
		t.Fatalf("%+v", sent)
	}
	for _, question := range []cqlwire.Executed{sent[0], sent[2]} {
		if question.Consistency != localSerial {
			t.Fatalf("%+v", question)
		}
	}
}

func TestPagesAreAskedForOneByOne(t *testing.T) {
	cassandra, server := session(t)
	var page []byte
	for n := 1; ; n++ {
		_, next, err := cassandra.Page(t.Context(), 1, opening, opening, opening, page)
		if err != nil {
			t.Fatal(err)
		}
		if next == nil {
			if n != 3 {
				t.Fatal(n)
			}
			break
		}
		page = next
	}
	for n, e := range server.Executed() {
		if e.PageSize != 100 || len(e.PagingState) != n {
			t.Fatalf("%+v", e)
		}
	}
}

// region null
func TestNilWritesATombstoneAndUnsetWritesNothing(t *testing.T) {
	cassandra, server := session(t)
	insert := `INSERT INTO epochs (source, epoch, holder) VALUES (?, ?, ?)`
	for _, holder := range []any{nil, gocql.UnsetValue} {
		err := cassandra.Session.Query(insert, "venue", 1, holder).Exec()
		if err != nil {
			t.Fatal(err)
		}
	}
	sent := server.Executed()
	if sent[0].Values[2] != nil || sent[0].Unset[2] || !sent[1].Unset[2] {
		t.Fatalf("%+v", sent)
	}
}

// endregion null

func TestTheCallersDeadlineEndsAQueryThatNobodyAnswers(t *testing.T) {
	cassandra, server := session(t)
	hold := make(chan struct{})
	t.Cleanup(func() { close(hold) })
	server.SetAnswer(func(cqlwire.Executed) (int32, string) { <-hold; return 0, "" })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, _, err := cassandra.Page(ctx, 1, opening, opening, opening, nil); err == nil {
		t.Fatal("answered?")
	}
	if ctx.Err() == nil {
		t.Fatal("the driver gave up for another reason")
	}
}
