// Byte strings of cloudfront-js-1.0: strings whose characters are bytes.
const { search } = use('tools');
const { bytesOfUtf8, utf8OfBytes, encodings } = use('bytes');
const toByteString = (bytes) => {
  let text = '';
  for (let index = 0; index < bytes.length; index++) text += String.fromCharCode(bytes[index]);
  return text;
};
const bytesOfString = (text) => {
  const bytes = Array.from(text, (character) => character.codePointAt(0));
  return bytes.some((code) => code > 255) ? null : bytes;
};
const bytesFrom = function bytesFrom(source, encoding) {
  if (Array.isArray(source)) return toByteString(Uint8Array.from(source));
  if (typeof source !== 'string') throw new TypeError('value must be a string or array');
  if (encoding === undefined || !(encoding in encodings) || search(/^utf/, encoding)) throw new TypeError(`Unknown encoding: "${encoding}"`);
  return toByteString(encodings[encoding][0](source));
};
const requireBytesOf = (text) => {
  const bytes = bytesOfString(text);
  if (!bytes) throw new TypeError('cannot convert string with characters above 255 to bytes');
  return bytes;
};
({
  MemoryError: function MemoryError() {},
  bytesFrom,
  toByteString,
  fromBytes(start, end) { return this.slice(start, end); },
  fromUTF8(start, end) { return utf8OfBytes(requireBytesOf(this.slice(start, end))); },
  toBytes(start, end) {
    const bytes = bytesOfString(this.slice(start, end));
    return bytes && toByteString(bytes);
  },
  toUTF8(start, end) { return toByteString(bytesOfUtf8(this.slice(start, end))); },
});
