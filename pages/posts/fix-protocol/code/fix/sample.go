package fix

import "strconv"

// Incremental is a top-of-book update of one symbol, bid and offer, for tests and measurements.
func Incremental(number int) Message {
	return Message{
		{MsgType, "X"}, {SenderCompID, "VENUE"}, {TargetCompID, "QUOTED"}, {MsgSeqNum, strconv.Itoa(number)},
		{SendingTime, "20261125-12:00:00.000"}, {262, "quotes-1"}, {268, "2"},
		{279, "1"}, {269, "0"}, {Symbol, "ACME"}, {270, "41.15"}, {271, "300"},
		{279, "1"}, {269, "1"}, {Symbol, "ACME"}, {270, "41.17"}, {271, "500"},
	}
}
