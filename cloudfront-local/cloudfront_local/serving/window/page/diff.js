/** Compares two JSON values: rows of {depth, before, after, kind}, each a line of text on either side.
 * `kind` is "same", "added", "removed" or "changed". A value that fits stays on one line. */
export function rows(before, after, { name, depth = 0 } = {}) {
  const key = name === undefined ? "" : `${JSON.stringify(name)}: `;
  const kind = before === undefined ? "added" : after === undefined ? "removed" : "";
  if (!opens(before, depth) && !opens(after, depth)) {
    const [left, right] = [line(key, before), line(key, after)];
    return [{ depth, before: left, after: right, kind: kind || (left === right ? "same" : "changed") }];
  }
  const present = after ?? before;
  if (!kind && !alike(before, after)) {
    return [...rows(before, undefined, { name, depth }), ...rows(undefined, after, { name, depth })];
  }
  const [open, close] = Array.isArray(present) ? "[]" : "{}";
  const side = (text) => ({ depth, before: before === undefined ? "" : text, after: after === undefined ? "" : text, kind: kind || "same" });
  const inner = names(before, after).flatMap((each) =>
    rows(before?.[each], after?.[each], { name: Array.isArray(present) ? undefined : each, depth: depth + 1 }),
  );
  return [side(key + open), ...inner, side(close)];
}

/** Whether two JSON values are the same. */
export const same = (before, after) => rows(before, after).every(({ kind }) => kind === "same");

/** A JSON value alone, in the same lines. */
export const lines = (value) => rows(value, value);

const WIDTH = 64;

function opens(value, depth) {
  if (!isObject(value) || !Object.keys(value).length) return false;
  return depth === 0 || (!isItem(value) && JSON.stringify(value).length > WIDTH);
}

/** Whether a value is one header, [{"key": "Host", "value": "example.com"}], or an object without others inside. */
const isItem = (value) => (Array.isArray(value) && value.length === 1 ? isItem(value[0]) : isObject(value) && !Object.values(value).some(isObject));

const isObject = (value) => typeof value === "object" && value !== null;
const alike = (before, after) => isObject(before) && isObject(after) && Array.isArray(before) === Array.isArray(after);
const line = (key, value) => (value === undefined ? "" : key + text(value));

/** The names of both, in the order of `before`; those of `after` alone come last. */
function names(before, after) {
  const [left, right] = [Object.keys(before ?? {}), Object.keys(after ?? {})];
  return [...left, ...right.filter((name) => !left.includes(name))];
}

/** JSON on one line, with a space after each colon and comma. */
function text(value) {
  if (Array.isArray(value)) return `[${value.map(text).join(", ")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  return `{${Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${text(item)}`).join(", ")}}`;
}
