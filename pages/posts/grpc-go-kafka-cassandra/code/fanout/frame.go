package fanout

import (
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"quotes/book"
	pb "quotes/quotespb"
)

// region frame
// Frame is a change with its quote encoded once, for all readers. The bytes are
// those of an Update that holds nothing but the quote.
type Frame struct {
	Change book.Change
	Shared []byte
}

func Encode(c book.Change) (*Frame, error) {
	size := proto.Size(c.Quote)
	shared := make([]byte, 0, size+4)
	shared = protowire.AppendTag(shared, 1, protowire.BytesType)
	shared = protowire.AppendVarint(shared, uint64(size))
	shared, err := proto.MarshalOptions{}.MarshalAppend(shared, c.Quote)
	return &Frame{Change: c, Shared: shared}, err
}

// Tail is the rest of one reader's Update. Protobuf allows a message to be written
// in pieces: fields may come in any order, so the tail is appended to the shared part.
func Tail(u *pb.Update) []byte {
	var tail []byte
	if u.Skipped > 0 {
		tail = protowire.AppendTag(tail, 2, protowire.VarintType)
		tail = protowire.AppendVarint(tail, u.Skipped)
	}
	if u.Lost > 0 {
		tail = protowire.AppendTag(tail, 3, protowire.VarintType)
		tail = protowire.AppendVarint(tail, u.Lost)
	}
	if u.Restarted {
		tail = protowire.AppendTag(tail, 4, protowire.VarintType)
		tail = protowire.AppendVarint(tail, 1)
	}
	return tail
}

// endregion frame
