// Command quoted holds one FIX session and serves its quotes, a JSON object a line, over TCP.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"fixquotes/quotes"
	"fixquotes/session"
)

const longestWait = 30 * time.Second // between two attempts; WatchdogSec must be well above

func main() {
	venue := flag.String("venue", "127.0.0.1:9878", "address of the FIX acceptor")
	listen := flag.String("listen", "127.0.0.1:9879", "address for subscribers")
	sender := flag.String("sender", "QUOTED", "SenderCompID")
	target := flag.String("target", "VENUE", "TargetCompID")
	user := flag.String("user", "", "Username; the password is the credential venue-password")
	symbols := flag.String("symbols", "ACME,INIT", "symbols, with commas")
	heartbeat := flag.Duration("heartbeat", 30*time.Second, "HeartBtInt")
	authority := flag.String("ca", "", "file with the venue's CA; else the system's")
	plain := flag.Bool("plain", false, "no TLS: for a venue on this machine")
	flag.Parse()

	config := session.Config{
		Sender: *sender, Target: *target, Username: *user, Heartbeat: *heartbeat,
	}
	var err error
	config.Password, err = password(*user)
	check(err)
	dialer, err := newDialer(*venue, *authority, *plain)
	check(err)
	listener, err := net.Listen("tcp", *listen)
	check(err)

	hub := quotes.NewHub(2 * time.Second)
	go func() { log.Fatal(hub.Accept(listener)) }()
	feed := quotes.NewFeed(config, hub, strings.Split(*symbols, ",")...)
	feed.Alive = everySecond(func() { notify("WATCHDOG=1") })
	notify("READY=1")
	keep(feed, dialer)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// region keep

// keep logs on again after each end, later each time. A venue that refuses a Logon may
// lock the account: only a session that lasted a minute starts the waiting anew.
func keep(feed *quotes.Feed, dial func() (net.Conn, error)) {
	for wait := time.Second; ; wait = min(2*wait, longestWait) {
		started := time.Now()
		conn, err := dial()
		if err == nil {
			err = feed.Run(conn)
		}
		log.Printf("session ended: %v", err)
		notify("WATCHDOG=1\nSTATUS=session ended: " + fmt.Sprint(err))
		if time.Since(started) > time.Minute {
			wait = time.Second
		}
		time.Sleep(wait/2 + rand.N(wait/2)) // jitter: not all at once after an outage
	}
}

// endregion keep

// newDialer connects inside TLS, and checks the venue's certificate.
func newDialer(venue, authority string, plain bool) (func() (net.Conn, error), error) {
	network := &net.Dialer{Timeout: 5 * time.Second}
	if plain {
		return func() (net.Conn, error) { return network.Dial("tcp", venue) }, nil
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if authority != "" {
		pem, err := os.ReadFile(authority)
		if err != nil {
			return nil, err
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("%s holds no certificate", authority)
		}
	}
	return func() (net.Conn, error) {
		return tls.DialWithDialer(network, "tcp", venue, config)
	}, nil
}

// password reads what systemd's LoadCredential= has put into a folder that only this
// service can read. It is neither in the unit, nor in the environment, nor in the log.
func password(user string) (string, error) {
	if user == "" {
		return "", nil
	}
	raw, err := os.ReadFile(filepath.Join(os.Getenv("CREDENTIALS_DIRECTORY"), "venue-password"))
	return strings.TrimRight(string(raw), "\r\n"), err
}
