// Package session keeps one side's sequence of a FIX 4.4 session.
package session

import (
	"fmt"
	"time"

	"fixquotes/fix"
	"fixquotes/fix44"
)

// Config is what two sides agree on before they connect.
type Config struct {
	Sender, Target     string
	Username, Password string // not sent where empty
	Heartbeat          time.Duration
}

// Session is one side's memory of a session. It touches no socket and no clock.
type Session struct {
	config    Config
	heartbeat time.Duration // the venue's answer may change it

	next, out       int // the number expected next, and the number last used
	open            int // the highest number seen beyond a gap; 0: nothing is missing
	asked           int // the number from which a resend was last asked for
	established     bool
	tested          bool // a TestRequest is out
	lastIn, lastOut time.Time
	moved           time.Time // when a number came in its turn, or a gap opened
}

// New is a session that has not been logged on.
func New(config Config) *Session { return &Session{config: config} }

// Established tells whether the other side has answered our Logon.
func (s *Session) Established() bool { return s.established }

// Step is what one event asks of the connection and the application.
type Step struct {
	Send    []fix.Message // to be written, in this order
	Deliver bool          // the message is the application's, in its turn
	Lost    bool          // a gap has opened: what the application knows may be wrong
	Refresh bool          // nothing is missing any more: ask for new snapshots
}

// region logon

// Logon starts both sides at 1: quotes need no history, their snapshot is the recovery.
func (s *Session) Logon(now time.Time) fix.Message {
	*s = Session{
		config: s.config, heartbeat: s.config.Heartbeat, next: 1, lastIn: now,
	}
	logon := fix44.Logon{
		EncryptMethod:   fix44.EncryptMethodNone,
		HeartBtInt:      int(s.heartbeat / time.Second),
		ResetSeqNumFlag: new(true),
	}
	if s.config.Username != "" {
		logon.Username = &s.config.Username
		logon.Password = &s.config.Password
	}
	return s.Message(now, &logon)
}

// endregion logon

// Message stamps a message with the next number.
func (s *Session) Message(now time.Time, body fix.Body) fix.Message {
	s.out++
	return body.Append(s.header(now, s.out, body.MsgType()))
}

func (s *Session) header(now time.Time, number int, msgType string) fix.Message {
	s.lastOut = now
	m := fix.Message{{Tag: fix44.TagMsgType, Value: msgType}}
	m = fix.Put(m, fix44.TagSenderCompID, fix.Text, s.config.Sender)
	m = fix.Put(m, fix44.TagTargetCompID, fix.Text, s.config.Target)
	m = fix.Put(m, fix44.TagMsgSeqNum, fix.Int, number)
	return fix.Put(m, fix44.TagSendingTime, fix.Time, now)
}

// region receive

// Receive judges a message by its number. An error means: log out and disconnect.
func (s *Session) Receive(m fix.Message, now time.Time) (Step, error) {
	s.lastIn, s.tested = now, false
	number, err := m.Int(fix44.TagMsgSeqNum)
	repeated := m.Value(fix44.TagPossDupFlag) == "Y"
	switch {
	case err != nil:
		return Step{}, err
	case !s.established && m.Type() != "A" && m.Type() != "5":
		return Step{}, fmt.Errorf("the first message is %q, not a Logon", m.Type())
	case m.Type() == "4" && m.Value(fix44.TagGapFillFlag) != "Y":
		return s.jump(m) // Reset mode: its own number counts for nothing
	case number > s.next:
		return s.gap(m, number, now)
	case number < s.next && repeated:
		return Step{}, nil // we have it already
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
func (s *Session) gap(m fix.Message, number int, now time.Time) (Step, error) {
	step := Step{Lost: s.open == 0}
	switch m.Type() {
	case "A":
		if err := s.loggedOn(m); err != nil {
			return step, err
		}
	case "2":
		fill, err := s.fill(m, now)
		if err != nil {
			return step, err
		}
		step.Send = append(step.Send, fill)
	}
	if s.open == 0 {
		s.moved = now
	}
	s.open = max(s.open, number)
	if s.asked != s.next {
		s.asked = s.next
		request := fix44.ResendRequest{BeginSeqNo: s.next, EndSeqNo: 0}
		step.Send = append(step.Send, s.Message(now, &request))
	}
	return step, nil
}

// endregion gap

func (s *Session) accept(m fix.Message, now time.Time) (Step, error) {
	var step Step
	switch m.Type() {
	case "0": // Heartbeat: that it came is all it has to say
	case "A":
		if err := s.loggedOn(m); err != nil {
			return step, err
		}
		step.Refresh = true
	case "1":
		test, err := fix44.DecodeTestRequest(m)
		if err != nil {
			return step, err
		}
		step.Send = append(step.Send, s.Message(now, &fix44.Heartbeat{TestReqID: &test.TestReqID}))
	case "2": // our requests are not worth repeating late: fill the gap, then ask afresh
		fill, err := s.fill(m, now)
		if err != nil {
			return step, err
		}
		step.Send, step.Refresh = append(step.Send, fill), true
	case "4":
		return s.jump(m)
	case "5":
		step.Send = append(step.Send, s.Message(now, &fix44.Logout{}))
		return step, fmt.Errorf("logged out: %s", m.Value(fix44.TagText))
	default:
		step.Deliver = true
	}
	return s.closed(step), nil
}

// loggedOn takes the heartbeat interval that the venue's Logon names.
func (s *Session) loggedOn(m fix.Message) error {
	logon, err := fix44.DecodeLogon(m)
	if err != nil {
		return err
	}
	if logon.HeartBtInt < 1 {
		return fmt.Errorf("HeartBtInt is %d: a dead link would go unnoticed", logon.HeartBtInt)
	}
	s.heartbeat = time.Duration(logon.HeartBtInt) * time.Second
	s.established = true
	return nil
}

// jump follows a SequenceReset. What it skips may have been quotes: hence Refresh.
func (s *Session) jump(m fix.Message) (Step, error) {
	reset, err := fix44.DecodeSequenceReset(m)
	if err != nil {
		return Step{}, err
	}
	if reset.NewSeqNo < s.next {
		return Step{}, fmt.Errorf("SequenceReset to %d, while %d is expected", reset.NewSeqNo, s.next)
	}
	s.next = reset.NewSeqNo
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

// region fill

// fill answers a ResendRequest with one GapFill over exactly what was asked for:
// EndSeqNo(16) 0 means everything so far.
func (s *Session) fill(m fix.Message, now time.Time) (fix.Message, error) {
	asked, err := fix44.DecodeResendRequest(m)
	if err != nil {
		return nil, err
	}
	begin, end := asked.BeginSeqNo, asked.EndSeqNo
	if end == 0 || end > s.out {
		end = s.out
	}
	if begin < 1 || begin > end {
		return nil, fmt.Errorf("asked for %d to %d of %d messages", begin, end, s.out)
	}
	header := s.header(now, begin, "4")
	header = fix.Put(header, fix44.TagPossDupFlag, fix.Bool, true)
	header = fix.Put(header, fix44.TagOrigSendingTime, fix.Time, now)
	fill := fix44.SequenceReset{GapFillFlag: new(true), NewSeqNo: end + 1}
	return fill.Append(header), nil
}

// endregion fill

// region tick

// Tick keeps time: a Heartbeat after our own silence, a TestRequest after theirs, an
// error when that goes unanswered or a gap stays open.
func (s *Session) Tick(now time.Time) ([]fix.Message, error) {
	patience := s.heartbeat + s.heartbeat/5
	quiet := now.Sub(s.lastIn)
	switch {
	case quiet > 2*patience:
		return nil, fmt.Errorf("nothing received for %v", quiet.Round(time.Second))
	case s.open != 0 && now.Sub(s.moved) > 2*patience:
		return nil, fmt.Errorf("the gap at %d was not filled", s.next)
	case quiet > patience && !s.tested:
		s.tested = true
		request := fix44.TestRequest{TestReqID: now.UTC().Format("150405.000")}
		return []fix.Message{s.Message(now, &request)}, nil
	case now.Sub(s.lastOut) >= s.heartbeat:
		return []fix.Message{s.Message(now, &fix44.Heartbeat{})}, nil
	}
	return nil, nil
}

// endregion tick
