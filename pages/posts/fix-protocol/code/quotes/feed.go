package quotes

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"

	"fixquotes/fix"
	"fixquotes/fix44"
	"fixquotes/session"
)

// Feed is the one FIX session. A single goroutine owns its session, its book and its
// socket's writing side.
type Feed struct {
	Session *session.Session
	Book    *Book
	Hub     *Hub
	Symbols []string
	Alive   func() // called at least once a second while the session's goroutine runs

	requests int
}

// NewFeed subscribes to these symbols.
func NewFeed(config session.Config, hub *Hub, symbols ...string) *Feed {
	return &Feed{
		Session: session.New(config), Book: NewBook(), Hub: hub, Symbols: symbols, Alive: func() {},
	}
}

// Run keeps one connection, and says why it ended. Whoever calls it dials again, later each time.
func (f *Feed) Run(conn net.Conn) error {
	defer conn.Close()
	messages, broken := make(chan fix.Message), make(chan error, 1)
	done := make(chan struct{})
	defer close(done)
	go func() { broken <- read(conn, messages, done) }()
	err := f.converse(conn, messages, broken)
	f.Hub.Publish(f.Book.Distrust("")) // until the next snapshot, nothing here is known
	return err
}

// region converse

func (f *Feed) converse(
	conn net.Conn, messages <-chan fix.Message, broken <-chan error,
) error {
	ticks := time.NewTicker(time.Second)
	defer ticks.Stop()
	err := send(conn, f.Session.Logon(time.Now()))
	for err == nil {
		f.Alive() // for the watchdog
		select {
		case m := <-messages:
			err = f.receive(conn, m)
		case now := <-ticks.C:
			var due []fix.Message
			due, err = f.Session.Tick(now)
			err = errors.Join(err, send(conn, due...))
		case err = <-broken:
		}
	}
	return err
}

// endregion converse

func read(conn net.Conn, messages chan<- fix.Message, done <-chan struct{}) error {
	frames := bufio.NewScanner(conn)
	frames.Buffer(make([]byte, 0, 1<<16), 1<<17)
	frames.Split(fix.Split)
	for frames.Scan() {
		m, err := fix.Parse(frames.Bytes(), fix44.IsData)
		if err != nil {
			continue // garbled: its number will be missed, and asked for again
		}
		select {
		case messages <- m:
		case <-done:
			return nil
		}
	}
	if frames.Err() != nil {
		return frames.Err()
	}
	return io.EOF
}

func (f *Feed) receive(conn net.Conn, m fix.Message) error {
	now := time.Now()
	step, err := f.Session.Receive(m, now)
	if err != nil {
		text := err.Error()
		step.Send = append(step.Send, f.Session.Message(now, &fix44.Logout{Text: &text}))
		_ = send(conn, step.Send...) // a courtesy: the session is over
		return err
	}
	if err := send(conn, step.Send...); err != nil {
		return err
	}
	if step.Lost {
		f.Hub.Publish(f.Book.Distrust(f.Book.request))
	}
	if step.Deliver {
		if err := f.deliver(m, now); err != nil {
			return err
		}
	}
	if step.Refresh {
		return f.refresh(conn, now)
	}
	return nil
}

// region deliver

func (f *Feed) deliver(m fix.Message, now time.Time) error {
	var changed []Quote
	switch m.Type() {
	case "W":
		snapshot, err := fix44.DecodeMarketDataSnapshotFullRefresh(m)
		if err != nil {
			return err
		}
		changed, err = f.Book.Snapshot(snapshot, now)
		if err != nil {
			return err
		}
	case "X":
		increment, err := fix44.DecodeMarketDataIncrementalRefresh(m)
		if err != nil {
			return err
		}
		changed, err = f.Book.Increment(increment, now)
		if err != nil {
			return err
		}
	case "3", "j", "Y": // three ways to reject a request: no quotes will come
		return fmt.Errorf("the request was rejected: %s", m.Value(fix44.TagText))
	}
	f.Hub.Publish(changed)
	return nil
}

// endregion deliver

// refresh ends the last subscription and asks anew, under another MDReqID.
func (f *Feed) refresh(conn net.Conn, now time.Time) error {
	if last := f.Book.request; last != "" {
		end := f.request(last, fix44.SubscriptionRequestTypeDisablePreviousSnapshot)
		if err := send(conn, f.Session.Message(now, end)); err != nil {
			return err
		}
	}
	f.requests++
	id := "quotes-" + strconv.Itoa(f.requests)
	f.Hub.Publish(f.Book.Distrust(id))
	begin := f.request(id, fix44.SubscriptionRequestTypeSnapshotAndUpdates)
	return send(conn, f.Session.Message(now, begin))
}

// region request

// request asks for the best bid and offer of each symbol, or ends asking.
func (f *Feed) request(
	id string, action fix44.SubscriptionRequestType,
) *fix44.MarketDataRequest {
	request := &fix44.MarketDataRequest{
		MDReqID:                 id,
		SubscriptionRequestType: action,
		MarketDepth:             1,
		MDUpdateType:            new(fix44.MDUpdateTypeIncrementalRefresh),
	}
	request.NoMDEntryTypes = []fix44.MDReqGrpNoMDEntryTypes{
		{MDEntryType: fix44.MDEntryTypeBid}, {MDEntryType: fix44.MDEntryTypeOffer},
	}
	for _, symbol := range f.Symbols {
		var related fix44.InstrmtMDReqGrpNoRelatedSym
		related.Symbol = &symbol
		request.NoRelatedSym = append(request.NoRelatedSym, related)
	}
	return request
}

// endregion request

// send may hold the session's goroutine for five seconds, no longer: the venue has then
// stopped reading, and the connection is given up.
func send(conn net.Conn, messages ...fix.Message) error {
	if err := conn.SetWriteDeadline(time.Now().Add(5 * time.Second)); err != nil {
		return err
	}
	for _, m := range messages {
		if _, err := conn.Write(fix.Encode(m)); err != nil {
			return err
		}
	}
	return nil
}
