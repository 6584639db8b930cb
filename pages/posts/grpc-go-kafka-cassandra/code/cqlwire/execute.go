package cqlwire

import "encoding/binary"

const ( // flags of a query's parameters, section 4.1.4
	hasValues, hasPageSize, hasPagingState, hasSerial, hasTimestamp = 0x01, 0x04, 0x08, 0x10, 0x20
)

// read takes an EXECUTE message apart.
func (s *Server) read(body []byte) Executed {
	d := &decoder{body}
	id := d.take(int(d.short()))
	s.mu.Lock()
	e := Executed{Statement: s.prepared[binary.BigEndian.Uint16(id)]}
	s.mu.Unlock()
	e.Consistency = d.short()
	flags := d.take(1)[0]
	if flags&hasValues != 0 {
		for range d.short() {
			value, unset := d.value()
			e.Values, e.Unset = append(e.Values, value), append(e.Unset, unset)
		}
	}
	if flags&hasPageSize != 0 {
		e.PageSize = d.int()
	}
	if flags&hasPagingState != 0 {
		e.PagingState, _ = d.value()
	}
	if flags&hasSerial != 0 {
		e.SerialConsistency = d.short()
	}
	e.HasTimestamp = flags&hasTimestamp != 0
	return e
}

type decoder struct{ rest []byte }

func (d *decoder) take(n int) []byte {
	part := d.rest[:n]
	d.rest = d.rest[n:]
	return part
}

func (d *decoder) short() uint16 { return binary.BigEndian.Uint16(d.take(2)) }
func (d *decoder) int() int32    { return int32(binary.BigEndian.Uint32(d.take(4))) }

// value is bytes; -1 is null, which deletes, and -2 is unset, which does nothing.
func (d *decoder) value() (value []byte, unset bool) {
	n := d.int()
	if n < 0 {
		return nil, n == -2
	}
	return d.take(int(n)), false
}
