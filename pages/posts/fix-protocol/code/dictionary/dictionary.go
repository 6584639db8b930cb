// Package dictionary reads a FIX data dictionary in QuickFIX's XML form.
package dictionary

import (
	"encoding/xml"
	"fmt"
	"slices"
)

// region model

// Part is one line of a message, a component or a group entry.
type Part struct {
	Kind     string // "field", "group" or "component"
	Name     string
	Required bool
	Parts    []Part // of a group: what each of its entries holds
}

// Field is what the dictionary says about one tag.
type Field struct {
	Number int
	Name   string
	Type   string // "PRICE", "QTY", "UTCTIMESTAMP" …
	Values []Value
}

// endregion model

// Value is one value that an enumerated field may have.
type Value struct{ Enum, Description string }

// Message is one kind of message; its header is Dictionary.Header.
type Message struct {
	Name, Type string
	Parts      []Part
}

// Dictionary is a whole file. Each name in it has been resolved once, by Read.
type Dictionary struct {
	Header     []Part
	Messages   []Message
	Components map[string][]Part
	Fields     map[string]Field
}

// node is any element of the file: the order of its children is the order on the wire.
type node struct {
	XMLName     xml.Name
	Name        string `xml:"name,attr"`
	Required    string `xml:"required,attr"`
	MsgType     string `xml:"msgtype,attr"`
	Number      int    `xml:"number,attr"`
	Type        string `xml:"type,attr"`
	Enum        string `xml:"enum,attr"`
	Description string `xml:"description,attr"`
	Children    []node `xml:",any"`
}

// Read reads a dictionary, or says which name in it leads nowhere.
func Read(raw []byte) (*Dictionary, error) {
	var root node
	if err := xml.Unmarshal(raw, &root); err != nil {
		return nil, fmt.Errorf("the dictionary is not XML: %w", err)
	}
	d := &Dictionary{Components: map[string][]Part{}, Fields: map[string]Field{}}
	for _, section := range root.Children {
		switch section.XMLName.Local {
		case "header":
			d.Header = parts(section)
		case "messages":
			for _, n := range section.Children {
				d.Messages = append(d.Messages, Message{n.Name, n.MsgType, parts(n)})
			}
		case "components":
			for _, n := range section.Children {
				d.Components[n.Name] = parts(n)
			}
		case "fields":
			for _, n := range section.Children {
				d.Fields[n.Name] = field(n)
			}
		}
	}
	return d, d.check()
}

func parts(n node) (all []Part) {
	for _, child := range n.Children {
		part := Part{child.XMLName.Local, child.Name, child.Required == "Y", parts(child)}
		all = append(all, part)
	}
	return all
}

func field(n node) Field {
	f := Field{Number: n.Number, Name: n.Name, Type: n.Type}
	for _, value := range n.Children {
		f.Values = append(f.Values, Value{value.Enum, value.Description})
	}
	return f
}

func (d *Dictionary) check() error {
	if err := d.checkParts("the header", d.Header, nil); err != nil {
		return err
	}
	for _, message := range d.Messages {
		if err := d.checkParts("message "+message.Name, message.Parts, nil); err != nil {
			return err
		}
	}
	for name, parts := range d.Components {
		if err := d.checkParts("component "+name, parts, []string{name}); err != nil {
			return err
		}
	}
	return nil
}

// checkParts follows every name below `where`; `inside` lists the components on the way there.
func (d *Dictionary) checkParts(where string, parts []Part, inside []string) error {
	for _, part := range parts {
		if err := d.checkPart(where, part, inside); err != nil {
			return err
		}
	}
	return nil
}

func (d *Dictionary) checkPart(where string, part Part, inside []string) error {
	switch part.Kind {
	case "component":
		if slices.Contains(inside, part.Name) {
			return fmt.Errorf("%s: component %s contains itself", where, part.Name)
		}
		of, known := d.Components[part.Name]
		if !known {
			return fmt.Errorf("%s: there is no component %q", where, part.Name)
		}
		return d.checkParts(where, of, append(slices.Clone(inside), part.Name))
	case "field", "group":
		if d.Fields[part.Name].Number == 0 {
			return fmt.Errorf("%s: %s %q has no number", where, part.Kind, part.Name)
		}
	default:
		return fmt.Errorf("%s: <%s> is no part of a message", where, part.Kind)
	}
	if part.Kind == "field" {
		return nil
	}
	if err := d.checkParts(where, part.Parts, inside); err != nil {
		return err
	}
	_, err := d.First(part)
	return err
}

// region first

// First is the tag that begins each entry of a group. It may lie inside a component.
func (d *Dictionary) First(group Part) (int, error) {
	for parts := group.Parts; len(parts) > 0; {
		switch first := parts[0]; first.Kind {
		case "field":
			return d.Fields[first.Name].Number, nil
		case "component":
			parts = d.Components[first.Name]
		default:
			return 0, fmt.Errorf("group %s begins with another group", group.Name)
		}
	}
	return 0, fmt.Errorf("group %s has no first field", group.Name)
}

// endregion first

// Required is the tags without which a message or an entry is refused. What a component
// requires counts only where the component itself is required.
func (d *Dictionary) Required(parts []Part) (tags []int) {
	for _, part := range parts {
		if !part.Required {
			continue
		}
		if part.Kind == "component" {
			tags = append(tags, d.Required(d.Components[part.Name])...)
		} else {
			tags = append(tags, d.Fields[part.Name].Number)
		}
	}
	return tags
}
