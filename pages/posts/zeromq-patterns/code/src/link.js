// How a socket notices that the machine at the other end is gone without a word.

// region link
export const LINK = {
  connectTimeout: 1000, // a machine that is gone does not refuse, it is silent
  heartbeatInterval: 500, // ping the peer this often
  heartbeatTimeout: 1500, // no sign of life for so long: close, connect again
  heartbeatTimeToLive: 3000, // and the peer may forget us after so long
};
// endregion link
