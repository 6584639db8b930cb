package quotes

import (
	"encoding/json"
	"net"
	"sync"
	"time"
)

// Hub hands each published quote to every subscriber's mailbox, and keeps the latest for newcomers.
type Hub struct {
	Patience time.Duration // how long one write to a subscriber may take

	mu        sync.Mutex
	latest    map[string]Quote
	mailboxes map[*Mailbox]bool
}

// NewHub is a hub without subscribers.
func NewHub(patience time.Duration) *Hub {
	return &Hub{Patience: patience, latest: map[string]Quote{}, mailboxes: map[*Mailbox]bool{}}
}

// Publish is called by the one writer. Its cost does not depend on how slow a subscriber is.
func (h *Hub) Publish(quotes []Quote) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, quote := range quotes {
		h.latest[quote.Symbol] = quote
		for mailbox := range h.mailboxes {
			mailbox.Put(quote)
		}
	}
}

// Subscribers is how many are connected.
func (h *Hub) Subscribers() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.mailboxes)
}

// subscribe fills a mailbox with what is known, under the lock that Publish takes:
// no update can fall between the two.
func (h *Hub) subscribe() *Mailbox {
	h.mu.Lock()
	defer h.mu.Unlock()
	mailbox := NewMailbox()
	for _, quote := range h.latest {
		mailbox.Put(quote)
	}
	h.mailboxes[mailbox] = true
	return mailbox
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
	go func() { conn.Read(make([]byte, 1)); close(gone) }() // a subscriber has nothing to say: any end is its end
	lines := json.NewEncoder(conn)
	for {
		select {
		case <-gone:
			return
		case <-mailbox.Ready():
		}
		for quote, waiting := mailbox.Next(); waiting; quote, waiting = mailbox.Next() {
			conn.SetWriteDeadline(time.Now().Add(h.Patience))
			if lines.Encode(quote) != nil {
				return
			}
		}
	}
}
