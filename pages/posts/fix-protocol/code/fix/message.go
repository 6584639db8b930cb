// Package fix reads and writes FIX 4.4 in tag=value encoding; generated types build on it.
package fix

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

const msgType = 35

const (
	soh      = '\x01'
	trailer  = len("10=000\x01")
	maxFrame = 1 << 16
)

// begin is BeginString(8) and the start of BodyLength(9).
var begin = []byte("8=FIX.4.4\x019=")

// Field is one tag=value pair.
type Field struct {
	Tag   int
	Value string
}

// Message is the fields from MsgType(35) up to, without, CheckSum(10). Order matters in
// repeating groups, and a tag may come more than once: so it is a list, never a map.
type Message []Field

// Value is the first value of a tag, or "".
func (m Message) Value(tag int) string {
	for _, field := range m {
		if field.Tag == tag {
			return field.Value
		}
	}
	return ""
}

// Int is the value of a tag as a number, or an error that names the tag.
func (m Message) Int(tag int) (int, error) {
	number, err := strconv.Atoi(m.Value(tag))
	if err != nil {
		return 0, fmt.Errorf("tag %d of a %q message is not a number: %q", tag, m.Type(), m.Value(tag))
	}
	return number, nil
}

// Type is MsgType(35).
func (m Message) Type() string { return m.Value(msgType) }

// region checksum

// Checksum adds up all bytes before "10="; a byte wraps at 256.
func Checksum(raw []byte) byte {
	var sum byte
	for _, b := range raw {
		sum += b
	}
	return sum
}

// Encode frames a message: BodyLength(9) in front, CheckSum(10) behind.
func Encode(m Message) []byte {
	var body bytes.Buffer
	for _, field := range m {
		fmt.Fprintf(&body, "%d=%s\x01", field.Tag, field.Value)
	}
	frame := fmt.Appendf(nil, "8=FIX.4.4\x019=%d\x01%s", body.Len(), body.Bytes())
	return fmt.Appendf(frame, "10=%03d\x01", Checksum(frame))
}

// endregion checksum

// Split is a bufio.SplitFunc: it cuts a TCP stream into frames by BodyLength.
// Bytes that make no frame are skipped; the session will miss their number.
func Split(stream []byte, atEOF bool) (advance int, frame []byte, err error) {
	if len(stream) < len(begin) {
		return 0, nil, nil
	}
	digits := bytes.IndexByte(stream[len(begin):], soh)
	if !bytes.HasPrefix(stream, begin) || digits > 6 {
		return nextBegin(stream), nil, nil
	}
	if digits < 0 { // BodyLength itself is still arriving, unless it is too long to be one
		return skipIf(len(stream) > len(begin)+6, stream), nil, nil
	}
	length, err := strconv.ParseUint(string(stream[len(begin):len(begin)+digits]), 10, 32)
	end := len(begin) + digits + 1 + int(length) + trailer
	if err != nil || end > maxFrame {
		return nextBegin(stream), nil, nil
	}
	if len(stream) < end {
		return 0, nil, nil
	}
	if !bytes.HasPrefix(stream[end-trailer-1:], []byte("\x0110=")) || stream[end-1] != soh {
		return nextBegin(stream), nil, nil
	}
	return end, stream[:end], nil
}

func skipIf(garbled bool, stream []byte) int {
	if garbled {
		return nextBegin(stream)
	}
	return 0
}

// nextBegin is where the next message may start; a tail that may be half a beginning is kept.
func nextBegin(stream []byte) int {
	if at := bytes.Index(stream[1:], begin); at >= 0 {
		return at + 1
	}
	return len(stream) - len(begin) + 1
}

// Parse checks a frame that Split has cut, and lists its fields. isData tells which tags
// may hold SOH. The fields own their bytes: the caller may reuse the frame.
func Parse(frame []byte, isData func(tag int) bool) (Message, error) {
	text := string(frame)
	end := len(text) - trailer
	if want := fmt.Sprintf("10=%03d\x01", Checksum(frame[:end])); text[end:] != want {
		return nil, fmt.Errorf("checksum is %q, expected %q", text[end:], want)
	}
	from := len(begin) + strings.IndexByte(text[len(begin):], soh) + 1
	m, err := fields(text[from:end], isData)
	if err == nil && (len(m) == 0 || m[0].Tag != msgType) {
		return nil, fmt.Errorf("MsgType(35) is not the third field")
	}
	return m, err
}

func fields(body string, isData func(tag int) bool) (Message, error) {
	m := make(Message, 0, 24)
	for len(body) > 0 {
		tag, rest, _ := strings.Cut(body, "=")
		number, err := strconv.Atoi(tag)
		if err != nil || number <= 0 {
			return nil, fmt.Errorf("%q is no tag", tag)
		}
		end := strings.IndexByte(rest, soh)
		if isData(number) && len(m) > 0 { // may hold SOH: the field before says how long it is
			end, err = strconv.Atoi(m[len(m)-1].Value)
		}
		if err != nil || end < 1 || end >= len(rest) || rest[end] != soh {
			return nil, fmt.Errorf("tag %d has no value, or no end", number)
		}
		m = append(m, Field{number, rest[:end]})
		body = rest[end+1:]
	}
	return m, nil
}
