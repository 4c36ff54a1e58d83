// The intrinsics that the other parts use, taken before the function's code can change them.
const G = globalThis, library = G.library, source = G.source, RealDate = Date;
delete G.library;
delete G.source;
const parseJSON = JSON.parse, writeJSON = JSON.stringify, define = Object.defineProperty;
const hide = (object, name, value) => define(object, name, { value, writable: true, configurable: true, enumerable: false });
const bound = Function.prototype.bind, uncurried = bound.bind(Function.prototype.call);
const indexOf = uncurried(String.prototype.indexOf), slice = uncurried(String.prototype.slice);
// No template literal here: QuickJS makes one with String.prototype.concat, which the function's code can replace.
// Most parts are lines of the library until they are used. `compile` is a direct eval, so that a part sees this scope.
const compiled = { __proto__: null };
const use = (part) => {
  if (!compiled[part]) {
    const start = indexOf(library, '\n' + part + ':') + part.length + 2;
    compiled[part] = compile(slice(library, start, indexOf(library, '\n', start)));
  }
  return compiled[part];
};
const lazily = (object, name, part, member = name) => define(object, name, {
  get() {
    hide(object, name, use(part)[member]);
    return object[name];
  },
  set(value) { hide(object, name, value); },
  configurable: true,
});
let startedAt = 0, randomSeed = 0, eventType = '', edgeLocation = {};
let customLog = null, origin = null;
const logs = [], reads = [];
// Without memory, an error keeps the engine's own message.
Error.prepareStackTrace = (error, sites) => {
  try {
    return use('messages').trace(error, sites);
  } catch (_) {
    return '';
  }
};
