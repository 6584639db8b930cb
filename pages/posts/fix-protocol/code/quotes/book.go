// Package quotes keeps the latest quote of each symbol, and hands it to many subscribers.
package quotes

import (
	"cmp"
	"fmt"
	"time"

	"fixquotes/fix"
	"fixquotes/fix44"
)

// region quote

// Quote is the best bid and offer of a symbol.
type Quote struct {
	Symbol    string      `json:"symbol"`
	Bid       fix.Decimal `json:"bid,omitempty"`
	BidSize   fix.Decimal `json:"bid_size,omitempty"`
	Offer     fix.Decimal `json:"offer,omitempty"`
	OfferSize fix.Decimal `json:"offer_size,omitempty"`
	Stale     bool        `json:"stale"`
	VenueTime time.Time   `json:"venue_time,omitzero"` // the venue's clock
	Received  time.Time   `json:"received"`            // ours
}

// endregion quote

// Book is the latest Quote of each symbol. One goroutine owns it.
type Book struct {
	request string // the MDReqID whose answers count
	latest  map[string]Quote
}

// NewBook is an empty book.
func NewBook() *Book { return &Book{latest: map[string]Quote{}} }

// Distrust marks every quote stale, until a snapshot answers the request of this id.
func (b *Book) Distrust(request string) []Quote {
	b.request = request
	var changed []Quote
	for symbol, quote := range b.latest {
		quote.Stale = true
		b.latest[symbol] = quote
		changed = append(changed, quote)
	}
	return changed
}

// answers tells whether a message belongs to the present request.
func (b *Book) answers(id *string) bool { return id == nil || *id == b.request }

// Snapshot replaces all that is known of one symbol: what it does not list is gone.
func (b *Book) Snapshot(m *fix44.MarketDataSnapshotFullRefresh, now time.Time) ([]Quote, error) {
	if !b.answers(m.MDReqID) {
		return nil, nil
	}
	if m.Symbol == nil {
		return nil, fmt.Errorf("a snapshot does not name its symbol")
	}
	quote := Quote{Symbol: *m.Symbol, Received: now}
	for _, entry := range m.NoMDEntries {
		if quote.set(entry.MDEntryType, entry.MDEntryPx, entry.MDEntrySize) {
			at := entered(m.Header, entry.MDEntryDate, entry.MDEntryTime)
			quote.VenueTime = latest(quote.VenueTime, at)
		}
	}
	if quote.VenueTime.IsZero() { // neither bid nor offer
		quote.VenueTime = sent(m.Header)
	}
	b.latest[quote.Symbol] = quote
	return []Quote{quote}, nil
}

// region apply

// Increment applies each entry of an X. After an error nothing has changed.
func (b *Book) Increment(
	m *fix44.MarketDataIncrementalRefresh, now time.Time,
) ([]Quote, error) {
	if !b.answers(m.MDReqID) {
		return nil, nil
	}
	changed := map[string]Quote{}
	symbol := ""
	for _, entry := range m.NoMDEntries {
		isNew := entry.MDUpdateAction == fix44.MDUpdateActionNew
		switch {
		case entry.Symbol != nil:
			symbol = *entry.Symbol
		case symbol == "" || !isNew: // only a New entry may mean the symbol before
			return nil, fmt.Errorf(
				"an entry (279=%s) does not name its symbol", entry.MDUpdateAction)
		}
		quote, known := changed[symbol]
		if !known {
			quote, known = b.latest[symbol]
		}
		if known && quote.update(entry) {
			quote.VenueTime = entered(m.Header, entry.MDEntryDate, entry.MDEntryTime)
			quote.Received = now
			changed[symbol] = quote
		} // no snapshot yet: nothing to add to
	}
	return b.keep(changed), nil
}

// endregion apply

func (b *Book) keep(changed map[string]Quote) (quotes []Quote) {
	for symbol, quote := range changed {
		b.latest[symbol] = quote
		quotes = append(quotes, quote)
	}
	return quotes
}

// update applies an entry, and tells whether it was about the bid or the offer.
func (q *Quote) update(entry fix44.MDIncGrpNoMDEntries) bool {
	if entry.MDEntryType == nil {
		return false
	}
	price, size := entry.MDEntryPx, entry.MDEntrySize
	switch entry.MDUpdateAction {
	case fix44.MDUpdateActionDelete:
		price, size = nil, nil
	case fix44.MDUpdateActionChange: // what a Change leaves out stays
		oldPrice, oldSize := q.side(*entry.MDEntryType)
		price, size = cmp.Or(price, &oldPrice), cmp.Or(size, &oldSize)
	}
	return q.set(*entry.MDEntryType, price, size)
}

func (q *Quote) side(of fix44.MDEntryType) (price, size fix.Decimal) {
	if of == fix44.MDEntryTypeBid {
		return q.Bid, q.BidSize
	}
	return q.Offer, q.OfferSize
}

func (q *Quote) set(of fix44.MDEntryType, price, size *fix.Decimal) bool {
	switch of {
	case fix44.MDEntryTypeBid:
		q.Bid, q.BidSize = valueOf(price), valueOf(size)
	case fix44.MDEntryTypeOffer:
		q.Offer, q.OfferSize = valueOf(price), valueOf(size)
	default:
		return false
	}
	return true
}

func valueOf(number *fix.Decimal) fix.Decimal {
	if number == nil {
		return ""
	}
	return *number
}

// sent is when the venue first sent a message: a repeated one names that time as well.
func sent(h fix44.Header) time.Time {
	if h.OrigSendingTime != nil {
		return *h.OrigSendingTime
	}
	return h.SendingTime
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// region entered

// entered is when the venue says that a price became true: MDEntryTime(273), on the day
// of MDEntryDate(272) or, without one, on the last such time of day before it was sent.
func entered(h fix44.Header, day *time.Time, at *time.Duration) time.Time {
	if at == nil {
		return sent(h)
	}
	if day != nil {
		return day.Add(*at)
	}
	when := sent(h).Truncate(24 * time.Hour).Add(*at)
	if when.After(sent(h).Add(12 * time.Hour)) { // entered before midnight, sent after
		return when.Add(-24 * time.Hour)
	}
	return when
}

// endregion entered
