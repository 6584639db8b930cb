package fix

import (
	_ "embed"
	"encoding/xml"
	"fmt"
)

//go:embed quotes44.xml
var quotes44 []byte

// Dictionary is what the wire does not say: which fields are raw data, and how groups are built.
type Dictionary struct {
	isData map[int]bool
	groups map[groupKey]group
}

type groupKey struct {
	msgType string
	count   int
}

type group struct {
	first   int
	members map[int]bool
}

type dictionaryXML struct {
	Messages []struct {
		Type   string `xml:"msgtype,attr"`
		Groups []struct {
			Name    string `xml:"name,attr"`
			Members []struct {
				Name string `xml:"name,attr"`
			} `xml:"field"`
		} `xml:"group"`
	} `xml:"messages>message"`
	Fields []struct {
		Number int    `xml:"number,attr"`
		Name   string `xml:"name,attr"`
		Type   string `xml:"type,attr"`
	} `xml:"fields>field"`
}

// Quotes44 is the part of FIX 4.4 that this service speaks.
func Quotes44() *Dictionary {
	d, err := ReadDictionary(quotes44)
	if err != nil {
		panic(err) // the file is compiled in: a mistake of the programmer
	}
	return d
}

// ReadDictionary reads a dictionary in QuickFIX's form. Nested groups and components are not followed.
func ReadDictionary(raw []byte) (*Dictionary, error) {
	var file dictionaryXML
	if err := xml.Unmarshal(raw, &file); err != nil {
		return nil, err
	}
	d := &Dictionary{isData: map[int]bool{}, groups: map[groupKey]group{}}
	numbers := map[string]int{}
	for _, field := range file.Fields {
		numbers[field.Name] = field.Number
		d.isData[field.Number] = field.Type == "DATA" || field.Type == "XMLDATA"
	}
	for _, message := range file.Messages {
		for _, g := range message.Groups {
			members := map[int]bool{}
			for _, member := range g.Members {
				if numbers[member.Name] == 0 {
					return nil, fmt.Errorf("group %s: field %q has no number", g.Name, member.Name)
				}
				members[numbers[member.Name]] = true
			}
			d.groups[groupKey{message.Type, numbers[g.Name]}] = group{numbers[g.Members[0].Name], members}
		}
	}
	return d, nil
}

// Group cuts a repeating group into its entries. An entry starts at the field that
// the dictionary lists first; the group ends at the first tag that is no member.
func (d *Dictionary) Group(m Message, count int) ([]Message, error) {
	shape := d.groups[groupKey{m.Type(), count}]
	want, err := m.Int(count)
	if err != nil {
		return nil, err
	}
	start := 0
	for m[start].Tag != count {
		start++
	}
	var entries []Message
	from := start + 1
	for i := from; i < len(m) && shape.members[m[i].Tag]; i++ {
		if m[i].Tag == shape.first {
			entries, from = append(entries, nil), i
		}
		if len(entries) == 0 {
			break // a first entry that does not start with its first field
		}
		entries[len(entries)-1] = m[from : i+1]
	}
	if len(entries) != want {
		return nil, fmt.Errorf("group %d announces %d entries and holds %d", count, want, len(entries))
	}
	return entries, nil
}
