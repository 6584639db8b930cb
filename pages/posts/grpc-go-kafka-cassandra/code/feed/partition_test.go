package feed

import (
	"strconv"
	"testing"
	"time"

	"github.com/IBM/sarama"

	pb "quotes/quotespb"
)

// The vectors of Apache Kafka's own test, UtilsTest.testMurmur2.
func TestTheHashIsThatOfTheJavaClient(t *testing.T) {
	for text, want := range map[string]int32{
		"21": -973932308, "foobar": -790332482, "a-little-bit-long-string": -985981536,
		"a-little-bit-longer-string": -1486304829, "abc": 479470107,
		"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
	} {
		if got := int32(murmur2([]byte(text))); got != want {
			t.Errorf("%s: %d, want %d", text, got, want)
		}
	}
}

// Two producers that hash differently send most instruments to two partitions.
func TestSaramasOwnPartitionerDisagrees(t *testing.T) {
	if share := disagreeing(1000, 24); share < 0.9 {
		t.Error(share)
	}
}

func disagreeing(keys int, partitions int32) float64 {
	other := sarama.NewHashPartitioner("quotes")
	differ := 0
	for i := range keys {
		m := &sarama.ProducerMessage{Key: Key(uint32(i))}
		ours, _ := JavaPartitioner{}.Partition(m, partitions)
		theirs, _ := other.Partition(m, partitions)
		if ours != theirs {
			differ++
		}
	}
	return float64(differ) / float64(keys)
}

func TestMorePartitionsMoveMostInstruments(t *testing.T) {
	moved := 0
	for i := range 5000 {
		m := &sarama.ProducerMessage{Key: sarama.StringEncoder(strconv.Itoa(i))}
		before, _ := JavaPartitioner{}.Partition(m, 24)
		after, _ := JavaPartitioner{}.Partition(m, 32)
		if before != after {
			moved++
		}
	}
	if moved < 3500 || moved > 4000 { // three of four: 32 and 24 have the divisor 8 in common
		t.Error(moved)
	}
}

func TestOfferNeverBlocksAndCountsWhatHadNoRoom(t *testing.T) {
	p := &Publisher{queue: make(chan *pb.Quote, 2)}
	for range 5 {
		p.Offer(&pb.Quote{})
	}
	if len(p.queue) != 2 || p.Refused.Load() != 3 {
		t.Fatal(len(p.queue), p.Refused.Load())
	}
}

// region flush
// Bytes without a Frequency hold records back for as long as it takes to fill them.
func TestASizeToWaitForWithoutATimeHoldsRecordsBack(t *testing.T) {
	for _, c := range []struct {
		bytes    int
		sent     bool
		patience time.Duration
	}{{0, true, time.Minute}, {64 << 10, false, 500 * time.Millisecond}} {
		config := ProducerConfig(0)
		config.Producer.Idempotent = false // the mock has no producer ids
		config.Producer.Flush.Bytes = c.bytes
		broker := mock(t)
		producer, err := sarama.NewAsyncProducer([]string{broker.Addr()}, config)
		if err != nil {
			t.Fatal(err)
		}
		producer.Input() <- &sarama.ProducerMessage{Topic: "quotes", Key: Key(1), Value: Key(1)}
		select {
		case <-producer.Successes():
			if !c.sent {
				t.Error("it was sent")
			}
		case err := <-producer.Errors():
			t.Error(err)
		case <-time.After(c.patience):
			if c.sent {
				t.Error("it was not sent")
			}
		}
		broker.Close()
	}
}

// endregion flush

func mock(t *testing.T) *sarama.MockBroker {
	broker := sarama.NewMockBroker(t, 1)
	broker.SetHandlerByMap(map[string]sarama.MockResponse{
		"ApiVersionsRequest": sarama.NewMockApiVersionsResponse(t),
		"MetadataRequest": sarama.NewMockMetadataResponse(t).
			SetBroker(broker.Addr(), 1).SetLeader("quotes", 0, 1),
		"ProduceRequest": sarama.NewMockProduceResponse(t),
	})
	return broker
}

func TestNoLingerMeansNoSizeToWaitFor(t *testing.T) {
	if c := ProducerConfig(0); c.Producer.Flush.Bytes != 0 || c.Validate() != nil {
		t.Fatal(c.Producer.Flush, c.Validate())
	}
}

func TestAJoinMayTakeAsLongAsARebalance(t *testing.T) {
	c := GroupConfig("writer-0")
	if c.Net.ReadTimeout <= c.Consumer.Group.Rebalance.Timeout || c.Validate() != nil {
		t.Fatal(c.Net.ReadTimeout, c.Validate())
	}
}
