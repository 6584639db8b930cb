// Text from the wire as a value, or null: a peer may send anything.
export function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
