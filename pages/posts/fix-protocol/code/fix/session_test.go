package fix

import (
	"strconv"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

func theirs(number int, msgType string, body ...Field) Message {
	return append(Message{{MsgType, msgType}, {MsgSeqNum, strconv.Itoa(number)}}, body...)
}

func loggedOn(t *testing.T) *Session {
	t.Helper()
	s := &Session{Sender: "US", Target: "THEM", Heartbeat: 10 * time.Second}
	s.Logon(noon)
	if step, err := s.Receive(theirs(1, "A"), noon); err != nil || !step.Refresh {
		t.Fatal(step, err)
	}
	return s
}

func receive(t *testing.T, s *Session, m Message) Step {
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
	if !first.Lost || first.Deliver || len(first.Send) != 1 || first.Send[0].Value(BeginSeqNo) != "2" || first.Send[0].Value(EndSeqNo) != "0" {
		t.Fatal(first)
	}
	if again := receive(t, s, theirs(5, "X")); again.Lost || again.Deliver || len(again.Send) != 0 {
		t.Fatal("asked twice", again)
	}
	for number := 2; number <= 5; number++ {
		step := receive(t, s, theirs(number, "X", Field{PossDupFlag, "Y"}))
		if !step.Deliver || step.Refresh != (number == 5) {
			t.Fatal(number, step)
		}
	}
}

func TestAGapInTheReplayIsAskedForAgain(t *testing.T) {
	s := loggedOn(t)
	receive(t, s, theirs(5, "X"))
	receive(t, s, theirs(2, "X", Field{PossDupFlag, "Y"}))
	if step := receive(t, s, theirs(4, "X", Field{PossDupFlag, "Y"})); len(step.Send) != 1 || step.Send[0].Value(BeginSeqNo) != "3" {
		t.Fatal(step)
	}
}

func TestAGapFillMayHaveSkippedQuotesSoSnapshotsAreAskedFor(t *testing.T) {
	s := loggedOn(t)
	receive(t, s, theirs(6, "X"))
	step := receive(t, s, theirs(2, "4", Field{GapFillFlag, "Y"}, Field{NewSeqNo, "7"}))
	if !step.Refresh || step.Deliver {
		t.Fatal(step)
	}
	if next := receive(t, s, theirs(7, "X")); !next.Deliver {
		t.Fatal(next)
	}
}

func TestAResetIgnoresItsOwnNumberButMayNotGoBack(t *testing.T) {
	s := loggedOn(t)
	if step := receive(t, s, theirs(99, "4", Field{NewSeqNo, "40"})); !step.Refresh {
		t.Fatal(step)
	}
	if _, err := s.Receive(theirs(1, "4", Field{NewSeqNo, "39"}), noon); err == nil {
		t.Fatal("went back")
	}
}

func TestALowNumberEndsTheSessionUnlessItIsMarkedAsRepeated(t *testing.T) {
	s := loggedOn(t)
	if step := receive(t, s, theirs(1, "X", Field{PossDupFlag, "Y"})); step.Deliver {
		t.Fatal("delivered twice")
	}
	if _, err := s.Receive(theirs(1, "X"), noon); err == nil || err.Error() != "MsgSeqNum too low, expecting 2 but received 1" {
		t.Fatal(err)
	}
}

func TestAResendRequestBeyondAGapIsAnsweredBeforeOurs(t *testing.T) {
	s := loggedOn(t)
	step := receive(t, s, theirs(3, "2", Field{BeginSeqNo, "1"}, Field{EndSeqNo, "0"}))
	if len(step.Send) != 2 || step.Send[0].Type() != "4" || step.Send[0].Value(NewSeqNo) != "2" || step.Send[1].Type() != "2" {
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
		t.Fatal("waits for ever")
	}
}

func TestALongReplayThatMovesOnIsNotGivenUp(t *testing.T) {
	s := loggedOn(t)
	receive(t, s, theirs(9, "X"))
	for number := 2; number < 9; number++ {
		now := noon.Add(time.Duration(number) * 10 * time.Second)
		if _, err := s.Receive(theirs(number, "X", Field{PossDupFlag, "Y"}), now); err != nil {
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
	if step := receive(t, s, theirs(1, "A")); !step.Refresh {
		t.Fatal(step)
	}
}

func TestATestRequestIsAnsweredWithItsOwnId(t *testing.T) {
	step := receive(t, loggedOn(t), theirs(2, "1", Field{TestReqID, "abc"}))
	if len(step.Send) != 1 || step.Send[0].Type() != "0" || step.Send[0].Value(TestReqID) != "abc" {
		t.Fatal(step)
	}
}
