package main

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"fixquotes/dictionary"
)

// plan lists, in order, the Go types that the template writes.
type plan struct {
	Tags    []tag
	Data    []tag // may hold SOH
	Enums   []enum
	Structs []structure

	dictionary *dictionary.Dictionary
	named      map[string]bool // Go names that are taken
	tags       map[string]bool
}

type tag struct {
	Name   string
	Number int
}

type enum struct {
	Name   string
	Number int
	Values []value
}

type value struct{ Name, Enum string }

// structure is a message, a component, or the entry of a group.
type structure struct {
	Name, About string
	MsgType     string // of a message only
	Required    string // ", 262, 268": what Decode insists on
	Members     []member
}

// Embeds lists the components.
func (s structure) Embeds() (names []string) {
	for _, m := range s.Members {
		if m.Kind == "component" {
			names = append(names, m.Name)
		}
	}
	return names
}

type member struct {
	Kind, Name, Type string
	Codec            string // the fix.Kind that reads and writes it
	Number           int
	Required         bool
	First            int    // of a group: the tag that begins an entry
	RequiredIn       string // of a group: the tags that each entry needs
}

func newPlan(d *dictionary.Dictionary) *plan {
	return &plan{dictionary: d, named: map[string]bool{}, tags: map[string]bool{}}
}

// add plans the header and the messages of these types, and all that they hold.
func (p *plan) add(types []string) error {
	known := map[string]bool{"": true}
	if err := p.structure(structure{Name: "Header", About: "the standard header"}, p.dictionary.Header); err != nil {
		return err
	}
	for _, message := range p.dictionary.Messages {
		known[message.Type] = true
		if types[0] != "" && !slices.Contains(types, message.Type) {
			continue
		}
		s := structure{
			Name: message.Name, MsgType: message.Type, Required: p.required(message.Parts),
			About: fmt.Sprintf("message %q", message.Type),
		}
		if err := p.structure(s, message.Parts); err != nil {
			return err
		}
	}
	for _, name := range types {
		if !known[name] {
			return fmt.Errorf("there is no message of type %q", name)
		}
	}
	for name, field := range p.dictionary.Fields {
		if field.Type == "DATA" || field.Type == "XMLDATA" {
			p.Data = append(p.Data, tag{name, field.Number})
		}
	}
	slices.SortFunc(p.Data, func(a, b tag) int { return a.Number - b.Number })
	slices.SortFunc(p.Tags, func(a, b tag) int { return a.Number - b.Number })
	slices.SortFunc(p.Enums, func(a, b enum) int { return a.Number - b.Number })
	return nil
}

func (p *plan) required(parts []dictionary.Part) (list string) {
	for _, number := range p.dictionary.Required(parts) {
		list += fmt.Sprintf(", %d", number)
	}
	return list
}

// structure plans one Go struct after those that it holds.
func (p *plan) structure(s structure, parts []dictionary.Part) error {
	if err := p.take(s.Name); err != nil {
		return err
	}
	for _, part := range parts {
		m, err := p.member(s.Name, part)
		if err != nil {
			return err
		}
		s.Members = append(s.Members, m)
	}
	p.Structs = append(p.Structs, s)
	return nil
}

func (p *plan) take(name string) error {
	if p.named[name] {
		return fmt.Errorf("two Go types would be called %s", name)
	}
	p.named[name] = true
	return nil
}

func (p *plan) member(owner string, part dictionary.Part) (member, error) {
	m := member{Kind: part.Kind, Name: part.Name, Required: part.Required}
	if part.Kind == "component" {
		if p.named[part.Name] {
			return m, nil
		}
		s := structure{Name: part.Name, About: "a component"}
		return m, p.structure(s, p.dictionary.Components[part.Name])
	}
	field := p.dictionary.Fields[part.Name]
	m.Number = field.Number
	p.tag(field)
	if part.Kind == "field" {
		var err error
		m.Type, m.Codec, err = p.goType(field)
		return m, err
	}
	m.Type = owner + part.Name
	m.First, _ = p.dictionary.First(part) // Read has checked that there is one
	m.RequiredIn = p.required(part.Parts)
	about := fmt.Sprintf("one entry of %s(%d)", part.Name, field.Number)
	return m, p.structure(structure{Name: m.Type, About: about}, part.Parts)
}

func (p *plan) tag(field dictionary.Field) {
	if !p.tags[field.Name] {
		p.tags[field.Name] = true
		p.Tags = append(p.Tags, tag{field.Name, field.Number})
	}
}

// region types

// goType is the Go type of a field, and the fix.Kind that reads and writes it.
func (p *plan) goType(field dictionary.Field) (name, kind string, err error) {
	switch field.Type {
	case "BOOLEAN":
		return "bool", "fix.Bool", nil
	case "PRICE", "PRICEOFFSET", "QTY", "AMT", "FLOAT", "PERCENTAGE":
		return "fix.Decimal", "fix.Number", nil
	case "UTCTIMESTAMP":
		return "time.Time", "fix.Time", nil
	case "UTCDATEONLY":
		return "time.Time", "fix.Date", nil
	case "UTCTIMEONLY":
		return "time.Duration", "fix.TimeOnly", nil
	case "INT", "CHAR", "STRING":
		if len(field.Values) > 0 {
			return field.Name, "kind" + field.Name, p.enum(field)
		}
	}
	if slices.Contains([]string{"INT", "LENGTH", "SEQNUM", "NUMINGROUP"}, field.Type) {
		return "int", "fix.Int", nil
	}
	return "string", "fix.Text", nil
}

// endregion types

func (p *plan) enum(field dictionary.Field) error {
	known := func(e enum) bool { return e.Name == field.Name }
	if slices.ContainsFunc(p.Enums, known) {
		return nil
	}
	e := enum{Name: field.Name, Number: field.Number}
	taken := map[string]bool{}
	for _, v := range field.Values {
		name := field.Name + camel(v.Description)
		if taken[name] {
			name += "_" + v.Enum // two values of one description
		}
		taken[name] = true
		e.Values = append(e.Values, value{name, v.Enum})
	}
	p.Enums = append(p.Enums, e)
	return p.take(field.Name)
}

// camel turns "NONE_OTHER" into "NoneOther".
func camel(description string) (name string) {
	split := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	for _, word := range strings.FieldsFunc(description, split) {
		name += strings.ToUpper(word[:1]) + strings.ToLower(word[1:])
	}
	return name
}
