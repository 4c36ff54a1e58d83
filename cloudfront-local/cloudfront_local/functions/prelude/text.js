// TextEncoder and TextDecoder, of UTF-8 alone.
const { search, hideAll } = use('tools');
const { bytesOfUtf8, utf8OfBytes, viewOf, isBytesLike } = use('bytes');
const requireNew = (target, name) => {
  if (!target) throw new TypeError(`Constructor of ${name} requires 'new'`);
};
function TextEncoder() {
  requireNew(new.target, 'TextEncoder');
}
hideAll(TextEncoder.prototype, {
  encode(text = '') { return Uint8Array.from(bytesOfUtf8(`${text}`)); },
  encodeInto(text, target) {
    let read = 0, written = 0;
    for (const character of `${text}`) {
      const bytes = bytesOfUtf8(character);
      if (written + bytes.length > target.length) break;
      target.set(bytes, written);
      written += bytes.length;
      read += character.length;
    }
    return { read, written };
  },
});
define(TextEncoder.prototype, 'encoding', { get: () => 'utf-8', configurable: true });
function TextDecoder(label = 'utf-8', options = {}) {
  requireNew(new.target, 'TextDecoder');
  if (!search(/^(?:utf-8|utf8)$/i, `${label}`)) throw new RangeError(`The "${label}" encoding is not supported`);
  const fatal = Boolean(options.fatal), ignoreBOM = Boolean(options.ignoreBOM);
  hideAll(this, { fatal, ignoreBOM });
}
hideAll(TextDecoder.prototype, {
  decode(input = new Uint8Array(0)) {
    if (!isBytesLike(input)) throw new TypeError('TypedArray or ArrayBuffer expected');
    const text = utf8OfBytes(viewOf(input), () => {
      if (this.fatal) throw new TypeError('The encoded data was not valid');
      return '\ufffd';
    });
    return !this.ignoreBOM && text[0] === '\ufeff' ? text.slice(1) : text;
  },
});
define(TextDecoder.prototype, 'encoding', { get: () => 'utf-8', configurable: true });
({ TextEncoder, TextDecoder });
