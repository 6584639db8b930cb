package fix

import (
	"bufio"
	"bytes"
	"math/rand"
	"reflect"
	"strings"
	"testing"
)

func isData(tag int) bool { return tag == 96 }

func parse(frame []byte) (Message, error) { return Parse(frame, isData) }

func wire(pipes string) []byte { return []byte(strings.ReplaceAll(pipes, "|", "\x01")) }

// The checksum and length below were worked out by another program, in another language.
const heartbeat = "8=FIX.4.4|9=45|35=0|49=A|56=B|34=2|52=20261125-12:00:00.000|10=063|"

func frames(t *testing.T, stream []byte) (found [][]byte) {
	t.Helper()
	scanner := bufio.NewScanner(bytes.NewReader(stream))
	scanner.Split(Split)
	for scanner.Scan() {
		found = append(found, append([]byte(nil), scanner.Bytes()...))
	}
	return found
}

func TestAKnownMessageIsReadAndWrittenByteForByte(t *testing.T) {
	m, err := parse(wire(heartbeat))
	if err != nil || m.Type() != "0" || m.Value(34) != "2" {
		t.Fatal(m, err)
	}
	if got := Encode(m); !bytes.Equal(got, wire(heartbeat)) {
		t.Fatalf("%q", got)
	}
}

func TestAFlippedByteFailsTheChecksum(t *testing.T) {
	frame := wire(strings.Replace(heartbeat, "49=A", "49=C", 1))
	if _, err := parse(frame); err == nil {
		t.Fatal("accepted")
	}
}

func TestTwoSwappedBytesPassTheChecksum(t *testing.T) {
	frame := wire(strings.Replace(heartbeat, "12:00:00.000", "21:00:00.000", 1))
	if _, err := parse(frame); err != nil {
		t.Fatal("the sum does not see order; it is no proof of integrity")
	}
}

func TestRawDataMayHoldTheSeparator(t *testing.T) {
	sent := Message{{35, "B"}, {95, "5"}, {96, "a\x018=b"}, {55, "X"}}
	got, err := parse(Encode(sent))
	if err != nil || !reflect.DeepEqual(got, sent) {
		t.Fatal(got, err)
	}
}

func TestAGarbledMessageCostsOnlyItself(t *testing.T) {
	for _, garbled := range []string{
		strings.Replace(heartbeat, "9=45", "9=44", 1), strings.Replace(heartbeat, "9=45", "9=46", 1),
		strings.Replace(heartbeat, "9=45", "9=999999999", 1), strings.Replace(heartbeat, "9=45", "9=-4", 1), "8=FIX", "noise|",
	} {
		found := frames(t, wire(heartbeat+garbled+heartbeat+heartbeat))
		if len(found) != 3 {
			t.Errorf("after %q: %d frames", garbled, len(found))
		}
	}
}

func TestEveryMessageSurvivesEveryCutOfTheStream(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	for round := range 300 {
		var sent []Message
		var stream []byte
		for i := random.Intn(5); i >= 0; i-- {
			m := randomMessage(random)
			sent, stream = append(sent, m), append(stream, Encode(m)...)
		}
		scanner := bufio.NewScanner(&trickle{stream, random})
		scanner.Split(Split)
		for _, want := range sent {
			if !scanner.Scan() {
				t.Fatalf("round %d: the stream ended early", round)
			}
			got, err := parse(scanner.Bytes())
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Fatalf("round %d: %v, %v, want %v", round, got, err, want)
			}
		}
	}
}

func randomMessage(random *rand.Rand) Message {
	m := Message{{35, string(rune('A' + random.Intn(26)))}}
	for i := random.Intn(9); i > 0; i-- {
		value := make([]byte, 1+random.Intn(12))
		for at := range value {
			value[at] = "0123456789.=:8910ABC"[random.Intn(20)]
		}
		m = append(m, Field{1000 + random.Intn(900), string(value)})
	}
	return m
}

// trickle gives a stream in pieces of one to seven bytes, as a network may.
type trickle struct {
	left   []byte
	random *rand.Rand
}

func (t *trickle) Read(into []byte) (int, error) {
	piece := t.left
	if most := 1 + t.random.Intn(7); len(piece) > most {
		piece = piece[:most]
	}
	n, err := bytes.NewReader(piece).Read(into)
	t.left = t.left[n:]
	return n, err
}

func FuzzWhatIsReadIsWrittenAgain(f *testing.F) {
	f.Add(wire(heartbeat))
	f.Add(wire("8=FIX.4.4|9=5|35=0|10=163|8=FIX.4.4|9=|10=|"))
	f.Fuzz(func(t *testing.T, stream []byte) {
		scanner := bufio.NewScanner(bytes.NewReader(stream))
		scanner.Split(Split)
		for scanner.Scan() {
			m, err := parse(scanner.Bytes())
			if err != nil {
				continue
			}
			again, err := parse(Encode(m))
			if err != nil || !reflect.DeepEqual(again, m) {
				t.Fatalf("%v became %v, %v", m, again, err)
			}
		}
	})
}
