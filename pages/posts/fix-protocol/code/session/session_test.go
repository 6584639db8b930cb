package session

import (
	"strconv"
	"testing"
	"time"

	"fixquotes/fix"
	"fixquotes/fix44"
)

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

func theirs(number int, msgType string, body ...fix.Field) fix.Message {
	header := fix.Message{{Tag: 35, Value: msgType}, {Tag: 34, Value: strconv.Itoa(number)}}
	return append(header, body...)
}

func logon(number, heartbeat int) fix.Message {
	return (&fix44.Logon{EncryptMethod: "0", HeartBtInt: heartbeat}).Append(theirs(number, "A"))
}

func loggedOn(t *testing.T) *Session {
	t.Helper()
	s := New(Config{Sender: "US", Target: "THEM", Heartbeat: 10 * time.Second})
	s.Logon(noon)
	if step, err := s.Receive(logon(1, 10), noon); err != nil || !step.Refresh {
		t.Fatal(step, err)
	}
	return s
}

func receive(t *testing.T, s *Session, m fix.Message) Step {
	t.Helper()
	step, err := s.Receive(m, noon)
	if err != nil {
		t.Fatal(err)
	}
	return step
}

func TestAGapIsAskedForOnceAndFilledInOrder(t *testing.T) {
	s := loggedOn(t)
	first := receive(t, s, theirs(4, "X"))
	if !first.Lost || first.Deliver || len(first.Send) != 1 {
		t.Fatal(first)
	}
	asked := first.Send[0]
	if asked.Value(fix44.TagBeginSeqNo) != "2" || asked.Value(fix44.TagEndSeqNo) != "0" {
		t.Fatal(first)
	}
	if again := receive(t, s, theirs(5, "X")); again.Lost || again.Deliver || len(again.Send) != 0 {
		t.Fatal("asked twice", again)
	}
	for number := 2; number <= 5; number++ {
		step := receive(t, s, theirs(number, "X", fix.Field{Tag: fix44.TagPossDupFlag, Value: "Y"}))
		if !step.Deliver || step.Refresh != (number == 5) {
			t.Fatal(number, step)
		}
	}
}

func TestAGapInTheReplayIsAskedForAgain(t *testing.T) {
	s := loggedOn(t)
	receive(t, s, theirs(5, "X"))
	receive(t, s, theirs(2, "X", fix.Field{Tag: fix44.TagPossDupFlag, Value: "Y"}))
	if step := receive(t, s, theirs(4, "X", fix.Field{Tag: fix44.TagPossDupFlag, Value: "Y"})); len(step.Send) != 1 || step.Send[0].Value(fix44.TagBeginSeqNo) != "3" {
		t.Fatal(step)
	}
}

func TestAGapFillMayHaveSkippedQuotesSoSnapshotsAreAskedFor(t *testing.T) {
	s := loggedOn(t)
	receive(t, s, theirs(6, "X"))
	step := receive(t, s, theirs(2, "4", fix.Field{Tag: fix44.TagGapFillFlag, Value: "Y"}, fix.Field{Tag: fix44.TagNewSeqNo, Value: "7"}))
	if !step.Refresh || step.Deliver {
		t.Fatal(step)
	}
	if next := receive(t, s, theirs(7, "X")); !next.Deliver {
		t.Fatal(next)
	}
}

func TestAResetIgnoresItsOwnNumberButMayNotGoBack(t *testing.T) {
	s := loggedOn(t)
	if step := receive(t, s, theirs(99, "4", fix.Field{Tag: fix44.TagNewSeqNo, Value: "40"})); !step.Refresh {
		t.Fatal(step)
	}
	if _, err := s.Receive(theirs(1, "4", fix.Field{Tag: fix44.TagNewSeqNo, Value: "39"}), noon); err == nil {
		t.Fatal("went back")
	}
}

func TestALowNumberEndsTheSessionUnlessItIsMarkedAsRepeated(t *testing.T) {
	s := loggedOn(t)
	if step := receive(t, s, theirs(1, "X", fix.Field{Tag: fix44.TagPossDupFlag, Value: "Y"})); step.Deliver {
		t.Fatal("delivered twice")
	}
	if _, err := s.Receive(theirs(1, "X"), noon); err == nil || err.Error() != "MsgSeqNum too low, expecting 2 but received 1" {
		t.Fatal(err)
	}
}

func TestAResendRequestBeyondAGapIsAnsweredBeforeOurs(t *testing.T) {
	s := loggedOn(t)
	step := receive(t, s, theirs(3, "2", fix.Field{Tag: fix44.TagBeginSeqNo, Value: "1"}, fix.Field{Tag: fix44.TagEndSeqNo, Value: "0"}))
	if len(step.Send) != 2 || step.Send[0].Type() != "4" || step.Send[0].Value(fix44.TagNewSeqNo) != "2" || step.Send[1].Type() != "2" {
		t.Fatal(step)
	}
}

func TestSilenceIsTestedThenEnded(t *testing.T) {
	s := loggedOn(t)
	types := ""
	for second := 1; second <= 25; second++ {
		due, err := s.Tick(noon.Add(time.Duration(second) * time.Second))
		if err != nil {
			if types != "010" || second != 25 {
				t.Fatal(types, second, err)
			}
			return
		}
		for _, m := range due {
			types += m.Type()
		}
	}
	t.Fatal("never ended", types)
}

func TestAGapThatStaysOpenEndsTheSession(t *testing.T) {
	s := loggedOn(t)
	receive(t, s, theirs(9, "X"))
	late := noon.Add(25 * time.Second)
	s.Receive(theirs(10, "0"), late)
	if _, err := s.Tick(late); err == nil {
		t.Fatal("waits forever")
	}
}

func TestALongReplayThatMovesOnIsNotGivenUp(t *testing.T) {
	s := loggedOn(t)
	receive(t, s, theirs(9, "X"))
	for number := 2; number < 9; number++ {
		now := noon.Add(time.Duration(number) * 10 * time.Second)
		if _, err := s.Receive(theirs(number, "X", fix.Field{Tag: fix44.TagPossDupFlag, Value: "Y"}), now); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Tick(now); err != nil {
			t.Fatal(err)
		}
	}
}

func TestANewLogonForgetsTheGapOfTheLastConnection(t *testing.T) {
	s := loggedOn(t)
	receive(t, s, theirs(9, "X"))
	s.Logon(noon)
	if _, err := s.Receive(theirs(1, "X"), noon); err == nil {
		t.Fatal("quotes before a Logon")
	}
	if step := receive(t, s, logon(1, 10)); !step.Refresh {
		t.Fatal(step)
	}
}

func TestATestRequestIsAnsweredWithItsOwnId(t *testing.T) {
	step := receive(t, loggedOn(t), theirs(2, "1", fix.Field{Tag: fix44.TagTestReqID, Value: "abc"}))
	if len(step.Send) != 1 || step.Send[0].Type() != "0" || step.Send[0].Value(fix44.TagTestReqID) != "abc" {
		t.Fatal(step)
	}
}

func TestAResendRequestIsAnsweredUpToItsEndAndNoFurther(t *testing.T) {
	for _, asked := range []struct{ begin, end, sent, from, next string }{
		{"5", "7", "20", "5", "8"}, {"5", "0", "20", "5", "21"}, {"5", "99", "20", "5", "21"}, {"20", "20", "20", "20", "21"},
	} {
		s := loggedOn(t)
		for s.out < 20 {
			s.Message(noon, &fix44.Heartbeat{})
		}
		step := receive(t, s, theirs(2, "2",
			fix.Field{Tag: fix44.TagBeginSeqNo, Value: asked.begin}, fix.Field{Tag: fix44.TagEndSeqNo, Value: asked.end}))
		fill := step.Send[0]
		if fill.Value(fix44.TagMsgSeqNum) != asked.from || fill.Value(fix44.TagNewSeqNo) != asked.next {
			t.Fatalf("asked for %s to %s: %v", asked.begin, asked.end, fill)
		}
	}
}

func TestAResendRequestForWhatWasNeverSentEndsTheSession(t *testing.T) {
	if _, err := loggedOn(t).Receive(theirs(2, "2",
		fix.Field{Tag: fix44.TagBeginSeqNo, Value: "9"}, fix.Field{Tag: fix44.TagEndSeqNo, Value: "0"}), noon); err == nil {
		t.Fatal("accepted")
	}
}

func TestTheLogonCarriesCredentialsWhereThereAreAny(t *testing.T) {
	config := Config{Sender: "US", Target: "THEM", Heartbeat: time.Second}
	if m := New(config).Logon(noon); m.Value(fix44.TagUsername)+m.Value(fix44.TagPassword) != "" {
		t.Fatal(m)
	}
	config.Username, config.Password = "quoted", "secret"
	m := New(config).Logon(noon)
	if m.Value(fix44.TagUsername) != "quoted" || m.Value(fix44.TagPassword) != "secret" {
		t.Fatal(m)
	}
}

func TestTheVenuesHeartbeatIntervalIsTaken(t *testing.T) {
	s := New(Config{Sender: "US", Target: "THEM", Heartbeat: 10 * time.Second})
	s.Logon(noon)
	if receive(t, s, logon(1, 3)); s.heartbeat != 3*time.Second {
		t.Fatal(s.heartbeat)
	}
	if _, err := s.Receive(logon(2, 0), noon); err == nil {
		t.Fatal("no heartbeats at all were accepted")
	}
}

func TestARefusedLogonNamesTheVenuesReason(t *testing.T) {
	s := New(Config{Sender: "US", Target: "THEM", Heartbeat: 10 * time.Second})
	s.Logon(noon)
	_, err := s.Receive(theirs(1, "5", fix.Field{Tag: fix44.TagText, Value: "wrong password"}), noon)
	if err == nil || err.Error() != "logged out: wrong password" || s.Established() {
		t.Fatal(err)
	}
}
