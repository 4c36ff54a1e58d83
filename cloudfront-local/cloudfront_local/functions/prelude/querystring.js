const { search } = use('tools');
const { bytesOfUtf8, utf8OfBytes, hexOfBytes } = use('bytes');
const unescapeQuery = (text) => {
  text = `${text}`;
  const bytes = [];
  let plain = true;
  for (let at = 0; at < text.length; at++) {
    const escape = text[at] === '%' ? search(/^[0-9a-f]{2}/i, text.slice(at + 1, at + 3)) : null;
    if (escape) {
      bytes.push(parseInt(escape[0], 16));
      at += 2;
      plain = false;
    } else bytes.push(...bytesOfUtf8(text[at]));
  }
  return plain ? text : utf8OfBytes(bytes);
};
const escapeQuery = (text) => {
  let escaped = '';
  for (const byte of bytesOfUtf8(`${text}`)) {
    const character = String.fromCharCode(byte);
    escaped += search(/[A-Za-z0-9\-_.!~*'()]/, character) ? character : `%${hexOfBytes([byte]).toUpperCase()}`;
  }
  return escaped;
};
const queryValue = (value) => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return isFinite(value) ? `${value}` : '';
  return typeof value === 'boolean' ? `${value}` : '';
};
const parseQuery = (text, separator, equals, options) => {
  const found = {};
  const { maxKeys = 1000, decodeURIComponent: decode = queryModule.unescape } = options || {};
  if (typeof text !== 'string' || !text) return found;
  const parts = text.split(separator || '&');
  for (const part of maxKeys > 0 ? parts.slice(0, maxKeys) : parts) {
    if (!part) continue;
    const [name, ...rest] = part.split(equals || '=');
    const spaced = (raw) => decode(raw.split('+').join('%20'));
    const key = spaced(name), value = spaced(rest.join(equals || '='));
    if (!Object.prototype.hasOwnProperty.call(found, key)) found[key] = value;
    else if (Array.isArray(found[key])) found[key].push(value);
    else found[key] = [found[key], value];
  }
  return found;
};
const stringifyQuery = (object, separator, equals, options) => {
  const encode = (options && options.encodeURIComponent) || queryModule.escape;
  if (object === null || typeof object !== 'object') return '';
  const pair = (key, value) => `${encode(key)}${equals || '='}${encode(queryValue(value))}`;
  return Object.keys(object)
    .map((key) => (Array.isArray(object[key]) ? object[key].map((value) => pair(key, value)).join(separator || '&') : pair(key, object[key])))
    .filter((text) => text)
    .join(separator || '&');
};
const queryModule = { parse: parseQuery, decode: parseQuery, stringify: stringifyQuery, encode: stringifyQuery, escape: escapeQuery, unescape: unescapeQuery };
({ module: queryModule });
