package main

import (
	"bufio"
	"bytes"
	"log"
	"net"
	"slices"
	"sync"
	"syscall"
	"time"

	"fixquotes/quotes"
)

const readers = 40 // one of them frozen

// fan is what forty subscribers on sockets saw together.
type fan struct {
	lines int
	ages  []time.Duration // of each tenth line, when it was read
	cpu   time.Duration   // of publisher, hub and readers together
}

func (f fan) percentile(p int) time.Duration {
	slices.Sort(f.ages)
	return f.ages[(len(f.ages)-1)*p/100]
}

// fanOut publishes for three seconds to forty sockets. It ends when every reader but the
// frozen one has the last quote.
func fanOut() fan {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	defer listener.Close()
	hub := quotes.NewHub(2 * time.Second)
	go func() { _ = hub.Accept(listener) }()
	seen := make([]fan, readers)
	var reading sync.WaitGroup
	for i := range readers {
		conn, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			log.Fatal(err)
		}
		defer conn.Close()
		if i > 0 { // the first one reads nothing
			reading.Go(func() { seen[i] = read(conn) })
		}
	}
	for hub.Subscribers() < readers {
		time.Sleep(time.Millisecond)
	}
	before := cpu()
	publish(func(quote quotes.Quote) { hub.Publish([]quotes.Quote{quote}) })
	hub.Publish([]quotes.Quote{{Symbol: "END"}})
	reading.Wait()
	total := fan{cpu: cpu() - before}
	for _, one := range seen {
		total.lines += one.lines
		total.ages = append(total.ages, one.ages...)
	}
	return total
}

// read takes lines up to the one of END. The symbol stands first in a line, the time last.
func read(conn net.Conn) (seen fan) {
	if err := conn.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		log.Fatal(err)
	}
	lines := bufio.NewScanner(conn)
	for lines.Scan() {
		if bytes.HasPrefix(lines.Bytes(), []byte(`{"symbol":"END"`)) {
			return seen
		}
		if seen.lines++; seen.lines%10 == 0 {
			seen.ages = append(seen.ages, age(lines.Bytes()))
		}
	}
	log.Fatal("a reader lost its connection before the last quote: ", lines.Err())
	return seen
}

func age(line []byte) time.Duration {
	_, after, _ := bytes.Cut(line, []byte(`"received":"`))
	received, err := time.Parse(time.RFC3339Nano, string(bytes.TrimRight(after, `"}`)))
	if err != nil {
		log.Fatal(err)
	}
	return time.Since(received)
}

func cpu() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		log.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
