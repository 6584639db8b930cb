package book

import (
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"quotes/brokenpb"
	"quotes/nextpb"
	pb "quotes/quotespb"
)

// region breaks
// breaks lists what makes messages of the new type unreadable for the old one, or the
// other way round: a number with another meaning, or a burnt number in use.
func breaks(old, new protoreflect.MessageDescriptor) []string {
	var found []string
	for i := range new.Fields().Len() {
		field := new.Fields().Get(i)
		was := old.Fields().ByNumber(field.Number())
		switch {
		case was == nil && old.ReservedRanges().Has(field.Number()):
			found = append(found, string(field.Name())+" uses a reserved number")
		case was == nil:
		case was.Name() != field.Name() || was.Kind() != field.Kind():
			found = append(found, string(was.Name())+" became "+string(field.Name()))
		}
	}
	for i := range old.Fields().Len() {
		field := old.Fields().Get(i)
		gone := new.Fields().ByNumber(field.Number()) == nil
		if gone && !new.ReservedRanges().Has(field.Number()) {
			found = append(found, string(field.Name())+" went without a reservation")
		}
	}
	return found
}

// endregion breaks

func TestTheNextVersionBreaksNothingAndTheBrokenOneIsCaught(t *testing.T) {
	now := (*pb.Quote)(nil).ProtoReflect().Descriptor()
	next := (*nextpb.Quote)(nil).ProtoReflect().Descriptor()
	if found := breaks(now, next); found != nil {
		t.Error(found)
	}
	broken := (*brokenpb.Quote)(nil).ProtoReflect().Descriptor()
	if found := breaks(now, broken); len(found) != 5 {
		t.Error(len(found), found)
	}
}

func TestAnOldServiceHandsOnWhatItDoesNotKnow(t *testing.T) {
	depth := uint32(0)
	sent := &nextpb.Quote{
		Instrument: 7, Epoch: 1, Seq: 3, Bid: -4, Venue: "XPAR", Depth: &depth,
		Condition: nextpb.Condition_CONDITION_HALTED,
	}
	wire, _ := proto.Marshal(sent)
	old := new(pb.Quote)
	if err := proto.Unmarshal(wire, old); err != nil {
		t.Fatal(err)
	}
	if old.Bid != -4 || int32(old.Condition) != 3 { // enums are open: 3 stays 3
		t.Fatal(old)
	}
	again, _ := proto.Marshal(old)
	back := new(nextpb.Quote)
	if err := proto.Unmarshal(again, back); err != nil || !proto.Equal(back, sent) {
		t.Fatal(back, err)
	}
}

func TestAReusedNumberIsReadWithoutAnErrorAndWrongly(t *testing.T) {
	wire, _ := proto.Marshal(&pb.Quote{Bid: 100_000, BidSize: 10, AskSize: 20})
	wrong := new(brokenpb.Quote)
	if err := proto.Unmarshal(wire, wrong); err != nil {
		t.Fatal(err)
	}
	if wrong.Bid != 200_000 || wrong.AskSize != 10 {
		t.Fatal(wrong)
	}
}
