package quotes

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"

	"fixquotes/fix"
)

// Feed is the one FIX session. A single goroutine owns its session, its book and its socket's writing side.
type Feed struct {
	Session *fix.Session
	Book    *Book
	Hub     *Hub
	Symbols []string

	dictionary *fix.Dictionary
	requests   int
}

// NewFeed subscribes to these symbols as `sender` at `target`.
func NewFeed(sender, target string, heartbeat time.Duration, hub *Hub, symbols ...string) *Feed {
	dictionary := fix.Quotes44()
	session := &fix.Session{Sender: sender, Target: target, Heartbeat: heartbeat}
	return &Feed{Session: session, Book: NewBook(dictionary), Hub: hub, Symbols: symbols, dictionary: dictionary}
}

// Run keeps one connection, and says why it ended. Whoever calls it dials again, later each time.
func (f *Feed) Run(conn net.Conn) error {
	defer conn.Close()
	f.Hub.Publish(f.Book.Distrust(""))
	messages, broken := make(chan fix.Message), make(chan error, 1)
	done := make(chan struct{})
	defer close(done)
	go func() { broken <- f.read(conn, messages, done) }()
	ticks := time.NewTicker(f.Session.Heartbeat / 10)
	defer ticks.Stop()
	err := send(conn, f.Session.Logon(time.Now()))
	for err == nil {
		select {
		case m := <-messages:
			err = f.receive(conn, m)
		case now := <-ticks.C:
			var due []fix.Message
			if due, err = f.Session.Tick(now); err == nil {
				err = send(conn, due...)
			}
		case err = <-broken:
		}
	}
	f.Hub.Publish(f.Book.Distrust("")) // until the next snapshot, nothing here is known
	return err
}

func (f *Feed) read(conn net.Conn, messages chan<- fix.Message, done <-chan struct{}) error {
	frames := bufio.NewScanner(conn)
	frames.Buffer(make([]byte, 0, 1<<16), 1<<17)
	frames.Split(fix.Split)
	for frames.Scan() {
		m, err := f.dictionary.Parse(frames.Bytes())
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
		step.Send = append(step.Send, f.Session.Message(now, "5", fix.Field{Tag: fix.Text, Value: err.Error()}))
	}
	if failed := send(conn, step.Send...); failed != nil || err != nil {
		return firstOf(err, failed)
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

func (f *Feed) deliver(m fix.Message, now time.Time) error {
	switch m.Type() {
	case "W", "X":
		changed, err := f.Book.Apply(m, now)
		if err != nil {
			return err
		}
		f.Hub.Publish(changed)
	case "3", "j", "Y": // Reject, BusinessMessageReject, MarketDataRequestReject: no quotes will come
		return fmt.Errorf("the request was rejected: %s", m.Value(fix.Text))
	}
	return nil
}

// refresh ends the last subscription and asks anew: top of book (264=1), increments (265=1), bids and offers.
func (f *Feed) refresh(conn net.Conn, now time.Time) error {
	if f.Book.request != "" {
		if err := send(conn, f.request(now, "2", f.Book.request)); err != nil {
			return err
		}
	}
	f.requests++
	id := "quotes-" + strconv.Itoa(f.requests)
	f.Hub.Publish(f.Book.Distrust(id))
	return send(conn, f.request(now, "1", id))
}

func (f *Feed) request(now time.Time, action, id string) fix.Message {
	body := []fix.Field{
		{Tag: mdReqID, Value: id}, {Tag: 263, Value: action}, {Tag: 264, Value: "1"}, {Tag: 265, Value: "1"},
		{Tag: 267, Value: "2"}, {Tag: mdEntryType, Value: "0"}, {Tag: mdEntryType, Value: "1"},
		{Tag: 146, Value: strconv.Itoa(len(f.Symbols))},
	}
	for _, symbol := range f.Symbols {
		body = append(body, fix.Field{Tag: fix.Symbol, Value: symbol})
	}
	return f.Session.Message(now, "V", body...)
}

func send(conn net.Conn, messages ...fix.Message) error {
	for _, m := range messages {
		conn.SetWriteDeadline(time.Now().Add(5 * time.Second))
		if _, err := conn.Write(fix.Encode(m)); err != nil {
			return err
		}
	}
	return nil
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
