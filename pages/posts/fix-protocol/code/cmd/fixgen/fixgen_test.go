package main

import (
	"bytes"
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
	folder, err := os.MkdirTemp("../..", "all-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(folder)
	if err := os.WriteFile(filepath.Join(folder, "all.go"), code, 0o644); err != nil {
		t.Fatal(err)
	}
	if report, err := exec.Command("go", "build", "./../../"+filepath.Base(folder)).CombinedOutput(); err != nil {
		t.Fatalf("%s", report)
	}
}

func TestAMessageThatTheDictionaryLacksIsNamed(t *testing.T) {
	if _, err := generate(real(t), []string{"A", "ZZ"}); err == nil || !strings.Contains(err.Error(), `"ZZ"`) {
		t.Fatal(err)
	}
}

// The service is type-safe where a wrong type does not compile.
func TestAWrongTypeDoesNotCompile(t *testing.T) {
	folder, err := os.MkdirTemp("../..", "wrong-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(folder)
	for line, want := range map[string]string{
		"fix44.Logon{HeartBtInt: \"30\"}":                                 "cannot use \"30\"",
		"fix44.MDIncGrpNoMDEntries{MDUpdateAction: fix44.MDEntryTypeBid}": "as fix44.MDUpdateAction",
		"fix44.Logon{HeartBeatInt: 30}":                                   "unknown field HeartBeatInt",
	} {
		code := "package wrong\n\nimport \"fixquotes/fix44\"\n\nvar _ = " + line + "\n"
		if err := os.WriteFile(filepath.Join(folder, "wrong.go"), []byte(code), 0o644); err != nil {
			t.Fatal(err)
		}
		report, err := exec.Command("go", "build", "./../../"+filepath.Base(folder)).CombinedOutput()
		if err == nil || !strings.Contains(string(report), want) {
			t.Errorf("%s: %s", line, report)
		}
	}
}
