package fanout

import (
	"context"
	"sync"
	"time"

	"quotes/book"
	pb "quotes/quotespb"
)

// region hub
// Hub applies each quote of the log once, and puts what is news into the mailboxes
// of those who asked for it.
type Hub struct {
	mu      sync.RWMutex
	book    *book.Book
	frames  map[uint32]*Frame
	readers map[uint32]map[*Mailbox]struct{} // by instrument
	heard   time.Time
}

// Run ends with the log or the context. One goroutine runs it.
func (h *Hub) Run(ctx context.Context, log <-chan *pb.Quote) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case quote, open := <-log:
			if !open {
				return nil
			}
			if err := h.publish(quote); err != nil {
				return err
			}
		}
	}
}

func (h *Hub) publish(quote *pb.Quote) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.heard = time.Now()
	change, news := h.book.Apply(quote)
	if !news {
		return nil
	}
	frame, err := Encode(change)
	if err != nil {
		return err
	}
	h.frames[quote.Instrument] = frame
	for mailbox := range h.readers[quote.Instrument] {
		mailbox.Put(frame)
	}
	return nil
}

// endregion hub

func NewHub() *Hub {
	return &Hub{
		book:    book.New(),
		frames:  map[uint32]*Frame{},
		readers: map[uint32]map[*Mailbox]struct{}{},
		heard:   time.Now(),
	}
}

// region join
// Join adds a reader for some of its instruments: what is known now waits for it
// already, and no quote falls between that state and the changes. Call leave when the
// reader has gone.
func (h *Hub) Join(m *Mailbox, instruments []uint32) (leave func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, id := range instruments {
		if h.readers[id] == nil {
			h.readers[id] = map[*Mailbox]struct{}{}
		}
		h.readers[id][m] = struct{}{}
		if frame := h.frames[id]; frame != nil {
			m.Put(frame)
		}
	}
	return func() { h.remove(m) }
}

// endregion join

func (h *Hub) remove(m *Mailbox) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, readers := range h.readers {
		delete(readers, m)
	}
}

// Silence is how long the log has brought nothing.
func (h *Hub) Silence() time.Duration {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return time.Since(h.heard)
}

// Readers is how many mailboxes the hub feeds, counted once per instrument.
func (h *Hub) Readers() int {
	h.mu.RLock()
	defer h.mu.RUnlock()
	n := 0
	for _, readers := range h.readers {
		n += len(readers)
	}
	return n
}
