package quotes

import "sync"

// region mailbox

// Mailbox holds at most one Update per symbol: the newest that its reader has not seen.
type Mailbox struct {
	mu     sync.Mutex
	latest map[string]*Update
	order  []string      // by how long they have waited: none starves
	ready  chan struct{} // holds one token while something waits
}

// Put never waits for the reader: it replaces what the reader has not seen.
func (m *Mailbox) Put(update *Update) {
	m.mu.Lock()
	if _, waiting := m.latest[update.Quote.Symbol]; !waiting {
		m.order = append(m.order, update.Quote.Symbol)
	}
	m.latest[update.Quote.Symbol] = update
	m.mu.Unlock()
	select {
	case m.ready <- struct{}{}:
	default: // the token is there already
	}
}

// endregion mailbox

// NewMailbox is an empty mailbox.
func NewMailbox() *Mailbox {
	return &Mailbox{latest: map[string]*Update{}, ready: make(chan struct{}, 1)}
}

// Next is the update that has waited longest; false when none waits.
func (m *Mailbox) Next() (*Update, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.order) == 0 {
		return nil, false
	}
	update := m.latest[m.order[0]]
	delete(m.latest, update.Quote.Symbol)
	m.order = m.order[1:]
	return update, true
}

// Ready receives when something may wait.
func (m *Mailbox) Ready() <-chan struct{} { return m.ready }

// Len is how many updates wait.
func (m *Mailbox) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.order)
}
