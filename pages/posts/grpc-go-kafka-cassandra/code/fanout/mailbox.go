// Package fanout carries changes from one log to many readers, each at its own pace.
package fanout

import (
	"sync"

	"quotes/book"
	pb "quotes/quotespb"
)

// region mailbox
// Mailbox holds, for one reader, the newest change of each instrument that it has
// not been sent. It is as large as the subscription, however slow the reader is.
type Mailbox struct {
	mu      sync.Mutex
	seen    map[uint32]book.Seen // what was sent, by instrument subscribed
	waiting map[uint32]*Frame    // what is to be sent
	order   []uint32             // whose turn it is
	wake    chan struct{}        // capacity 1: "look again"
}

// Put replaces what waits for the instrument. It never blocks.
func (m *Mailbox) Put(f *Frame) {
	m.mu.Lock()
	defer m.mu.Unlock()
	id := f.Change.Quote.Instrument
	seen, subscribed := m.seen[id]
	if !subscribed || !seen.Before(book.Of(f.Change.Quote)) {
		return
	}
	if m.waiting[id] == nil {
		m.order = append(m.order, id)
	}
	m.waiting[id] = f
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

// endregion mailbox

// region take
// Take gives the update that has waited longest, and what it means to this reader.
func (m *Mailbox) Take() (*Frame, *pb.Update, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.order) == 0 {
		return nil, nil, false
	}
	id := m.order[0]
	m.order = m.order[1:]
	frame := m.waiting[id]
	delete(m.waiting, id)
	update := book.Between(m.seen[id], frame.Change)
	sent := book.Of(frame.Change.Quote)
	m.seen[id] = book.Seen{Position: sent, Lost: frame.Change.Lost}
	return frame, update, true
}

// endregion take

// NewMailbox is for a reader of these instruments that has seen them this far.
func NewMailbox(instruments []uint32, after map[uint32]book.Position) *Mailbox {
	m := &Mailbox{
		seen:    make(map[uint32]book.Seen, len(instruments)),
		waiting: make(map[uint32]*Frame, len(instruments)),
		wake:    make(chan struct{}, 1),
	}
	for _, id := range instruments {
		m.seen[id] = book.Seen{Position: after[id]}
	}
	return m
}

// Wake tells that something may be waiting.
func (m *Mailbox) Wake() <-chan struct{} { return m.wake }

// Len is how many instruments have something waiting.
func (m *Mailbox) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.order)
}
