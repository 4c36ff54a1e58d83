// createHash and createHmac. The sources are RFC 1321 (MD5), FIPS 180-4 (SHA-1, SHA-256) and RFC 2104 (HMAC).
const { hideAll } = use('tools');
const { encodings, encodingOf, viewOf, isBytesLike } = use('bytes');
const binary = (bytes) => (modern ? use('buffer').asBuffer(bytes) : use('bytestrings').toByteString(bytes));
const bigEndian = (word) => [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255];
const littleEndian = (word) => bigEndian(word).reverse();
const left = (word, bits) => (word << bits) | (word >>> (32 - bits));
const right = (word, bits) => (word >>> bits) | (word << (32 - bits));
const fraction = (number) => ((number - Math.floor(number)) * 4294967296) | 0;
const primes = (count) => {
  const found = [];
  for (let candidate = 2; found.length < count; candidate++) if (found.every((prime) => candidate % prime)) found.push(candidate);
  return found;
};
// Words of the message with the padding; `ordered` is the byte order of its length.
const blocksOf = (bytes, ordered) => {
  const padded = new Uint8Array(((bytes.length + 8) >> 6) * 64 + 64);
  padded.set(bytes);
  padded[bytes.length] = 128;
  const length = [...ordered(Math.floor(bytes.length / 536870912)), ...ordered(bytes.length << 3)];
  padded.set(ordered === bigEndian ? length : [...length.slice(4), ...length.slice(0, 4)], padded.length - 8);
  const view = new DataView(padded.buffer), blocks = [];
  for (let at = 0; at < padded.length; at += 64) blocks.push(Array.from({ length: 16 }, (_, i) => view.getInt32(at + 4 * i, ordered === littleEndian)));
  return blocks;
};
const digestOf = (bytes, ordered, state, compress) => {
  for (const block of blocksOf(bytes, ordered)) state = compress(state, block).map((word, index) => (word + state[index]) | 0);
  return Uint8Array.from(state.flatMap(ordered));
};
const md5Turns = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
const md5 = (bytes) => digestOf(bytes, littleEndian, [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476], ([a, b, c, d], block) => {
  for (let i = 0; i < 64; i++) {
    const round = i >> 4;
    const mixed = [(b & c) | (~b & d), (d & b) | (~d & c), b ^ c ^ d, c ^ (b | ~d)][round];
    const word = block[[i, 5 * i + 1, 3 * i + 5, 7 * i][round] & 15];
    const sum = (a + mixed + word + Math.floor(Math.abs(Math.sin(i + 1)) * 4294967296)) | 0;
    [a, b, c, d] = [d, (b + left(sum, md5Turns[round][i & 3])) | 0, b, c];
  }
  return [a, b, c, d];
});
const sha1Constants = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6];
const sha1 = (bytes) => digestOf(bytes, bigEndian, [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476, 0xc3d2e1f0 | 0], ([a, b, c, d, e], words) => {
  for (let i = 16; i < 80; i++) words.push(left(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1));
  for (let i = 0; i < 80; i++) {
    const round = Math.floor(i / 20);
    const mixed = round === 0 ? (b & c) | (~b & d) : round === 2 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
    const next = (left(a, 5) + mixed + e + sha1Constants[round] + words[i]) | 0;
    e = d; d = c; c = left(b, 30); b = a; a = next;
  }
  return [a, b, c, d, e];
});
let sha256Constants;
const sha256 = (bytes) => {
  sha256Constants = sha256Constants || primes(64).map((prime) => fraction(Math.cbrt(prime)));
  return digestOf(bytes, bigEndian, primes(8).map((prime) => fraction(Math.sqrt(prime))), ([a, b, c, d, e, f, g, h], words) => {
    for (let i = 16; i < 64; i++) {
      const early = words[i - 15], late = words[i - 2];
      words.push((words[i - 16] + (right(early, 7) ^ right(early, 18) ^ (early >>> 3)) + words[i - 7] + (right(late, 17) ^ right(late, 19) ^ (late >>> 10))) | 0);
    }
    for (let i = 0; i < 64; i++) {
      const one = (h + (right(e, 6) ^ right(e, 11) ^ right(e, 25)) + ((e & f) ^ (~e & g)) + sha256Constants[i] + words[i]) | 0;
      const two = ((right(a, 2) ^ right(a, 13) ^ right(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
    }
    return [a, b, c, d, e, f, g, h];
  });
};
const algorithms = { __proto__: null, md5, sha1, sha256 };
const digestEncodings = { __proto__: null, hex: 1, base64: 1, base64url: 1 };
const dataOf = (data, encoding, name) => {
  if (typeof data === 'string') return encodingOf(encoding)[0](data);
  if (isBytesLike(data)) return viewOf(data);
  throw new TypeError(`${name} argument "${data === null ? 'null' : typeof data}" is not a string or Buffer-like object`);
};
const algorithmOf = (name) => {
  if (typeof name !== 'string') throw new TypeError('algorithm must be a string');
  if (!algorithms[name]) throw new TypeError(`not supported algorithm: "${name}"`);
  return algorithms[name];
};
const digesting = (kind, finish) => {
  let chunks = [];
  const open = () => {
    if (!chunks) throw new Error('Digest already called');
    return chunks;
  };
  return hideAll(Object.create(kind), {
    update(data, encoding) {
      const bytes = dataOf(data, encoding, 'data');
      open().push(...bytes);
      return this;
    },
    digest(encoding) {
      if (encoding !== undefined && !digestEncodings[encoding]) throw new TypeError(`Unknown digest encoding: "${encoding}"`);
      const bytes = finish(open());
      chunks = null;
      return encoding === undefined ? binary(bytes) : encodings[encoding][1](bytes);
    },
  });
};
const hashes = {}, hmacs = {};
const module = {
  createHash(algorithm) { return digesting(hashes, algorithmOf(algorithm)); },
  createHmac(algorithm, key) {
    const hash = algorithmOf(algorithm);
    let secret = dataOf(key, undefined, 'key');
    if (secret.length > 64) secret = hash(secret);
    const block = (pad) => Array.from({ length: 64 }, (_, index) => (secret[index] || 0) ^ pad);
    return digesting(hmacs, (bytes) => hash([...block(0x5c), ...hash([...block(0x36), ...bytes])]));
  },
};
({ module });
