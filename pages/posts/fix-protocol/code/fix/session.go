package fix

import (
	"fmt"
	"strconv"
	"time"
)

// Session is one side's memory of a FIX 4.4 session. It touches no socket and no clock.
type Session struct {
	Sender, Target string
	Heartbeat      time.Duration

	next, out       int // the number expected next, and the number last used
	open            int // the highest number seen beyond a gap; 0 when nothing is missing
	asked           int // the number from which a resend was last asked for
	established     bool
	tested          bool
	lastIn, lastOut time.Time
	moved           time.Time // when a number last came in its turn, or a gap opened
}

// Step is what one event asks of the connection and the application.
type Step struct {
	Send    []Message // to be written, in this order
	Deliver bool      // the message is the application's, in its turn
	Lost    bool      // a gap has opened: what the application knows may be wrong
	Refresh bool      // nothing is missing any more: ask for new snapshots
}

// Logon starts the session at 1 on both sides: quotes need no history, their snapshot is the recovery.
func (s *Session) Logon(now time.Time) Message {
	*s = Session{Sender: s.Sender, Target: s.Target, Heartbeat: s.Heartbeat, next: 1, lastIn: now}
	seconds := strconv.Itoa(int(s.Heartbeat / time.Second))
	return s.Message(now, "A",
		Field{EncryptMethod, "0"}, Field{HeartBtInt, seconds}, Field{ResetSeqNumFlag, "Y"})
}

// Message stamps a message with the next number.
func (s *Session) Message(now time.Time, msgType string, body ...Field) Message {
	s.out++
	return s.numbered(now, s.out, msgType, body...)
}

func (s *Session) numbered(now time.Time, number int, msgType string, body ...Field) Message {
	s.lastOut = now
	header := Message{
		{MsgType, msgType}, {SenderCompID, s.Sender}, {TargetCompID, s.Target},
		{MsgSeqNum, strconv.Itoa(number)}, {SendingTime, now.UTC().Format("20060102-15:04:05.000")},
	}
	return append(header, body...)
}

// region receive

// Receive judges a message by its number. An error means: log out and disconnect.
func (s *Session) Receive(m Message, now time.Time) (Step, error) {
	s.lastIn, s.tested = now, false
	number, err := m.Int(MsgSeqNum)
	switch {
	case err != nil:
		return Step{}, err
	case !s.established && m.Type() != "A":
		return Step{}, fmt.Errorf("the first message is %q, not a Logon", m.Type())
	case m.Type() == "4" && m.Value(GapFillFlag) != "Y":
		return s.jump(m) // Reset mode: its own number counts for nothing
	case number > s.next:
		return s.gap(m, number, now)
	case number < s.next && m.Value(PossDupFlag) == "Y":
		return Step{}, nil // seen before, and its sender says so
	case number < s.next:
		return Step{}, fmt.Errorf(
			"MsgSeqNum too low, expecting %d but received %d", s.next, number)
	}
	s.next++
	s.moved = now
	return s.accept(m, now)
}

// endregion receive

// region gap

// gap asks once for everything from the missing number on (EndSeqNo 0), and drops what
// came too early: it will come again. A Logon or ResendRequest won't, so it counts now.
func (s *Session) gap(m Message, number int, now time.Time) (Step, error) {
	step := Step{Lost: s.open == 0}
	switch m.Type() {
	case "A":
		s.established = true
	case "2":
		step.Send = append(step.Send, s.fill(m, now))
	}
	if s.open == 0 {
		s.moved = now
	}
	if number > s.open {
		s.open = number
	}
	if s.asked != s.next {
		s.asked = s.next
		step.Send = append(step.Send, s.Message(now, "2",
			Field{BeginSeqNo, strconv.Itoa(s.next)}, Field{EndSeqNo, "0"}))
	}
	return step, nil
}

// endregion gap

func (s *Session) accept(m Message, now time.Time) (Step, error) {
	var step Step
	switch m.Type() {
	case "0": // Heartbeat: having come is all it has to say
	case "A":
		s.established, step.Refresh = true, true
	case "1":
		step.Send = append(step.Send, s.Message(now, "0", Field{TestReqID, m.Value(TestReqID)}))
	case "2": // our requests are not worth repeating late: fill the gap, then ask afresh
		step.Send, step.Refresh = append(step.Send, s.fill(m, now)), true
	case "4":
		return s.jump(m)
	case "5":
		return Step{Send: []Message{s.Message(now, "5")}}, fmt.Errorf("logged out: %s", m.Value(Text))
	default:
		step.Deliver = true
	}
	return s.closed(step), nil
}

// jump follows a SequenceReset. What it skips may have been quotes: hence Refresh.
func (s *Session) jump(m Message) (Step, error) {
	to, err := m.Int(NewSeqNo)
	if err != nil || to < s.next {
		return Step{}, fmt.Errorf("SequenceReset to %q, while %d is expected", m.Value(NewSeqNo), s.next)
	}
	s.next = to
	return s.closed(Step{Refresh: true}), nil
}

// closed puts off a Refresh while numbers are missing, and adds one when the last has come.
func (s *Session) closed(step Step) Step {
	if s.open == 0 {
		return step
	}
	step.Refresh = s.next > s.open
	if step.Refresh {
		s.open, s.asked = 0, 0
	}
	return step
}

// fill answers a ResendRequest with one SequenceReset-GapFill over all that was asked for.
func (s *Session) fill(m Message, now time.Time) Message {
	from, err := m.Int(BeginSeqNo)
	if err != nil || from < 1 || from > s.out {
		from = s.out
	}
	return s.numbered(now, from, "4", Field{PossDupFlag, "Y"}, Field{122, now.UTC().Format("20060102-15:04:05.000")},
		Field{GapFillFlag, "Y"}, Field{NewSeqNo, strconv.Itoa(s.out + 1)})
}

// Tick keeps time: a Heartbeat when we were quiet, a TestRequest when they were,
// an error when nobody answered it or a gap stayed open.
func (s *Session) Tick(now time.Time) ([]Message, error) {
	patience := s.Heartbeat + s.Heartbeat/5
	quiet := now.Sub(s.lastIn)
	switch {
	case quiet > 2*patience:
		return nil, fmt.Errorf("nothing heard for %v", quiet)
	case s.open != 0 && now.Sub(s.moved) > 2*patience:
		return nil, fmt.Errorf("the gap at %d was not filled", s.next)
	case quiet > patience && !s.tested:
		s.tested = true
		return []Message{s.Message(now, "1", Field{TestReqID, now.UTC().Format("150405.000")})}, nil
	case now.Sub(s.lastOut) >= s.Heartbeat:
		return []Message{s.Message(now, "0")}, nil
	}
	return nil, nil
}
