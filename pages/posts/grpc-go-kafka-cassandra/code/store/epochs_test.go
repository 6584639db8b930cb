package store

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

func TestAnEpochIsGivenOnce(t *testing.T) {
	model := NewModel(widths)
	first, _ := model.Claim(t.Context(), "venue", 1, "a")
	second, _ := model.Claim(t.Context(), "venue", 1, "b")
	if !first || second {
		t.Error(first, second)
	}
}

func TestEachStartGetsANewerEpoch(t *testing.T) {
	model := NewModel(widths)
	for want := range uint32(3) {
		holder := fmt.Sprint("start ", want)
		got, err := NextEpoch(t.Context(), model, "venue", holder)
		if err != nil || got != want+1 {
			t.Fatal(got, err)
		}
	}
}

// rival claims the wanted epoch just before us, so many times.
type rival struct {
	*Model
	left int
}

func (r *rival) Claim(ctx context.Context, source string, epoch uint32, holder string) (bool, error) {
	if r.left > 0 {
		r.left--
		r.Model.Claim(ctx, source, epoch, "the rival")
	}
	return r.Model.Claim(ctx, source, epoch, holder)
}

func TestAStartThatComesSecondTakesTheNextEpoch(t *testing.T) {
	got, err := NextEpoch(t.Context(), &rival{NewModel(widths), 2}, "venue", "this start")
	if err != nil || got != 3 {
		t.Fatal(got, err)
	}
}

// unsure applies what it is asked, or not, and answers with an error once.
type unsure struct {
	*Model
	applies, answered bool
}

var errTimeout = errors.New("the write timed out")

func (u *unsure) Claim(ctx context.Context, source string, epoch uint32, holder string) (bool, error) {
	if u.answered {
		return u.Model.Claim(ctx, source, epoch, holder)
	}
	u.answered = true
	if u.applies {
		u.Model.Claim(ctx, source, epoch, holder)
	}
	return false, errTimeout
}

func TestAClaimThatTimedOutIsOursOrIsMadeAgain(t *testing.T) {
	for _, applies := range []bool{true, false} {
		epochs := &unsure{Model: NewModel(widths), applies: applies}
		got, err := NextEpoch(t.Context(), epochs, "venue", "this start")
		_, whose, _ := epochs.Newest(t.Context(), "venue")
		if err != nil || got != 1 || whose != "this start" {
			t.Errorf("applied %v: epoch %d of %q, %v", applies, got, whose, err)
		}
	}
}

// never times out each time.
type never struct{ *Model }

func (never) Claim(context.Context, string, uint32, string) (bool, error) {
	return false, errTimeout
}

func TestASourceThatGetsNoEpochDoesNotStart(t *testing.T) {
	epoch, err := NextEpoch(t.Context(), never{NewModel(widths)}, "venue", "this start")
	if epoch != 0 || !errors.Is(err, errTimeout) {
		t.Fatal(epoch, err)
	}
}
