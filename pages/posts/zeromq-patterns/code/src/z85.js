// Z85 (ZeroMQ RFC 32): curve keys as text are 40 characters for 32 bytes.
const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const DIGITS = `0123456789${LETTERS}.-:+=^!/*?&<>()[]{}@%$#`;

export function z85bytes(text) {
  const bytes = Buffer.alloc((text.length / 5) * 4);
  for (let at = 0; at < text.length; at += 5) {
    const number = [...text.slice(at, at + 5)].reduce(
      (sum, digit) => sum * 85 + DIGITS.indexOf(digit),
      0,
    );
    bytes.writeUInt32BE(number, (at / 5) * 4);
  }
  return bytes;
}
