// Values as console.log shows them.
const { errorText } = use('tools');
const isArray = Array.isArray;
const tag = uncurried(Object.prototype.toString);
const quoted = (text) => `'${writeJSON(text).slice(1, -1).split('\\"').join('"')}'`;
const number = (value) => (Object.is(value, -0) ? '-0' : `${value}`);
const functionText = (value) => (value.name ? `[Function: ${value.name}]` : '[Function]');
const scalar = (value) => {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') return number(value);
  return typeof value === 'function' ? functionText(value) : String(value);
};
const whole = {
  '[object Date]': (value) => (isNaN(value) ? 'Invalid Date' : value.toISOString()),
  '[object RegExp]': (value) => `${value}`,
  '[object Error]': errorText,
  '[object Number]': (value) => `[Number: ${number(value.valueOf())}]`,
  '[object Boolean]': (value) => `[Boolean: ${value.valueOf()}]`,
  '[object String]': (value) => `[String: ${quoted(value.valueOf())}]`,
  '[object Symbol]': (value) => `[Symbol: ${String(value.valueOf())}]`,
};
const isBytes = (value) => ArrayBuffer.isView(value) && !(value instanceof DataView);
const prefixed = (value, text) => {
  const name = tag(value).slice(8, -1);
  return name === 'Object' || isArray(value) ? text : `${name} ${text}`;
};
const member = (value, key, within) => {
  const slot = Object.getOwnPropertyDescriptor(value, key);
  const shown = slot.get ? `'[${slot.set ? 'Getter/Setter' : 'Getter'}]'` : slot.set ? "'[Setter]'" : inspect(slot.value, within);
  return shown;
};
const items = (value, within) => Array.from({ length: value.length }, (_, index) => (index in value ? inspect(value[index], within) : '<empty>'));
const members = (value, within) => {
  const keys = [...Object.keys(value), ...Object.getOwnPropertySymbols(value)];
  return keys.map((key) => `${String(key)}:${member(value, key, within)}`);
};
const inspect = (value, within = []) => {
  if (value === null || (typeof value !== 'object')) return scalar(value);
  if (within.includes(value)) return '[Circular]';
  const known = whole[value instanceof Error ? '[object Error]' : tag(value)];
  if (known) return known(value);
  const inner = [...within, value];
  const text = isArray(value) || isBytes(value) ? `[${items(value, inner).join(',')}]` : `{${members(value, inner).join(',')}}`;
  return prefixed(value, text);
};
const shown = (value) => (typeof value === 'string' ? value : inspect(value));
({ shown });
