package fix

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Kind reads and writes the values of one Go type.
type Kind[T any] struct {
	Parse  func(string) (T, error)
	Format func(T) string
}

// Decimal is a number as it was written: a binary float cannot hold 1.10 exactly.
type Decimal string

// The kinds of value that the generated code names.
var (
	Text     = Kind[string]{func(s string) (string, error) { return s, nil }, func(s string) string { return s }}
	Int      = Kind[int]{parseInt, strconv.Itoa}
	Bool     = Kind[bool]{parseBool, formatBool}
	Number   = Kind[Decimal]{parseDecimal, func(d Decimal) string { return string(d) }}
	Time     = Kind[time.Time]{parseTime, func(t time.Time) string { return t.UTC().Format(timestamp + ".000") }}
	Date     = Kind[time.Time]{parseDate, func(t time.Time) string { return t.Format(date) }}
	TimeOnly = Kind[time.Duration]{parseTimeOnly, formatTimeOnly}
)

const (
	date      = "20060102"
	timestamp = "20060102-15:04:05" // time.Parse accepts a fraction after it
)

// Enum is a kind with a closed list of values.
func Enum[T ~string](name string, values ...T) Kind[T] {
	return Kind[T]{
		func(s string) (T, error) {
			if !slices.Contains(values, T(s)) {
				return "", fmt.Errorf("%q is no %s", s, name)
			}
			return T(s), nil
		},
		func(value T) string { return string(value) },
	}
}

func parseInt(s string) (int, error) {
	number, err := strconv.Atoi(s)
	if err != nil {
		return 0, fmt.Errorf("%q is no whole number", s)
	}
	return number, nil
}

func parseBool(s string) (bool, error) {
	if s != "Y" && s != "N" {
		return false, fmt.Errorf("%q is neither Y nor N", s)
	}
	return s == "Y", nil
}

func formatBool(yes bool) string {
	if yes {
		return "Y"
	}
	return "N"
}

// parseDecimal accepts what FIX calls a float: a sign, digits, and a point among them.
func parseDecimal(s string) (Decimal, error) {
	digits := strings.Replace(strings.TrimPrefix(s, "-"), ".", "", 1)
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return "", fmt.Errorf("%q is no decimal number", s)
	}
	return Decimal(s), nil
}

func parseTime(s string) (time.Time, error) {
	at, err := time.Parse(timestamp, s)
	if err != nil {
		return at, fmt.Errorf("%q is no UTC timestamp", s)
	}
	return at, nil
}

func parseDate(s string) (time.Time, error) {
	at, err := time.Parse(date, s)
	if err != nil {
		return at, fmt.Errorf("%q is no date", s)
	}
	return at, nil
}

func parseTimeOnly(s string) (time.Duration, error) {
	at, err := time.Parse("15:04:05", s)
	if err != nil {
		return 0, fmt.Errorf("%q is no time of day", s)
	}
	return at.Sub(at.Truncate(24 * time.Hour)), nil
}

func formatTimeOnly(since time.Duration) string {
	return time.Time{}.Add(since).Format("15:04:05.000")
}

// Body is a generated message type, without the header that a session adds.
type Body interface {
	MsgType() string
	Append(Message) Message
}

// Put appends a required field.
func Put[T any](m Message, tag int, kind Kind[T], value T) Message {
	return append(m, Field{tag, kind.Format(value)})
}

// PutOptional appends a field unless it is nil.
func PutOptional[T any](m Message, tag int, kind Kind[T], value *T) Message {
	if value == nil {
		return m
	}
	return Put(m, tag, kind, *value)
}

// PutGroup appends a group's count and its entries, or nothing where there are none.
func PutGroup[T any, P interface {
	*T
	Append(Message) Message
}](m Message, tag int, entries []T) Message {
	if len(entries) == 0 {
		return m
	}
	m = Put(m, tag, Int, len(entries))
	for i := range entries {
		m = P(&entries[i]).Append(m)
	}
	return m
}
