// The intrinsics that the other parts use, taken before the function's code can change them.
const G = globalThis, library = G.library, source = G.source, RealDate = Date;
delete G.library;
delete G.source;
const parseJSON = JSON.parse, writeJSON = JSON.stringify, define = Object.defineProperty;
const hide = (object, name, value) => define(object, name, { value, writable: true, configurable: true, enumerable: false });
// Most parts are text until they are used. `compile` is a direct eval, so that a part sees this scope.
const compiled = { __proto__: null };
const use = (part) => compiled[part] || (compiled[part] = compile(parseJSON(library)[part]));
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
Error.prepareStackTrace = (error, sites) => use('messages').trace(error, sites);
