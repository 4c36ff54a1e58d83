// Values as console.log shows them.
const { errorText, search } = use('tools');
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
const holes = (count) => (count === 1 ? '<empty>' : `<${count} empty items>`);
const items = (value, within) => {
  const texts = [];
  let missing = 0;
  for (let index = 0; index <= value.length; index++) {
    const isHole = index < value.length && !(index in value);
    if (missing && !isHole) texts.push(holes(missing));
    missing = isHole ? missing + 1 : 0;
    if (index < value.length && !isHole) texts.push(inspect(value[index], within));
  }
  return texts;
};
const named = (value, keys, within) => keys.map((key) => `${String(key)}:${member(value, key, within)}`);
const members = (value, within) => {
  const symbols = Object.getOwnPropertySymbols(value).filter((key) => Object.getOwnPropertyDescriptor(value, key).enumerable);
  return named(value, [...Object.keys(value), ...symbols], within);
};
const extras = (value, within) => named(value, Object.keys(value).filter((key) => !search(/^\d+$/, key)).sort(), within);
const inspect = (value, within = []) => {
  if (value === null || (typeof value !== 'object')) return scalar(value);
  if (within.includes(value)) return '[Circular]';
  const known = whole[value instanceof Error ? '[object Error]' : tag(value)];
  if (known) return known(value);
  const inner = [...within, value];
  const text = isArray(value) || isBytes(value) ? `[${[...items(value, inner), ...extras(value, inner)].join(',')}]` : `{${members(value, inner).join(',')}}`;
  return prefixed(value, text);
};
const shown = (value) => (typeof value === 'string' ? value : inspect(value));
({ shown });
