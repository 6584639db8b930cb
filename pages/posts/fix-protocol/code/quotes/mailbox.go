package quotes

import "sync"

// Mailbox holds at most one Quote per symbol: the newest that its reader has not taken.
type Mailbox struct {
	mu     sync.Mutex
	latest map[string]Quote
	order  []string      // symbols by how long they have waited: none starves
	ready  chan struct{} // holds one token while something waits
}

// NewMailbox is an empty mailbox.
func NewMailbox() *Mailbox {
	return &Mailbox{latest: map[string]Quote{}, ready: make(chan struct{}, 1)}
}

// region mailbox

// Put never waits for the reader: it replaces what the reader has not seen.
func (m *Mailbox) Put(quote Quote) {
	m.mu.Lock()
	if _, waiting := m.latest[quote.Symbol]; !waiting {
		m.order = append(m.order, quote.Symbol)
	}
	m.latest[quote.Symbol] = quote
	m.mu.Unlock()
	select {
	case m.ready <- struct{}{}:
	default: // the reader has been told already
	}
}

// Next is the quote that has waited longest; false when none waits.
func (m *Mailbox) Next() (Quote, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.order) == 0 {
		return Quote{}, false
	}
	quote := m.latest[m.order[0]]
	delete(m.latest, quote.Symbol)
	m.order = m.order[1:]
	return quote, true
}

// endregion mailbox

// Ready receives when something may wait.
func (m *Mailbox) Ready() <-chan struct{} { return m.ready }

// Len is how many quotes wait.
func (m *Mailbox) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.order)
}
