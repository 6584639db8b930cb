package cqlwire

import (
	"encoding/binary"
	"strings"
)

const ( // types of columns, section 4.2.5.2
	typeBigint, typeBlob, typeBoolean, typeInt = 0x02, 0x03, 0x04, 0x09
	typeTimestamp, typeVarchar, typeUUID       = 0x0B, 0x0D, 0x0C
	typeInet, typeSet                          = 0x10, 0x22
)

// The columns that our statements name, with their types.
var columns = map[string]uint16{
	"instrument": typeInt, "bucket": typeTimestamp, "second": typeTimestamp, "epoch": typeInt,
	"first_seq": typeBigint, "last_seq": typeBigint, "quotes": typeBlob,
	"source": typeVarchar, "holder": typeVarchar, "keyspace_name": typeVarchar,
}

func text(s string) []byte {
	return append(binary.BigEndian.AppendUint16(nil, uint16(len(s))), s...)
}

func bytes(b []byte) []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(b))), b...)
}

func failure(code int32, message string) []byte {
	body := append(binary.BigEndian.AppendUint32(nil, uint32(code)), text(message)...)
	if code == 0x1100 { // write timeout: consistency, received, wanted, kind of write
		body = append(body, 0, 6, 0, 0, 0, 1, 0, 0, 0, 2)
		body = append(body, text("SIMPLE")...)
	}
	return body
}

// system says whether a statement is the driver's own question about the cluster.
func system(statement string) bool { return strings.Contains(statement, "system") }

// markers are the names of a statement's parameters, in order.
func markers(statement string) []string {
	if system(statement) {
		return []string{"keyspace_name"}
	}
	if strings.HasPrefix(statement, "SELECT epoch") {
		return []string{"source"}
	}
	if strings.HasPrefix(statement, "SELECT") {
		return []string{"instrument", "bucket", "second", "second"}
	}
	list := statement[strings.Index(statement, "(")+1 : strings.Index(statement, ")")]
	names := strings.Split(list, ",")
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	return names
}

func specs(names []string) []byte {
	var body []byte
	for _, name := range names {
		body = append(body, text(name)...)
		body = binary.BigEndian.AppendUint16(body, columns[name])
	}
	return body
}

func table() []byte { return append(text("quotes"), text("table")...) }

func count(n int) []byte { return binary.BigEndian.AppendUint32(nil, uint32(n)) }

// metadata is the answer to PREPARE: the parameters, and which form the partition key.
func metadata(statement string) []byte {
	names := markers(statement)
	keys := 2
	if system(statement) || strings.Contains(statement, "epochs") {
		keys = 1
	}
	body := append(count(1), count(len(names))...) // flag 1: one table for all
	body = append(body, count(keys)...)
	for i := range keys {
		body = binary.BigEndian.AppendUint16(body, uint16(i))
	}
	body = append(append(body, table()...), specs(names)...)
	if system(statement) || !strings.HasPrefix(statement, "SELECT") {
		return append(body, append(count(4), count(0)...)...) // flag 4: no metadata
	}
	names = selected
	if strings.HasPrefix(statement, "SELECT epoch") {
		names = ofEpoch
	}
	result := append(count(1), count(len(names))...)
	return append(append(append(body, result...), table()...), specs(names)...)
}

var (
	selected = []string{"second", "epoch", "first_seq", "last_seq", "quotes"}
	ofEpoch  = []string{"epoch", "holder"}
)

func empty() []byte {
	return append(append(count(2), count(4)...), append(count(0), count(0)...)...)
}

// page is one row, and "there is more" until the driver has asked three times.
func page(e Executed) []byte {
	flags, state := 1, []byte(nil)
	if len(e.PagingState) < 2 {
		flags, state = 3, append(append([]byte(nil), e.PagingState...), 'p')
	}
	body := append(count(2), count(flags)...)
	body = append(body, count(len(selected))...)
	if state != nil {
		body = append(body, bytes(state)...)
	}
	body = append(append(append(body, table()...), specs(selected)...), count(1)...)
	for _, value := range [][]byte{make([]byte, 8), {0, 0, 0, 1}, make([]byte, 8), make([]byte, 8), {1, 0}} {
		body = append(body, bytes(value)...)
	}
	return body
}

// epoch is the row of a source's newest epoch, or no row.
func epoch(row [][]byte) []byte {
	body := append(append(count(2), count(1)...), count(len(ofEpoch))...)
	body = append(append(body, table()...), specs(ofEpoch)...)
	if row == nil {
		return append(body, count(0)...)
	}
	body = append(body, count(1)...)
	for _, value := range row {
		body = append(body, bytes(value)...)
	}
	return body
}

// applied is the answer to a compare-and-set that took effect.
func applied() []byte {
	body := append(append(count(2), count(1)...), count(1)...)
	body = append(append(body, table()...), text("[applied]")...)
	body = binary.BigEndian.AppendUint16(body, typeBoolean)
	return append(append(body, count(1)...), bytes([]byte{1})...)
}

// node is the row by which a driver knows a node: itself in system.local, another in
// system.peers.
func node(ip []byte, self bool) []byte {
	column, key, where := "peer", ip, uint16(typeInet)
	if self {
		column, key, where = "key", []byte("local"), typeVarchar
	}
	token := append(count(1), bytes([]byte{'0' + ip[3]})...)
	row := []struct {
		name  string
		kind  []uint16
		value []byte
	}{
		{column, []uint16{where}, key},
		{"data_center", []uint16{typeVarchar}, []byte("eu_west_1")},
		{"rack", []uint16{typeVarchar}, []byte("a")},
		{"host_id", []uint16{typeUUID}, append([]byte("the stand-in no"), ip[3])},
		{"release_version", []uint16{typeVarchar}, []byte("3.11.0")}, // no tables of 4.0
		{"partitioner", []uint16{typeVarchar}, []byte("org.apache.cassandra.dht.Murmur3Partitioner")},
		{"rpc_address", []uint16{typeInet}, ip},
		{"schema_version", []uint16{typeUUID}, []byte("the same for all")},
		{"tokens", []uint16{typeSet, typeVarchar}, token},
	}
	body := append(append(count(2), count(1)...), count(len(row))...)
	body = append(body, append(text("system"), text("nodes")...)...)
	for _, column := range row {
		body = append(body, text(column.name)...)
		for _, kind := range column.kind {
			body = binary.BigEndian.AppendUint16(body, kind)
		}
	}
	body = append(body, count(1)...)
	for _, column := range row {
		body = append(body, bytes(column.value)...)
	}
	return body
}
