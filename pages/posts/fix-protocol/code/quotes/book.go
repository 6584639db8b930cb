// Package quotes keeps the latest quote of each symbol, and hands it to many subscribers.
package quotes

import (
	"fmt"
	"time"

	"fixquotes/fix"
)

// Tags of the market-data messages.
const (
	mdReqID        = 262
	noMDEntries    = 268
	mdEntryType    = 269
	mdEntryPx      = 270
	mdUpdateAction = 279
)

// Quote is the best bid and offer of a symbol. Prices stay decimal text: a float would round them.
type Quote struct {
	Symbol string    `json:"symbol"`
	Bid    string    `json:"bid"`
	Offer  string    `json:"offer"`
	Stale  bool      `json:"stale"`
	At     time.Time `json:"at"`
}

// Book is the latest Quote of each symbol. One goroutine owns it.
type Book struct {
	dictionary *fix.Dictionary
	request    string // the MDReqID whose answers count
	latest     map[string]Quote
}

// NewBook is an empty book.
func NewBook(dictionary *fix.Dictionary) *Book {
	return &Book{dictionary: dictionary, latest: map[string]Quote{}}
}

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

// region apply

// Apply works a Snapshot (W) or an Incremental (X) in, and lists the quotes it changed.
func (b *Book) Apply(m fix.Message, now time.Time) ([]Quote, error) {
	if id := m.Value(mdReqID); id != "" && id != b.request {
		return nil, nil // the answer to an earlier request
	}
	entries, err := b.dictionary.Group(m, noMDEntries)
	if err != nil {
		return nil, err
	}
	symbol := ""
	if m.Type() == "W" { // the whole truth of one symbol: what it does not list is gone
		symbol = m.Value(fix.Symbol)
		b.latest[symbol] = Quote{Symbol: symbol}
	}
	touched := map[string]bool{symbol: m.Type() == "W"}
	for _, entry := range entries {
		action := entry.Value(mdUpdateAction)
		if named := entry.Value(fix.Symbol); named != "" {
			symbol = named // else, for a New entry: that of the entry before
		} else if symbol == "" || action == "1" || action == "2" {
			return nil, fmt.Errorf("an entry (279=%s) does not name its symbol", action)
		}
		if quote, known := b.latest[symbol]; known { // no snapshot yet: nothing to add to
			b.latest[symbol] = changed(quote, entry)
			touched[symbol] = true
		}
	}
	return b.stamped(touched, now), nil
}

// endregion apply

func changed(quote Quote, entry fix.Message) Quote {
	price := entry.Value(mdEntryPx)
	if entry.Value(mdUpdateAction) == "2" { // Delete
		price = ""
	}
	switch entry.Value(mdEntryType) {
	case "0":
		quote.Bid = price
	case "1":
		quote.Offer = price
	}
	return quote
}

func (b *Book) stamped(touched map[string]bool, now time.Time) (changed []Quote) {
	for symbol, is := range touched {
		if is {
			quote := b.latest[symbol]
			quote.At = now
			b.latest[symbol] = quote
			changed = append(changed, quote)
		}
	}
	return changed
}
