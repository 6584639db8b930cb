// Command quoted holds one FIX session and serves its quotes, a JSON object a line, over TCP.
package main

import (
	"flag"
	"log"
	"math/rand"
	"net"
	"strings"
	"time"

	"fixquotes/quotes"
)

func main() {
	venue := flag.String("venue", "127.0.0.1:9878", "address of the FIX acceptor")
	listen := flag.String("listen", "127.0.0.1:9879", "address for subscribers")
	sender := flag.String("sender", "QUOTED", "SenderCompID")
	target := flag.String("target", "VENUE", "TargetCompID")
	symbols := flag.String("symbols", "ACME,INIT", "symbols, with commas")
	heartbeat := flag.Duration("heartbeat", 30*time.Second, "HeartBtInt")
	flag.Parse()

	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		log.Fatal(err)
	}
	hub := quotes.NewHub(2 * time.Second)
	go func() { log.Fatal(hub.Accept(listener)) }()
	feed := quotes.NewFeed(*sender, *target, *heartbeat, hub, strings.Split(*symbols, ",")...)
	for wait := time.Second; ; wait = later(wait) {
		started := time.Now()
		conn, err := net.DialTimeout("tcp", *venue, 5*time.Second)
		if err == nil {
			err = feed.Run(conn)
		}
		log.Printf("session ended: %v", err)
		if time.Since(started) > time.Minute {
			wait = time.Second
		}
		time.Sleep(wait/2 + time.Duration(rand.Int63n(int64(wait)/2))) // jitter: not all at once after an outage
	}
}

func later(wait time.Duration) time.Duration {
	if wait < 30*time.Second {
		return 2 * wait
	}
	return wait
}
