package fix

import "strconv"

// Incremental is a top-of-book update of one symbol, bid and offer, for tests and measurements.
func Incremental(number int) Message {
	return Message{
		{MsgType, "X"}, {SenderCompID, "VENUE"}, {TargetCompID, "QUOTED"}, {MsgSeqNum, strconv.Itoa(number)},
		{SendingTime, "20261125-12:00:00.000"}, {262, "quotes-1"}, {268, "2"},
		{279, "1"}, {269, "0"}, {Symbol, "EURUSD"}, {270, "1.08415"}, {271, "1000000"},
		{279, "1"}, {269, "1"}, {Symbol, "EURUSD"}, {270, "1.08421"}, {271, "2000000"},
	}
}
