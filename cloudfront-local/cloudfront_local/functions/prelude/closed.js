// No code from text: eval, Function, and the constructors that only prototypes lead to.
const closed = function Function() {
  throw new InternalError('Not implemented');
};
define(closed, 'prototype', { value: Function.prototype, writable: false });
hide(G, 'Function', closed);
for (const example of [function () {}, async function () {}, function* () {}, async function* () {}]) hide(Object.getPrototypeOf(example), 'constructor', closed);
hide(G, 'eval', { eval() { closed(); } }.eval);
