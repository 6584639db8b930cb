// region attempt
// For messages whose loss is noticed elsewhere: true where the socket took it.
// zeromq.js rejects for some errors and throws at once for others (EBUSY, a closed
// socket); here both are false.
export async function attempt(socket, message) {
  try {
    await socket.send(message);
    return true;
  } catch {
    return false;
  }
}
// endregion attempt
