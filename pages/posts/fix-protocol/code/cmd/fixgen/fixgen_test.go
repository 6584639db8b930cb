package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func real(t *testing.T) []byte {
	t.Helper()
	path := os.Getenv("FIX_DICTIONARY")
	if path == "" {
		t.Skip("FIX_DICTIONARY names no FIX44.xml")
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestTheGeneratedFileIsWhatTheDictionarySays(t *testing.T) {
	directive, err := os.ReadFile("../../fix44/generate.go")
	if err != nil {
		t.Fatal(err)
	}
	_, types, _ := strings.Cut(string(directive), "-messages ")
	types, _, _ = strings.Cut(types, "\n")
	code, err := generate(real(t), strings.Split(types, ","))
	if err != nil {
		t.Fatal(err)
	}
	if kept, err := os.ReadFile("../../fix44/fix44.go"); err != nil || !bytes.Equal(kept, code) {
		t.Fatal("fix44.go is not what fixgen writes: run go generate", err)
	}
}

func TestAllMessagesOfTheRealDictionaryCompile(t *testing.T) {
	code, err := generate(real(t), []string{""})
	if err != nil {
		t.Fatal(err)
	}
	if types := bytes.Count(code, []byte(") MsgType() string")); types != 93 {
		t.Fatal(types, "messages")
	}
	if report, err := build(t, code); err != nil {
		t.Fatal(report)
	}
}

// build compiles a file as if it lay in this module, in a folder of its own.
func build(t *testing.T, code []byte) (report string, err error) {
	t.Helper()
	module, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	file, overlay := filepath.Join(folder, "code.go"), filepath.Join(folder, "overlay.json")
	replace, err := json.Marshal(map[string]any{
		"Replace": map[string]string{filepath.Join(module, "tried", "code.go"): file},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.WriteFile(file, code, 0o644), os.WriteFile(overlay, replace, 0o644)); err != nil {
		t.Fatal(err)
	}
	output, err := exec.Command("go", "build", "-overlay="+overlay, "fixquotes/tried").CombinedOutput()
	return string(output), err
}

func TestAMessageThatTheDictionaryLacksIsNamed(t *testing.T) {
	if _, err := generate(real(t), []string{"A", "ZZ"}); err == nil || !strings.Contains(err.Error(), `"ZZ"`) {
		t.Fatal(err)
	}
}

// The service is type-safe where a wrong type does not compile.
func TestAWrongTypeDoesNotCompile(t *testing.T) {
	for line, want := range map[string]string{
		"fix44.Logon{HeartBtInt: \"30\"}":                                 "cannot use \"30\"",
		"fix44.MDIncGrpNoMDEntries{MDUpdateAction: fix44.MDEntryTypeBid}": "as fix44.MDUpdateAction",
		"fix44.Logon{HeartBeatInt: 30}":                                   "unknown field HeartBeatInt",
	} {
		code := "package wrong\n\nimport \"fixquotes/fix44\"\n\nvar _ = " + line + "\n"
		report, err := build(t, []byte(code))
		if err == nil || !strings.Contains(report, want) {
			t.Errorf("%s: %s", line, report)
		}
	}
}
