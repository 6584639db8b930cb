// Package cqlwire answers a Cassandra driver so far that it sends its statements, and
// writes down what it sent. It stores nothing, checks no CQL, and is no Cassandra:
// it shows what the driver was told to do, and nothing about what a node would do.
package cqlwire

import (
	"encoding/binary"
	"io"
	"net"
	"strings"
	"sync"
)

const ( // opcodes of the native protocol, version 4, section 2.4
	opError, opStartup, opReady, opOptions, opSupported = 0x00, 0x01, 0x02, 0x05, 0x06
	opQuery, opResult, opPrepare, opExecute, opRegister = 0x07, 0x08, 0x09, 0x0A, 0x0B
)

// Executed is one statement as the driver sent it.
type Executed struct {
	Statement         string
	Consistency       uint16
	SerialConsistency uint16
	PageSize          int32
	PagingState       []byte
	HasTimestamp      bool
	Values            [][]byte // nil: null or unset
	Unset             []bool
}

// Server listens on a loopback port of its own.
type Server struct {
	// Answer may return an error code and message; 0 is success.
	Answer func(Executed) (code int32, message string)
	// Peer is another stand-in that this one names, at the same port; nil for none.
	Peer net.IP

	listener net.Listener
	mu       sync.Mutex
	prepared []string
	executed []Executed
	newest   [][]byte
}

// Start listens on an address of this machine, port 9042 or any (":0").
func Start(address string) (*Server, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	s := &Server{listener: listener}
	go s.accept()
	return s, nil
}

func (s *Server) Addr() *net.TCPAddr { return s.listener.Addr().(*net.TCPAddr) }
func (s *Server) Close() error       { return s.listener.Close() }

// Executed is what was sent, without the driver's own questions about the schema.
func (s *Server) Executed() []Executed {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Executed(nil), s.executed...)
}

func (s *Server) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		go s.serve(conn)
	}
}

func (s *Server) serve(conn net.Conn) {
	defer conn.Close()
	for {
		head := make([]byte, 9)
		if _, err := io.ReadFull(conn, head); err != nil {
			return
		}
		body := make([]byte, binary.BigEndian.Uint32(head[5:]))
		if _, err := io.ReadFull(conn, body); err != nil {
			return
		}
		opcode, answer := s.answer(head[4], body)
		frame := append([]byte{0x84, 0}, head[2], head[3], opcode)
		frame = binary.BigEndian.AppendUint32(frame, uint32(len(answer)))
		if _, err := conn.Write(append(frame, answer...)); err != nil {
			return
		}
	}
}

func (s *Server) answer(opcode byte, body []byte) (byte, []byte) {
	switch opcode {
	case opOptions:
		return opSupported, []byte{0, 0}
	case opStartup, opRegister:
		return opReady, nil
	case opQuery:
		return opResult, s.question(string(body[4 : 4+binary.BigEndian.Uint32(body)]))
	case opPrepare:
		return opResult, s.prepare(string(body[4:]))
	case opExecute:
		return s.execute(body)
	}
	return opError, failure(0x000A, "not part of this stand-in")
}

func (s *Server) question(statement string) []byte {
	switch {
	case strings.HasPrefix(statement, "USE"):
		return append([]byte{0, 0, 0, 3}, text("quotes")...)
	case strings.Contains(statement, "system.local"):
		return node(s.Addr().IP.To4(), true)
	case strings.Contains(statement, "system.peers") && s.Peer != nil:
		return node(s.Peer.To4(), false)
	}
	return empty()
}

func (s *Server) prepare(statement string) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.prepared = append(s.prepared, statement)
	id := uint16(len(s.prepared) - 1)
	answer := append([]byte{0, 0, 0, 4, 0, 2}, byte(id>>8), byte(id))
	return append(answer, metadata(statement)...)
}

func (s *Server) execute(body []byte) (byte, []byte) {
	e := s.read(body)
	if system(e.Statement) {
		return opResult, empty()
	}
	s.mu.Lock()
	s.executed = append(s.executed, e)
	answer, newest := s.Answer, s.newest
	s.mu.Unlock()
	if answer != nil {
		if code, message := answer(e); code != 0 {
			return opError, failure(code, message)
		}
	}
	switch {
	case strings.HasPrefix(e.Statement, "SELECT epoch"):
		return opResult, epoch(newest)
	case strings.HasPrefix(e.Statement, "SELECT"):
		return opResult, page(e)
	case strings.Contains(e.Statement, "IF NOT EXISTS"):
		return opResult, applied()
	}
	return opResult, []byte{0, 0, 0, 1}
}

// SetAnswer changes what the next statements get.
func (s *Server) SetAnswer(answer func(Executed) (int32, string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Answer = answer
}

// SetNewest changes what a question about epochs gets: a number and a holder, as they
// are sent. Before that there is no row.
func (s *Server) SetNewest(number, holder []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.newest = [][]byte{number, holder}
}
