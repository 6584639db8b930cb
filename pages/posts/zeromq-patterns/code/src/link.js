// How a socket that speaks notices that the machine at the other end is gone.

// region link
export const SPEAKER = {
  tcpMaxRetransmitTimeout: 5000, // not acknowledged for so long: the connection is over
};
// endregion link
