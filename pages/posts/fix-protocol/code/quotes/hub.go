package quotes

import (
	"bufio"
	"encoding/json"
	"io"
	"net"
	"sync"
	"time"
)

// Update is a published quote with its line of JSON, encoded once for all subscribers.
type Update struct {
	Quote Quote
	line  []byte
}

// NewUpdate encodes a quote.
func NewUpdate(quote Quote) *Update {
	line, err := json.Marshal(quote)
	if err != nil {
		panic(err) // a Quote holds nothing that JSON cannot
	}
	return &Update{quote, append(line, '\n')}
}

// Hub hands each published quote to every subscriber's mailbox, and keeps the latest for newcomers.
type Hub struct {
	Patience time.Duration // how long one write to a subscriber may take

	mu        sync.Mutex
	latest    map[string]*Update
	mailboxes map[*Mailbox]bool
}

// NewHub is a hub without subscribers.
func NewHub(patience time.Duration) *Hub {
	return &Hub{Patience: patience, latest: map[string]*Update{}, mailboxes: map[*Mailbox]bool{}}
}

// region publish

// Publish is called by the one writer. No subscriber can make it wait.
func (h *Hub) Publish(quotes []Quote) {
	for _, quote := range quotes {
		h.publish(NewUpdate(quote))
	}
}

func (h *Hub) publish(update *Update) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.latest[update.Quote.Symbol] = update
	for mailbox := range h.mailboxes {
		mailbox.Put(update)
	}
}

// subscribe fills a mailbox with what is known, under the lock that publish takes:
// no update can fall between the two.
func (h *Hub) subscribe() *Mailbox {
	h.mu.Lock()
	defer h.mu.Unlock()
	mailbox := NewMailbox()
	for _, update := range h.latest {
		mailbox.Put(update)
	}
	h.mailboxes[mailbox] = true
	return mailbox
}

// endregion publish

// Subscribers is how many are connected.
func (h *Hub) Subscribers() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.mailboxes)
}

func (h *Hub) leave(mailbox *Mailbox) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.mailboxes, mailbox)
}

// Accept serves subscribers until the listener is closed.
func (h *Hub) Accept(listener net.Listener) error {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return err
		}
		go h.serve(conn)
	}
}

// serve writes one subscriber's quotes, a JSON object a line, at the speed of its connection.
func (h *Hub) serve(conn net.Conn) {
	mailbox := h.subscribe()
	defer h.leave(mailbox)
	defer conn.Close()
	gone := make(chan struct{})
	go func() { // what a subscriber says is read and dropped, until it hangs up
		defer close(gone)
		_, _ = io.Copy(io.Discard, conn)
	}()
	lines := bufio.NewWriterSize(deadlined{conn, h.Patience}, 16<<10)
	for {
		select {
		case <-gone:
			return
		case <-mailbox.Ready():
		}
		if drain(mailbox, lines) != nil {
			return
		}
	}
}

// drain writes all that waits: many lines in one system call when the reader is behind.
func drain(mailbox *Mailbox, lines *bufio.Writer) error {
	for update, waiting := mailbox.Next(); waiting; update, waiting = mailbox.Next() {
		if _, err := lines.Write(update.line); err != nil {
			return err
		}
	}
	return lines.Flush()
}

// deadlined gives up on a write that takes longer than its patience.
type deadlined struct {
	net.Conn
	patience time.Duration
}

func (d deadlined) Write(lines []byte) (int, error) {
	if err := d.SetWriteDeadline(time.Now().Add(d.patience)); err != nil {
		return 0, err
	}
	return d.Conn.Write(lines)
}
