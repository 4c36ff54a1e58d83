// The engine's messages in the words of njs, as far as the words of QuickJS tell enough.
const { search } = use('tools');
const wordings = [
  [/^(.+) is not defined$/, (m) => `"${m[1]}" is not defined`],
  [/^cannot read property '(.*)' of (undefined|null)$/, (m) => `cannot get property "${m[1]}" of ${m[2]}`],
  [/^cannot set property '.*' of (undefined|null)$/, (m) => `property set on primitive ${m[1]} type`],
  [/^'(.*)' is read-only$/, (m, e, at) => (isIdentifierAt(m[1], at) ? 'assignment to constant variable' : `Cannot assign to read-only property "${m[1]}" of object`)],
  [/^(?:.+ is not initialized|lexical variable is not initialized)$/, () => 'cannot access variable before initialization'],
  [/^not a function$/, (m, e, at) => notCallable(at)],
  [/^not a constructor$/, (m, e, at) => notCallable(at)],
  [/^value is not iterable$/, () => 'object is not iterable'],
  [/^could not delete property$/, () => 'Cannot delete property of object'],
  [/^object is not extensible$/, () => 'Cannot add property, object is not extensible'],
  [/^cannot convert symbol to string$/, () => 'Cannot convert a Symbol value to a string'],
  [/^cannot convert symbol to number$/, () => 'Cannot convert a Symbol value to a number'],
  [/^must be called with new$/, (m, e, at) => `the ${at ? at.name : ''} constructor must be called with new`],
  [/^invalid property access$/, () => '"caller", "callee", "arguments" properties may not be accessed'],
  [/^object prototype may only be an Object or null$/, () => 'prototype may only be an object or null'],
  [/^invalid number of digits$/, () => 'digits argument must be between 0 and 100'],
  [/^toPrimitive$/, () => 'Cannot convert object to primitive value'],
  [/^invalid array length$/, () => 'Invalid array length'],
  [/^empty array$/, () => 'Reduce of empty object with no initial value'],
  [/^circular reference$/, () => 'Nested too deep or a cyclic structure'],
  [/^invalid 'in' operand$/, () => 'property "in" on primitive type'],
  [/^invalid 'instanceof' right operand$/, () => 'right argument is not callable'],
  [/^Date value is NaN$/, () => 'Invalid time value'],
  [/^(?:expecting (?:hex digit|%)|malformed UTF-8)$/, () => 'malformed URI'],
  [/ in JSON at position (\d+)/, (m) => `Unexpected token at position ${m[1]}`],
  [/^Unexpected end of JSON input/, () => 'Unexpected end of input'],
];
const wordAt = (at, line) => {
  const found = search(/^[\w$]+/, line.slice(at.column - 1));
  return found ? found[0] : '';
};
const lineOf = (at) => (at && at.line ? source.split('\n')[at.line - 1] || '' : '');
const isIdentifierAt = (name, at) => wordAt(at || {}, lineOf(at)) === name;
const notCallable = (at) => {
  if (at && at.native) return 'callback argument is not callable';
  const line = lineOf(at), word = at ? wordAt(at, line) : '';
  const isMember = word && search(/\.\s*$/, line.slice(0, at.column - 1));
  return isMember ? `(intermediate value)["${word}"] is not a function` : '(intermediate value) is not a function';
};
const reworded = (error, at) => {
  for (const [pattern, words] of wordings) {
    const found = search(pattern, error.message);
    if (found) return words(found, error, at);
  }
  return error.message;
};
// A frame on the first line is the environment's: the function's source begins on the second. No method of an array or
// of a function is called with a call site: the function's code may have replaced it.
const frameOf = (site) => ({ name: site.getFunctionName() || 'anonymous', native: site.isNative(), line: site.getLineNumber(), column: site.getColumnNumber() });
const trace = (error, sites) => {
  let frames = '', first;
  for (let index = 0; index < sites.length; index++) {
    const at = frameOf(sites[index]);
    if (!at.native && !(at.line > 1)) continue;
    first = first || at;
    frames += `    at ${at.name} (${at.native ? 'native' : `${fileName}:${at.line - 1}:${at.column}`})\n`;
  }
  if (typeof error.message === 'string') hide(error, 'message', reworded(error, first));
  return `${error.name}: ${error.message}\n${frames}`;
};
({ trace });
