// Painted pixels as the server reads and writes them: one bit each, in base64.

function packBits(bits) {
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  bits.forEach((bit, i) => (bytes[i >> 3] |= bit << (7 - (i & 7))));
  return toBase64(bytes);
}

function unpackBits(text, count) {
  const bytes = fromBase64(text);
  return Uint8Array.from({ length: count }, (_, i) => (bytes[i >> 3] >> (7 - (i & 7))) & 1);
}
