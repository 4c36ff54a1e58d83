// Bytes to text and back: UTF-8, hexadecimal, Base64 and Base64 for URLs.
const { search } = use('tools');
const bytesOfUtf8 = (text) => {
  const bytes = [];
  for (const character of text) {
    let code = character.codePointAt(0);
    if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return bytes;
};
// WHATWG Encoding, "UTF-8 decoder". `broken` is called for each ill-formed sequence and gives what stands for it.
const utf8OfBytes = (bytes, broken = () => '\ufffd') => {
  let text = '', code = 0, missing = 0, lowest = 0x80, highest = 0xbf;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index];
    if (missing) {
      if (byte < lowest || byte > highest) {
        text += broken();
        missing = 0;
        index--;
      } else {
        code = (code << 6) | (byte & 63);
        missing--;
        if (!missing) text += String.fromCodePoint(code);
      }
      lowest = 0x80;
      highest = 0xbf;
    } else if (byte < 0x80) text += String.fromCharCode(byte);
    else if (byte >= 0xc2 && byte <= 0xf4) {
      missing = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
      code = byte & (0x3f >> missing);
      if (byte === 0xe0) lowest = 0xa0;
      if (byte === 0xed) highest = 0x9f;
      if (byte === 0xf0) lowest = 0x90;
      if (byte === 0xf4) highest = 0x8f;
    } else text += broken();
  }
  return missing ? text + broken() : text;
};
const hexOfBytes = (bytes) => {
  let text = '';
  for (let index = 0; index < bytes.length; index++) text += (bytes[index] < 16 ? '0' : '') + bytes[index].toString(16);
  return text;
};
const bytesOfHex = (text) => {
  const bytes = [];
  for (let index = 0; index + 1 < text.length; index += 2) {
    const pair = text.slice(index, index + 2);
    if (!search(/^[0-9a-f]{2}$/i, pair)) break;
    bytes.push(parseInt(pair, 16));
  }
  return bytes;
};
const standard = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const forUrls = `${standard.slice(0, 62)}-_`;
const base64OfBytes = (bytes, alphabet = standard) => {
  let text = '';
  for (let index = 0; index < bytes.length; index += 3) {
    const group = (bytes[index] << 16) | ((bytes[index + 1] || 0) << 8) | (bytes[index + 2] || 0);
    text += alphabet[group >> 18] + alphabet[(group >> 12) & 63];
    if (index + 1 < bytes.length) text += alphabet[(group >> 6) & 63];
    if (index + 2 < bytes.length) text += alphabet[group & 63];
  }
  return alphabet === standard ? text + '='.repeat((4 - (text.length % 4)) % 4) : text;
};
// Reads either alphabet, and stops at the first other character, as njs does.
const bytesOfBase64 = (text) => {
  const bytes = [];
  let group = 0, bits = 0;
  for (const character of text) {
    const digit = character === '-' ? 62 : character === '_' ? 63 : standard.indexOf(character);
    if (digit < 0) break;
    group = ((group << 6) | digit) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((group >> bits) & 255);
    }
  }
  return bytes;
};
const encodings = {
  __proto__: null,
  utf8: [bytesOfUtf8, utf8OfBytes],
  'utf-8': [bytesOfUtf8, utf8OfBytes],
  hex: [bytesOfHex, hexOfBytes],
  base64: [bytesOfBase64, (bytes) => base64OfBytes(bytes)],
  base64url: [bytesOfBase64, (bytes) => base64OfBytes(bytes, forUrls)],
};
const encodingOf = (name) => {
  const encoding = encodings[name === undefined ? 'utf8' : `${name}`.toLowerCase()];
  if (!encoding) throw new TypeError(`"${name}" encoding is not supported`);
  return encoding;
};
const viewOf = (value) => (value instanceof ArrayBuffer ? new Uint8Array(value) : new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
const isBytesLike = (value) => ArrayBuffer.isView(value) || value instanceof ArrayBuffer;
({ bytesOfUtf8, utf8OfBytes, hexOfBytes, bytesOfBase64, base64OfBytes, encodings, encodingOf, viewOf, isBytesLike });
