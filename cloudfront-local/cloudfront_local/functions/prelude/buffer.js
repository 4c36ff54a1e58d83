// Buffer with the four encodings of njs.
const { hideAll } = use('tools');
const { encodings, encodingOf, viewOf, isBytesLike } = use('bytes');
function Buffer() {
  throw new TypeError('Buffer is not a constructor');
}
const buffers = Object.create(Uint8Array.prototype);
Buffer.prototype = buffers;
define(Buffer, Symbol.species, { get: () => Uint8Array });
const typedArray = Object.getPrototypeOf(Uint8Array);
define(buffers, Symbol.toStringTag, { value: 'Buffer' });
const asBuffer = (bytes) => Object.setPrototypeOf(bytes, buffers);
const bufferOf = (bytes) => asBuffer(Uint8Array.from(bytes));
const isBuffer = (value) => value instanceof Buffer;
const subarrayOf = uncurried(typedArray.prototype.subarray);
const encoded = (text, encoding) => encodingOf(encoding)[0](text);
const sized = (size) => {
  if (typeof size !== 'number') throw new TypeError('"size" argument must be of type number');
  if (!(size >= 0 && size <= 2147483647)) throw new RangeError('invalid size');
  return asBuffer(new Uint8Array(size));
};
const contentOf = (value, encoding) => (typeof value === 'string' ? encoded(value, encoding) : isBytesLike(value) ? viewOf(value) : null);
const clamped = (value, otherwise, highest) => Math.min(Math.max(value === undefined ? otherwise : Math.trunc(value) || 0, 0), highest);
const requireBytes = (value, name) => {
  if (!(value instanceof Uint8Array)) throw new TypeError(`"${name}" argument must be an instance of Buffer or Uint8Array`);
};
const order = (a, b) => {
  const shorter = Math.min(a.length, b.length);
  for (let index = 0; index < shorter; index++) if (a[index] !== b[index]) return a[index] < b[index] ? -1 : 1;
  return Math.sign(a.length - b.length);
};
const from = (value, second, third) => {
  if (typeof value === 'string') return bufferOf(encoded(value, second));
  if (value instanceof ArrayBuffer) return asBuffer(third === undefined ? new Uint8Array(value, second) : new Uint8Array(value, second, third));
  if (value !== null && typeof value === 'object') {
    if (value.type === 'Buffer' && Array.isArray(value.data)) return bufferOf(value.data);
    if (typeof value.length === 'number') return bufferOf(value);
    const primitive = value.valueOf();
    if (typeof primitive === 'string') return bufferOf(encoded(primitive, second));
  }
  throw new TypeError(`first argument ${value === null ? 'null' : typeof value} is not a string or Buffer-like object`);
};
const alloc = (size, fill, encoding) => (fill === undefined ? sized(size) : sized(size).fill(fill, encoding));
hideAll(Buffer, {
  alloc,
  allocUnsafe: (size) => sized(size),
  byteLength(value, encoding) {
    if (typeof value === 'string') return encoded(value, encoding).length;
    if (isBytesLike(value)) return value.byteLength;
    throw new TypeError(`first argument ${value === null ? 'null' : typeof value} is not a string or Buffer-like object`);
  },
  compare(a, b) {
    requireBytes(a, 'buffer1');
    requireBytes(b, 'buffer2');
    return order(a, b);
  },
  concat(list, length) {
    if (!Array.isArray(list)) throw new TypeError('"list" argument must be an instance of Array');
    list.forEach((part, index) => requireBytes(part, `list[${index}]`));
    const total = length === undefined ? list.reduce((sum, part) => sum + part.length, 0) : length;
    const whole = sized(total);
    let at = 0;
    for (const part of list) {
      if (at >= total) break;
      whole.set(subarrayOf(part, 0, total - at), at);
      at += part.length;
    }
    return whole;
  },
  from,
  isBuffer: (value) => isBuffer(value),
  isEncoding: (name) => typeof name === 'string' && name.toLowerCase() in encodings,
});
// Searches `needle` (text, a number or bytes) upwards or downwards from an offset.
const find = (buffer, needle, offset, encoding, step) => {
  if (typeof offset === 'string') [offset, encoding] = [undefined, offset];
  const bytes = typeof needle === 'number' ? [needle & 255] : contentOf(needle, encoding);
  if (!bytes) throw new TypeError(`"value" argument of type ${typeof needle} is not a string or Buffer-like object`);
  const last = buffer.length - bytes.length;
  let at = offset === undefined ? (step > 0 ? 0 : last) : Math.trunc(offset) || 0;
  if (at < 0) at += buffer.length;
  if (step > 0) at = Math.max(at, 0);
  else at = Math.min(at, last);
  for (; at >= 0 && at <= last; at += step) {
    let same = 0;
    while (same < bytes.length && buffer[at + same] === bytes[same]) same++;
    if (same === bytes.length) return at;
  }
  return -1;
};
const swapped = (width) => function () {
  if (this.length % width) throw new RangeError(`Buffer size must be a multiple of ${width * 8}-bits`);
  for (let at = 0; at < this.length; at += width) subarrayOf(this, at, at + width).reverse();
  return this;
};
hideAll(buffers, {
  constructor: Buffer,
  compare(target, targetStart, targetEnd, start, end) {
    requireBytes(target, 'target');
    return order(subarrayOf(this, start || 0, end), subarrayOf(target, targetStart || 0, targetEnd));
  },
  copy(target, targetStart = 0, start = 0, end = this.length) {
    requireBytes(target, 'target');
    const part = subarrayOf(this, start, Math.min(end, start + Math.max(target.length - targetStart, 0)));
    target.set(part, targetStart);
    return part.length;
  },
  equals(other) {
    requireBytes(other, 'target');
    return order(this, other) === 0;
  },
  fill(value, offset, end, encoding) {
    if (typeof offset === 'string') [offset, encoding] = [undefined, offset];
    else if (typeof end === 'string') [end, encoding] = [undefined, end];
    const content = contentOf(value, encoding) || [value & 255];
    const first = clamped(offset, 0, this.length), last = clamped(end, this.length, this.length);
    for (let at = first; at < last; at++) this[at] = content.length ? content[(at - first) % content.length] : 0;
    return this;
  },
  includes(value, offset, encoding) { return find(this, value, offset, encoding, 1) >= 0; },
  indexOf(value, offset, encoding) { return find(this, value, offset, encoding, 1); },
  lastIndexOf(value, offset, encoding) { return find(this, value, offset, encoding, -1); },
  slice(start, end) { return asBuffer(new Uint8Array(this.buffer, ...spanOf(this, start, end))); },
  subarray(start, end) { return asBuffer(new Uint8Array(this.buffer, ...spanOf(this, start, end))); },
  swap16: swapped(2),
  swap32: swapped(4),
  swap64: swapped(8),
  toJSON() { return { type: 'Buffer', data: Array.from(this) }; },
  toString(encoding, start, end) {
    const write = encodingOf(encoding)[1];
    return write(subarrayOf(this, clamped(start, 0, this.length), clamped(end, this.length, this.length)));
  },
  write(text, offset, length, encoding) {
    if (typeof offset === 'string') [offset, length, encoding] = [0, undefined, offset];
    else if (typeof length === 'string') [length, encoding] = [undefined, length];
    const start = offset || 0;
    if (start > this.length) throw new RangeError(`index ${start} is outside the bound of the buffer`);
    const bytes = encoded(`${text}`, encoding).slice(0, clamped(length, this.length, this.length - start));
    this.set(bytes, start);
    return bytes.length;
  },
});
const spanOf = (buffer, start, end) => {
  const relative = (value, otherwise) => {
    const at = value === undefined ? otherwise : Math.trunc(value) || 0;
    return at < 0 ? Math.max(at + buffer.length, 0) : Math.min(at, buffer.length);
  };
  const first = relative(start, 0);
  return [buffer.byteOffset + first, Math.max(relative(end, buffer.length) - first, 0)];
};
const cellOf = (buffer, offset, width) => {
  if (typeof offset !== 'number' || offset < 0 || offset + width > buffer.length) throw new RangeError(`index ${offset} is outside the bound of the buffer`);
  return new DataView(buffer.buffer, buffer.byteOffset + offset, width);
};
for (const [name, method, width] of [['UInt8', 'Uint8', 1], ['Int8', 'Int8', 1], ['UInt16', 'Uint16', 2], ['Int16', 'Int16', 2], ['UInt32', 'Uint32', 4], ['Int32', 'Int32', 4], ['Float', 'Float32', 4], ['Double', 'Float64', 8]]) {
  for (const end of width === 1 ? [''] : ['BE', 'LE']) {
    hide(buffers, `read${name}${end}`, function (offset = 0) { return cellOf(this, offset, width)[`get${method}`](0, end === 'LE'); });
    hide(buffers, `write${name}${end}`, function (value, offset = 0) {
      cellOf(this, offset, width)[`set${method}`](0, value, end === 'LE');
      return offset + width;
    });
  }
}
// Integers of one to six bytes.
const requireWidth = (width) => {
  if (!(width >= 1 && width <= 6)) throw new RangeError('"byteLength" must be <= 6');
};
for (const end of ['BE', 'LE']) {
  const place = (index, width) => (end === 'BE' ? index : width - 1 - index);
  const read = (buffer, offset, width) => {
    requireWidth(width);
    const cell = cellOf(buffer, offset, width);
    let value = 0;
    for (let index = 0; index < width; index++) value = value * 256 + cell.getUint8(place(index, width));
    return value;
  };
  const write = function (value, offset, width) {
    requireWidth(width);
    const cell = cellOf(this, offset, width);
    for (let index = width - 1; index >= 0; index--) {
      cell.setUint8(place(index, width), value);
      value = Math.floor(value / 256);
    }
    return offset + width;
  };
  hideAll(buffers, {
    [`readUInt${end}`](offset, width) { return read(this, offset, width); },
    [`readInt${end}`](offset, width) {
      const value = read(this, offset, width), half = 2 ** (8 * width - 1);
      return value >= half ? value - 2 * half : value;
    },
    [`writeUInt${end}`]: write,
    [`writeInt${end}`]: write,
  });
}
({ Buffer, asBuffer, module: { Buffer } });
