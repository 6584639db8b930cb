package quotes

import (
	"bufio"
	"bytes"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fixquotes/fix"
	"fixquotes/session"
)

// TestQuickFIXRepeatsWhatTheWireSpoilt needs FIX_VENUE, the program built from peer/venue.cpp.
func TestQuickFIXRepeatsWhatTheWireSpoilt(t *testing.T) {
	program := venueProgram(t)
	venue := dialVenue(t, startVenue(t, program, os.Getenv("FIX_DICTIONARY")))
	ours, wire := net.Pipe()
	defer wire.Close()
	var repeated atomic.Int32
	go spoil(venue, wire, &repeated)
	go pipe(wire, venue)

	hub := NewHub(time.Second)
	box := hub.subscribe()
	go NewFeed(known, hub, "ACME").Run(ours)
	await(t, box, "1.20", false) // stale from the fifth increment on, until a new snapshot
	if repeated.Load() == 0 {
		t.Fatal("QuickFIX repeated nothing")
	}
}

var known = session.Config{
	Sender: "QUOTED", Target: "VENUE", Heartbeat: 5 * time.Second, Username: "quoted", Password: "open sesame",
}

func venueProgram(t *testing.T) string {
	t.Helper()
	program := os.Getenv("FIX_VENUE")
	if program == "" {
		t.Skip("FIX_VENUE names no QuickFIX acceptor")
	}
	return program
}

func dialVenue(t *testing.T, address string) net.Conn {
	t.Helper()
	venue, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { venue.Close() })
	return venue
}

func TestQuickFIXWithoutADictionaryRejectsOurRepeatingGroup(t *testing.T) {
	address := startVenue(t, venueProgram(t), "-")
	err := NewFeed(known, NewHub(time.Second), "ACME").Run(dialVenue(t, address))
	if err == nil || !strings.Contains(err.Error(), "the request was rejected: Tag appears more than once") {
		t.Fatal(err)
	}
}

func TestQuickFIXRefusesAWrongPasswordAndSaysSo(t *testing.T) {
	address := startVenue(t, venueProgram(t), os.Getenv("FIX_DICTIONARY"))
	stranger := known
	stranger.Password = "guess"
	feed := NewFeed(stranger, NewHub(time.Second), "ACME")
	err := feed.Run(dialVenue(t, address))
	if err == nil || !strings.Contains(err.Error(), "logged out: Rejected Logon Attempt: wrong password") || feed.Session.Established() {
		t.Fatal(err)
	}
}

// spoil passes frames on and flips a bit in the fifth increment; it counts those that come repeated.
func spoil(venue, wire net.Conn, repeated *atomic.Int32) {
	frames := bufio.NewScanner(venue)
	frames.Split(fix.Split)
	for increments := 0; frames.Scan(); {
		frame := frames.Bytes()
		if bytes.Contains(frame, []byte("\x0135=X\x01")) {
			increments++
			if increments == 5 {
				frame[len(frame)/2] ^= 1
			}
			if bytes.Contains(frame, []byte("\x0143=Y\x01")) {
				repeated.Add(1)
			}
		}
		if _, err := wire.Write(frame); err != nil {
			return
		}
	}
}

func pipe(from, to net.Conn) {
	buffer := make([]byte, 4096)
	for {
		n, err := from.Read(buffer)
		if _, failed := to.Write(buffer[:n]); err != nil || failed != nil {
			return
		}
	}
}

func startVenue(t *testing.T, program, dictionary string) string {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	command := exec.Command(program, address[strings.LastIndex(address, ":")+1:], dictionary)
	stdin, _ := command.StdinPipe()
	stdout, _ := command.StdoutPipe()
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stdin.Close(); command.Process.Kill(); command.Wait() })
	if line, err := bufio.NewReader(stdout).ReadString('\n'); err != nil || line != "ready\n" {
		t.Fatal(line, err)
	}
	return address
}
