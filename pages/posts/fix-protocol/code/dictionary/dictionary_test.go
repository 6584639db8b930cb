package dictionary

import (
	"os"
	"strings"
	"testing"
)

// real is QuickFIX's own FIX44.xml, which FIX_DICTIONARY names.
func real(t *testing.T) *Dictionary {
	t.Helper()
	path := os.Getenv("FIX_DICTIONARY")
	if path == "" {
		t.Skip("FIX_DICTIONARY names no FIX44.xml")
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	d, err := Read(raw)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestTheRealDictionaryIsReadWhole(t *testing.T) {
	d := real(t)
	if len(d.Messages) != 93 || len(d.Components) != 104 || len(d.Fields) != 912 {
		t.Fatal(len(d.Messages), len(d.Components), len(d.Fields))
	}
	depth := 0
	for _, message := range d.Messages {
		depth = max(depth, nesting(d, message.Parts))
	}
	if depth != 4 {
		t.Fatal("groups are nested", depth, "deep")
	}
}

// nesting is how many groups lie inside each other, through components.
func nesting(d *Dictionary, parts []Part) (depth int) {
	for _, part := range parts {
		switch part.Kind {
		case "component":
			depth = max(depth, nesting(d, d.Components[part.Name]))
		case "group":
			depth = max(depth, 1+nesting(d, part.Parts))
		}
	}
	return depth
}

func TestTheFirstFieldOfAGroupIsFoundThroughComponents(t *testing.T) {
	d := real(t)
	for component, want := range map[string]int{"MDIncGrp": 279, "InstrmtMDReqGrp": 55, "UndInstrmtGrp": 311} {
		if first, err := d.First(d.Components[component][0]); first != want || err != nil {
			t.Errorf("%s begins with %d, %v", component, first, err)
		}
	}
}

const small = `<fix><messages><message name='M' msgtype='M'>PARTS</message></messages>
<components><component name='C'><field name='A' required='Y'/></component>
<component name='Loop'><component name='Loop'/></component><component name='Empty'/></components>
<fields><field number='1' name='A' type='INT'/><field number='2' name='NoAs' type='NUMINGROUP'/></fields></fix>`

func TestWhatADictionaryCannotMeanIsAnErrorAndNotAPanic(t *testing.T) {
	for parts, want := range map[string]string{
		`<field name='B'/>`:                                                       `message M: field "B" has no number`,
		`<group name='NoAs'/>`:                                                    `group NoAs has no first field`,
		`<group name='NoBs'><field name='A'/></group>`:                            `message M: group "NoBs" has no number`,
		`<group name='NoAs'><component name='Empty'/></group>`:                    `group NoAs has no first field`,
		`<group name='NoAs'><group name='NoAs'><field name='A'/></group></group>`: `group NoAs begins with another group`,
		`<component name='D'/>`:                                                   `message M: there is no component "D"`,
		`<component name='Loop'/>`:                                                `message M: component Loop contains itself`,
		`<oops name='A'/>`:                                                        `message M: <oops> is no part of a message`,
	} {
		_, err := Read([]byte(strings.Replace(small, "PARTS", parts, 1)))
		if err == nil || err.Error() != want {
			t.Errorf("%s: %v", parts, err)
		}
	}
	if _, err := Read([]byte("<fix>")); err == nil {
		t.Error("half a file was accepted")
	}
}

func TestAnOptionalComponentRequiresNothing(t *testing.T) {
	raw := strings.Replace(small, "<component name='Loop'><component name='Loop'/></component>", "", 1)
	for required, want := range map[string]int{"Y": 1, "N": 0} {
		d, err := Read([]byte(strings.Replace(raw, "PARTS", `<component name='C' required='`+required+`'/>`, 1)))
		if err != nil || len(d.Required(d.Messages[0].Parts)) != want {
			t.Fatal(d, err)
		}
	}
}

func TestTheExcerptInTheArticleIsOfTheRealFile(t *testing.T) {
	real(t)
	raw, _ := os.ReadFile(os.Getenv("FIX_DICTIONARY"))
	excerpt, err := os.ReadFile("excerpt.xml")
	if err != nil {
		t.Fatal(err)
	}
	rest := string(raw)
	for line := range strings.Lines(string(excerpt)) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "<!--") || line == "<fix>" || line == "</fix>" {
			continue
		}
		_, after, found := strings.Cut(rest, line)
		if !found {
			t.Fatalf("%s is not there, or not in this order", line)
		}
		rest = after
	}
}
