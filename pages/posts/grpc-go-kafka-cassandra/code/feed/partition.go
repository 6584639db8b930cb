// Package feed is the log between ingest and everything else: Kafka, by IBM/sarama.
package feed

import (
	"encoding/binary"
	"strconv"

	"github.com/IBM/sarama"
)

// region murmur
// murmur2 is the hash of Kafka's Java client. Every producer of a topic must use the
// same one, or one instrument lands in two partitions and loses its order.
func murmur2(data []byte) uint32 {
	const m = 0x5bd1e995
	h := uint32(0x9747b28c) ^ uint32(len(data))
	for ; len(data) >= 4; data = data[4:] {
		k := binary.LittleEndian.Uint32(data) * m
		h = h*m ^ (k^k>>24)*m
	}
	for i := len(data) - 1; i >= 0; i-- {
		h ^= uint32(data[i]) << (8 * i)
		if i == 0 {
			h *= m
		}
	}
	h = (h ^ h>>13) * m
	return h ^ h>>15
}

// JavaPartitioner puts a key where the Java client would.
type JavaPartitioner struct{}

func (JavaPartitioner) Partition(m *sarama.ProducerMessage, n int32) (int32, error) {
	key, err := m.Key.Encode()
	return int32(murmur2(key)&0x7fffffff) % n, err
}

func (JavaPartitioner) RequiresConsistency() bool { return true }

// endregion murmur

// Key is the record's key: what must stay in order has one key.
func Key(instrument uint32) sarama.Encoder {
	return sarama.StringEncoder(strconv.FormatUint(uint64(instrument), 10))
}
