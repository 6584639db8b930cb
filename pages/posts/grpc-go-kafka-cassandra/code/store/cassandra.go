package store

import (
	"context"
	"errors"
	"time"

	"github.com/gocql/gocql"
	"golang.org/x/sync/errgroup"
)

// region cluster
// Cluster is the driver's configuration. Reads and writes wait for two of three
// replicas in this region; only the compare-and-set asks for more.
func Cluster(hosts []string, datacenter string) *gocql.ClusterConfig {
	c := gocql.NewCluster(hosts...)
	c.Keyspace = "quotes"
	c.ProtoVersion = 4
	c.Consistency = gocql.LocalQuorum
	c.SerialConsistency = gocql.LocalSerial
	c.PoolConfig.HostSelectionPolicy = gocql.TokenAwareHostPolicy(
		gocql.DCAwareRoundRobinPolicy(datacenter))
	c.RetryPolicy = &gocql.ExponentialBackoffRetryPolicy{
		NumRetries: 3, Min: 20 * time.Millisecond, Max: time.Second,
	}
	c.Timeout = 2 * time.Second
	c.PageSize = 100 // rows; ours are blobs of some kilobytes
	c.DefaultTimestamp = true
	return c
}

// Cassandra is the repository over the driver.
type Cassandra struct {
	Session *gocql.Session
	Widths  Widths
	Writers int // statements under way at once
}

// endregion cluster

// region write
const insertChunk = `INSERT INTO chunks_by_instrument
  (instrument, bucket, second, epoch, first_seq, last_seq, quotes)
  VALUES (?, ?, ?, ?, ?, ?, ?)`

// Write sends one statement for each row, some at once: rows of different partitions
// gain nothing from a batch. The driver may repeat it on another node: see Claim.
func (c *Cassandra) Write(ctx context.Context, chunks []Chunk) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(c.Writers)
	for _, k := range chunks {
		group.Go(func() error {
			bucket := c.Widths.Bucket(k.Instrument, k.Second)
			return c.Session.Query(insertChunk, int32(k.Instrument), bucket, k.Second,
				int32(k.Epoch), int64(k.FirstSeq), int64(k.LastSeq), k.Quotes).
				WithContext(ctx).Idempotent(true).Exec()
		})
	}
	return group.Wait()
}

// endregion write

// region page
const selectChunks = `SELECT second, epoch, first_seq, last_seq, quotes
  FROM chunks_by_instrument
  WHERE instrument = ? AND bucket = ? AND second >= ? AND second <= ?`

func (c *Cassandra) Page(ctx context.Context, instrument uint32, bucket, from, to time.Time,
	page []byte) ([]Chunk, []byte, error) {
	rows := c.Session.Query(selectChunks, int32(instrument), bucket, from, to).
		WithContext(ctx).Idempotent(true).PageState(page).Iter()
	var chunks []Chunk
	for scanner := rows.Scanner(); scanner.Next(); {
		k := Chunk{Instrument: instrument}
		var epoch int32
		var first, last int64
		if err := scanner.Scan(&k.Second, &epoch, &first, &last, &k.Quotes); err != nil {
			return nil, nil, err
		}
		k.Epoch, k.FirstSeq, k.LastSeq = uint32(epoch), uint64(first), uint64(last)
		chunks = append(chunks, k)
	}
	next := rows.PageState()
	if len(next) == 0 {
		next = nil
	}
	return chunks, next, rows.Close()
}

// endregion page

// region claim
// Claim is a lightweight transaction, once for each start of a source. It must not be
// repeated blindly: see NextEpoch.
func (c *Cassandra) Claim(
	ctx context.Context, source string, epoch uint32, holder string,
) (bool, error) {
	const claim = `INSERT INTO epochs (source, epoch, holder)
  VALUES (?, ?, ?) IF NOT EXISTS`
	return c.Session.Query(claim, source, int32(epoch), holder).
		RetryPolicy(&gocql.SimpleRetryPolicy{NumRetries: 0}).
		WithContext(ctx).MapScanCAS(map[string]any{})
}

// Newest reads as the transactions do, so that it sees a claim that timed out.
func (c *Cassandra) Newest(
	ctx context.Context, source string,
) (uint32, string, error) {
	const newest = `SELECT epoch, holder FROM epochs WHERE source = ? LIMIT 1`
	var epoch int32
	var holder string
	err := c.Session.Query(newest, source).
		Consistency(gocql.Consistency(gocql.LocalSerial)).
		WithContext(ctx).Idempotent(true).Scan(&epoch, &holder)
	if errors.Is(err, gocql.ErrNotFound) {
		err = nil // the source starts for the first time
	}
	return uint32(epoch), holder, err
}

// endregion claim
