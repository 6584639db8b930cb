// Package serve is the last hop: authenticated gRPC streams out of the hub's mailboxes.
package serve

import (
	"google.golang.org/grpc/encoding"
	_ "google.golang.org/grpc/encoding/proto" // registers the codec that is asked for below
	"google.golang.org/grpc/mem"
)

// region codec
// encoded is a message that is bytes already: a shared part and one reader's tail.
type encoded struct {
	shared, tail []byte
}

// Codec hands encoded messages on as they are, and leaves all others to gRPC's own.
// The buffers are not copied, and nobody may write to them afterwards.
type Codec struct {
	encoding.CodecV2
}

func (c Codec) Marshal(message any) (mem.BufferSlice, error) {
	e, ready := message.(*encoded)
	if !ready {
		return c.CodecV2.Marshal(message)
	}
	parts := mem.BufferSlice{mem.SliceBuffer(e.shared)}
	if len(e.tail) > 0 {
		parts = append(parts, mem.SliceBuffer(e.tail))
	}
	return parts, nil
}

// endregion codec

// NewCodec wraps gRPC's codec for Protobuf.
func NewCodec() Codec { return Codec{encoding.GetCodecV2("proto")} }
