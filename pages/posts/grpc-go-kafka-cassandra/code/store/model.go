package store

import (
	"cmp"
	"context"
	"encoding/binary"
	"slices"
	"sync"
	"time"
)

// Model stands for Cassandra where its rules matter to us: a partition, the order of
// its rows, upserts, the time to live, and the compare-and-set. It has no replicas,
// no consistency levels and no disk, so it says nothing about those.
type Model struct {
	Widths   Widths
	TTL      time.Duration
	Clock    func() time.Time
	PageSize int

	mu         sync.Mutex
	partitions map[partition]map[clustering]row
	epochs     map[string]map[uint32]string
	Writes     int
}

type partition struct {
	instrument uint32
	bucket     int64
}

type clustering struct {
	second   int64
	epoch    uint32
	firstSeq uint64
}

type row struct {
	chunk   Chunk
	expires time.Time
}

func NewModel(widths Widths) *Model {
	return &Model{
		Widths: widths, TTL: 30 * 24 * time.Hour, Clock: time.Now, PageSize: 100,
		partitions: map[partition]map[clustering]row{},
		epochs:     map[string]map[uint32]string{},
	}
}

func (m *Model) Write(_ context.Context, chunks []Chunk) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range chunks {
		p := partition{c.Instrument, m.Widths.Bucket(c.Instrument, c.Second).Unix()}
		if m.partitions[p] == nil {
			m.partitions[p] = map[clustering]row{}
		}
		key := clustering{c.Second.Unix(), c.Epoch, c.FirstSeq}
		m.partitions[p][key] = row{c, m.Clock().Add(m.TTL)}
		m.Writes++
	}
	return nil
}

func (m *Model) Page(_ context.Context, instrument uint32, bucket, from, to time.Time,
	page []byte) ([]Chunk, []byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var rows []Chunk
	for _, r := range m.partitions[partition{instrument, bucket.Unix()}] {
		second := r.chunk.Second
		if !second.Before(from) && !second.After(to) && m.Clock().Before(r.expires) {
			rows = append(rows, r.chunk)
		}
	}
	slices.SortFunc(rows, func(a, b Chunk) int { // the clustering order, descending
		return cmp.Or(b.Second.Compare(a.Second), cmp.Compare(b.Epoch, a.Epoch),
			cmp.Compare(b.FirstSeq, a.FirstSeq))
	})
	start := 0
	if page != nil {
		start = int(binary.BigEndian.Uint32(page))
	}
	end := min(start+m.PageSize, len(rows))
	if end == len(rows) {
		return rows[start:], nil, nil
	}
	return rows[start:end], binary.BigEndian.AppendUint32(nil, uint32(end)), nil
}

func (m *Model) Claim(_ context.Context, source string, epoch uint32, holder string) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.epochs[source] == nil {
		m.epochs[source] = map[uint32]string{}
	}
	if _, taken := m.epochs[source][epoch]; taken {
		return false, nil
	}
	m.epochs[source][epoch] = holder
	return true, nil
}

func (m *Model) Newest(_ context.Context, source string) (uint32, string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	newest := uint32(0)
	for epoch := range m.epochs[source] {
		newest = max(newest, epoch)
	}
	return newest, m.epochs[source][newest], nil
}

// Rows is how many rows there are, expired ones included.
func (m *Model) Rows() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := 0
	for _, rows := range m.partitions {
		n += len(rows)
	}
	return n
}
