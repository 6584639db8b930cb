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
)

// TestQuickFIXRepeatsWhatTheWireSpoilt needs FIX_VENUE, the program built from peer/venue.cpp.
func TestQuickFIXRepeatsWhatTheWireSpoilt(t *testing.T) {
	program := os.Getenv("FIX_VENUE")
	if program == "" {
		t.Skip("FIX_VENUE names no QuickFIX acceptor")
	}
	address := startVenue(t, program)
	venue, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer venue.Close()
	ours, wire := net.Pipe()
	defer wire.Close()
	var repeated int32
	go spoil(venue, wire, &repeated)
	go pipe(wire, venue)

	hub := NewHub(time.Second)
	box := hub.subscribe()
	go NewFeed("QUOTED", "VENUE", 5*time.Second, hub, "ACME").Run(ours)
	await(t, box, "1.2", false) // stale from the fifth increment on, until a new snapshot
	if atomic.LoadInt32(&repeated) == 0 {
		t.Fatal("QuickFIX repeated nothing")
	}
}

// spoil passes frames on and flips a bit in the fifth increment; it counts those that come repeated.
func spoil(venue, wire net.Conn, repeated *int32) {
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
				atomic.AddInt32(repeated, 1)
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

func startVenue(t *testing.T, program string) string {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	command := exec.Command(program, address[strings.LastIndex(address, ":")+1:], "../fix/quotes44.xml")
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
