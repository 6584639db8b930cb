// Command fixgen writes Go types for the messages of a FIX data dictionary.
package main

import (
	"bytes"
	_ "embed"
	"flag"
	"fmt"
	"go/format"
	"log"
	"os"
	"strings"
	"text/template"

	"fixquotes/dictionary"
)

//go:embed types.go.tmpl
var types string

func main() {
	from := flag.String("dictionary", os.Getenv("FIX_DICTIONARY"), "QuickFIX's XML file")
	into := flag.String("out", "", "the Go file to write")
	messages := flag.String("messages", "", "MsgTypes, with commas; empty is all")
	flag.Parse()
	raw, err := os.ReadFile(*from)
	if err != nil {
		log.Fatal(err)
	}
	code, err := generate(raw, strings.Split(*messages, ","))
	if err == nil {
		err = os.WriteFile(*into, code, 0o644)
	}
	if err != nil {
		log.Fatalf("%s: %v", *from, err)
	}
}

func generate(raw []byte, messages []string) ([]byte, error) {
	d, err := dictionary.Read(raw)
	if err != nil {
		return nil, err
	}
	p := newPlan(d)
	if err := p.add(messages); err != nil {
		return nil, err
	}
	var code bytes.Buffer
	if err := template.Must(template.New("").Parse(types)).Execute(&code, p); err != nil {
		return nil, err
	}
	formatted, err := format.Source(code.Bytes())
	if err != nil {
		return nil, fmt.Errorf("the generated code is not Go: %w", err)
	}
	return formatted, nil
}
