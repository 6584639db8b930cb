package main

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"fixquotes/fix"
	"fixquotes/quotes"
)

// These tests run the program as the unit file would: TLS to the venue, the password as a
// credential, systemd's notifications; QuickFIX is the venue, behind a TLS relay.

func venueProgram(t *testing.T) string {
	t.Helper()
	program := os.Getenv("FIX_VENUE")
	if program == "" {
		t.Skip("FIX_VENUE names no QuickFIX acceptor")
	}
	return program
}

func TestTheProgramServesQuotesAndComesBackAfterTheVenueDied(t *testing.T) {
	venue := startVenue(t, venueProgram(t), freePort(t))
	relay := newRelay(t, venue.address)
	states := notifications(t)
	quoted := startQuoted(t, relay, "open sesame")

	subscriber := subscribe(t, quoted.listen)
	fresh := subscriber.until("1.20", false)
	if fresh.BidSize != "300" || time.Since(fresh.VenueTime).Abs() > time.Minute {
		t.Fatal(fresh)
	}
	for _, want := range []string{"READY=1", "WATCHDOG=1"} {
		awaitState(t, states, want)
	}
	venue.kill()
	subscriber.until("1.20", true)
	startVenue(t, venueProgram(t), venue.port)
	subscriber.until("1.20", false)
	awaitState(t, states, "STATUS=session ended: EOF")
	if log := quoted.log(); strings.Contains(log, "sesame") {
		t.Fatal("the password is in the log: ", log)
	}
}

func TestAWrongPasswordIsRetriedEverMoreSlowly(t *testing.T) {
	venue := startVenue(t, venueProgram(t), freePort(t))
	quoted := startQuoted(t, newRelay(t, venue.address), "guess")
	quoted.awaitLog(t, "wrong password")
	time.Sleep(4 * time.Second) // the waits are 1, 2 and 4 seconds, less a half at most
	log := quoted.log()
	if refused := strings.Count(log, "wrong password"); refused > 4 || strings.Contains(log, "guess") {
		t.Fatal(refused, log)
	}
}

func TestAVenueThatTheAuthorityDidNotSignGetsNoPassword(t *testing.T) {
	venue := startVenue(t, venueProgram(t), freePort(t))
	relay := newRelay(t, venue.address)
	relay.authority = newRelay(t, venue.address).authority // another's
	quoted := startQuoted(t, relay, "open sesame")
	quoted.awaitLog(t, "unknown authority")
}

type program struct {
	*exec.Cmd
	address, port, listen string

	mu     sync.Mutex
	stderr bytes.Buffer
}

func (p *program) Write(line []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stderr.Write(line)
}

func (p *program) log() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stderr.String()
}

func (p *program) awaitLog(t *testing.T, words string) {
	t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for !strings.Contains(p.log(), words) {
		if time.Now().After(deadline) {
			t.Fatal(p.log())
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (p *program) kill() {
	_ = p.Process.Kill()
	_ = p.Wait()
}

func startVenue(t *testing.T, path, port string) *program {
	t.Helper()
	venue := &program{
		Cmd: exec.Command(path, port, os.Getenv("FIX_DICTIONARY")), port: port, address: "127.0.0.1:" + port,
	}
	if _, err := venue.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	stdout, err := venue.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	start(t, venue)
	if line, err := bufio.NewReader(stdout).ReadString('\n'); err != nil || line != "ready\n" {
		t.Fatal(line, err)
	}
	return venue
}

func start(t *testing.T, p *program) {
	t.Helper()
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
}

var built = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "quoted")
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "quoted")
	return path, exec.Command("go", "build", "-o", path, ".").Run()
})

func TestMain(m *testing.M) {
	status := m.Run()
	if path, err := built(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(status)
}

func startQuoted(t *testing.T, relay *relay, password string) *program {
	t.Helper()
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	credentials := t.TempDir()
	if err := os.WriteFile(filepath.Join(credentials, "venue-password"), []byte(password+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := &program{listen: "127.0.0.1:" + freePort(t)}
	p.Cmd = exec.Command(path, "-venue", relay.address, "-ca", relay.authority, "-listen", p.listen,
		"-user", "quoted", "-symbols", "ACME", "-heartbeat", "2s")
	p.Stderr = p
	p.Env = append(os.Environ(), "CREDENTIALS_DIRECTORY="+credentials)
	start(t, p)
	return p
}

func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	return port
}

// relay ends TLS in front of an acceptor that speaks none.
type relay struct{ address, authority string }

func newRelay(t *testing.T, venue string) *relay {
	t.Helper()
	certificate, authority := selfSigned(t)
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{certificate}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go pass(conn, venue)
		}
	}()
	return &relay{listener.Addr().String(), authority}
}

func pass(conn net.Conn, venue string) {
	defer conn.Close()
	onward, err := net.Dial("tcp", venue)
	if err != nil {
		return
	}
	defer onward.Close()
	go func() { _, _ = io.Copy(onward, conn); onward.Close() }()
	_, _ = io.Copy(conn, onward)
}

func selfSigned(t *testing.T) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, path
}

// notifications listens where systemd would.
func notifications(t *testing.T) <-chan string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	t.Setenv("NOTIFY_SOCKET", path)
	states := make(chan string, 1000)
	go func() {
		buffer := make([]byte, 4096)
		for {
			n, err := conn.Read(buffer)
			if err != nil {
				return
			}
			states <- string(buffer[:n])
		}
	}()
	return states
}

func awaitState(t *testing.T, states <-chan string, want string) {
	t.Helper()
	for deadline := time.After(20 * time.Second); ; {
		select {
		case state := <-states:
			if strings.Contains(state, want) {
				return
			}
		case <-deadline:
			t.Fatal("never said ", want)
		}
	}
}

type subscriber struct {
	t     *testing.T
	lines *json.Decoder
}

func subscribe(t *testing.T, address string) *subscriber {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			t.Cleanup(func() { conn.Close() })
			_ = conn.SetDeadline(time.Now().Add(40 * time.Second))
			return &subscriber{t, json.NewDecoder(conn)}
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (s *subscriber) until(bid fix.Decimal, stale bool) (quote quotes.Quote) {
	s.t.Helper()
	for quote.Bid != bid || quote.Stale != stale {
		quote = quotes.Quote{}
		if err := s.lines.Decode(&quote); err != nil {
			s.t.Fatalf("waiting for %s, stale %v: %v", bid, stale, err)
		}
	}
	return quote
}
