package fix44_test

import (
	"fmt"
	"math/rand"
	"os"
	"reflect"
	"strings"
	"testing"

	"fixquotes/dictionary"
	"fixquotes/fix"
	"fixquotes/fix44"
)

type decoder func(fix.Message) (fix.Body, error)

// as hides the type that a generated decoder gives.
func as[T any, P interface {
	*T
	fix.Body
}](decode func(fix.Message) (*T, error)) decoder {
	return func(m fix.Message) (fix.Body, error) {
		read, err := decode(m)
		return P(read), err
	}
}

var decoders = map[string]decoder{
	"0": as(fix44.DecodeHeartbeat), "1": as(fix44.DecodeTestRequest), "2": as(fix44.DecodeResendRequest),
	"3": as(fix44.DecodeReject), "4": as(fix44.DecodeSequenceReset), "5": as(fix44.DecodeLogout),
	"A": as(fix44.DecodeLogon), "V": as(fix44.DecodeMarketDataRequest), "Y": as(fix44.DecodeMarketDataRequestReject),
	"W": as(fix44.DecodeMarketDataSnapshotFullRefresh), "X": as(fix44.DecodeMarketDataIncrementalRefresh),
	"j": as(fix44.DecodeBusinessMessageReject),
}

func TestEveryMessageThatTheDictionaryAllowsSurvives(t *testing.T) {
	path := os.Getenv("FIX_DICTIONARY")
	if path == "" {
		t.Skip("FIX_DICTIONARY names no FIX44.xml")
	}
	raw, _ := os.ReadFile(path)
	d, err := dictionary.Read(raw)
	if err != nil {
		t.Fatal(err)
	}
	made := &maker{d, rand.New(rand.NewSource(1))}
	tried := 0
	for _, message := range d.Messages {
		decode, known := decoders[message.Type]
		if !known {
			continue
		}
		tried++
		for range 300 {
			sent := made.parts(fix.Message{{Tag: 35, Value: message.Type}}, message.Parts)
			got, err := fix.Parse(fix.Encode(sent), fix44.IsData)
			if err != nil {
				t.Fatal(sent, err)
			}
			read, err := decode(got)
			if err != nil {
				t.Fatal(sent, err)
			}
			if again := read.Append(sent[:1:1]); !reflect.DeepEqual(again, sent) {
				t.Fatalf("%v became %v", sent, again)
			}
		}
	}
	if tried != len(decoders) {
		t.Fatal(tried, "of", len(decoders))
	}
}

// maker makes messages at random: what is required and some of what is not.
type maker struct {
	d      *dictionary.Dictionary
	random *rand.Rand
}

func (r *maker) parts(m fix.Message, parts []dictionary.Part) fix.Message {
	for i, part := range parts {
		wanted := part.Required || r.random.Intn(4) == 0
		switch {
		case !wanted && i > 0: // the first of a group's entry must be there
		case part.Kind == "component":
			m = r.parts(m, r.d.Components[part.Name])
		case part.Kind == "group":
			count := 1 + r.random.Intn(2)
			m = append(m, fix.Field{Tag: r.d.Fields[part.Name].Number, Value: fmt.Sprint(count)})
			for range count {
				m = r.parts(m, part.Parts)
			}
		default:
			m = r.field(m, r.d.Fields[part.Name])
		}
	}
	return m
}

func (r *maker) field(m fix.Message, field dictionary.Field) fix.Message {
	if field.Type == "DATA" && m[len(m)-1].Tag != field.Number-1 {
		return m // its length field was left out
	}
	return append(m, fix.Field{Tag: field.Number, Value: r.value(m, field)})
}

func (r *maker) value(m fix.Message, field dictionary.Field) string {
	switch field.Type {
	case "BOOLEAN":
		return "Y"
	case "INT", "CHAR", "STRING":
		if n := len(field.Values); n > 0 {
			return field.Values[r.random.Intn(n)].Enum
		}
		return fmt.Sprint(r.random.Intn(1000))
	case "LENGTH":
		return "3"
	case "DATA":
		return "a\x01b"
	case "UTCTIMESTAMP":
		return "20261125-12:00:00.123"
	case "UTCDATEONLY":
		return "20261125"
	case "UTCTIMEONLY":
		return "23:59:59.123"
	}
	return fmt.Sprint(r.random.Intn(1000))
}

func increment(pipes string) (*fix44.MarketDataIncrementalRefresh, error) {
	var m fix.Message
	for _, pair := range strings.Split(pipes, "|") {
		var field fix.Field
		fmt.Sscanf(pair, "%d=%s", &field.Tag, &field.Value)
		m = append(m, field)
	}
	return fix44.DecodeMarketDataIncrementalRefresh(m)
}

func TestAnIncrementInTheFormOfTheRealDictionaryIsRead(t *testing.T) {
	// Underlyings are a group in the entry, and their stipulations a group in that.
	m, err := increment("35=X|34=2|268=2|279=0|269=0|55=A|711=1|311=U|887=1|888=k|889=v|270=1.10|271=3|5001=own" +
		"|279=2|269=1")
	if err != nil || len(m.NoMDEntries) != 2 {
		t.Fatal(m, err)
	}
	first := m.NoMDEntries[0]
	stipulation := first.NoUnderlyings[0].NoUnderlyingStips[0]
	if *first.Symbol != "A" || *first.MDEntryPx != "1.10" || *stipulation.UnderlyingStipValue != "v" {
		t.Fatal(first)
	}
}

func TestAnIncrementThatBreaksTheDictionaryIsRefused(t *testing.T) {
	for pipes, want := range map[string]string{
		"35=X|268=2|279=0|269=0":              "group 268 announces 2 entries and holds 1",
		"35=X|268=1|279=0|269=0|279=0|269=1":  "group 268 announces 1 entries and holds 2",
		"35=X|268=1|269=0|279=0":              "group 268 announces 1 entries and holds 0",
		"35=X|268=1|279=0|270=1|270=2":        "tag 270 appears more than once",
		"35=X|268=1|279=0|98=0|270=1":         "tag 98 does not belong here",
		"35=X|268=1|279=9":                    `tag 279: "9" is no MDUpdateAction(279)`,
		"35=X|268=1|279=0|270=1e5":            `tag 270: "1e5" is no decimal number`,
		"35=X|268=1|279=0|711=1|311=A|711=1":  "tag 711 appears more than once",
		"35=X|268=x":                          `tag 268: "x" is no whole number`,
		"35=X|262=q":                          "required tag 268 is missing",
		"35=X|268=1|279=0|272=20261325|273=x": `tag 272: "20261325" is no date`,
		"35=X|43=yes|268=1|279=0":             `tag 43: "yes" is neither Y nor N`,
	} {
		_, err := increment(pipes)
		if err == nil || err.Error() != `message "X": `+want {
			t.Errorf("%s: %v", pipes, err)
		}
	}
}
