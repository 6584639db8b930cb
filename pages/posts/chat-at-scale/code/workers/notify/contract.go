// A message.stored event, as contracts/message.stored.v1.json describes it.
package main

import (
	"encoding/json"
	"errors"
	"regexp"
	"unicode/utf8"
)

// region contract
// Stored uses pointers: in Go a missing field and an empty one look alike otherwise.
type Stored struct {
	Type    *string `json:"type"`
	Version *int    `json:"version"`
	ID      *string `json:"id"`
	Room    *string `json:"room"`
	Seq     *int64  `json:"seq"`
	Sender  *string `json:"sender"`
	Text    *string `json:"text"`
	At      *int64  `json:"at"`
}

var place = regexp.MustCompile(`^[^:]+:[1-9][0-9]*$`)

// Parse accepts fields that it does not know, and nothing else beside the contract.
func Parse(body []byte) (Stored, error) {
	var event Stored
	if err := json.Unmarshal(body, &event); err != nil {
		return event, err
	}
	if event.Type == nil || event.Version == nil || event.ID == nil || event.Room == nil ||
		event.Seq == nil || event.Sender == nil || event.Text == nil || event.At == nil {
		return event, errors.New("a field is missing")
	}
	if *event.Type != "message.stored" || *event.Version != 1 {
		return event, errors.New("another type or version")
	}
	if !place.MatchString(*event.ID) || *event.Room == "" || *event.Sender == "" {
		return event, errors.New("an empty name or a bad id")
	}
	if *event.Seq < 1 || *event.At < 0 || utf8.RuneCountInString(*event.Text) > 4000 {
		return event, errors.New("a number or a text out of bounds")
	}
	return event, nil
}

// endregion contract
