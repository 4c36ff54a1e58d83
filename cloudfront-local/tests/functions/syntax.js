for (const x of [1]) ;
for (var x of [1]) ;
class A { }
var A = class { };
var o = { m() { return super.x; } };
function f() { return new.target; }
var { a } = {};
var { a: b } = {};
var [a, b] = [1];
const [a] = [];
let { a = 1 } = {};
[a, b] = [b, a];
({ a } = {});
function f({ a }) { }
function f([a]) { }
var f = ({ a }) => a;
var f = ([a]) => a;
function f(a = 1) { }
var f = (a = 1) => a;
try { } catch ({ message }) { }
try { } catch { }
Math.max(...[1]);
var a = [...[1]];
var a = { ...{} };
new Date(...[1]);
a?.b;
a?.[0];
a?.();
a ??= 1;
a ||= 1;
a &&= 1;
function* g() { yield 1; }
var g = function* () { };
var o = { *g() { } };
var n = 10n;
async function f() { for await (const x of []) ; }
async function f() { g(await x); }
async function f() { new G(await x); }
async function f() { g(1, (await x)); }
async function f() { g([await x]); }
async function f() { g(`${await x}`); }
await x;
import { a } from 'fs';
import * as a from 'fs';
import('fs');
import.meta;
export default 1;
export var a = 1;
export { a };
/a/u;
/a/s;
/a/gs;
/a/d;
with (a) { }
var a = 017;
var a = 08;
let a; let a;
let a; var a;
const a;
var a = ;
if (1 { }
return 1;
var s = 'abc
var eval = 1;
var arguments = 1;
break;
var t = <div></div>;
function f(a, a) { }
delete a;
async () => { for (const x of y) ; };
yield 1;
({ a: 1, a: 2 });
function f(...[a]) { }
function f(a, ...b) { }
@d function f() { }
async function* f() { }
static x;
interface X { }
a.#b;
var x = { __proto__: null, __proto__: null };
(a, b) => a + b;
async x => await x;
var o = { async m() { await 1; } };
var o = { get a() { return 1; }, set a(v) { } };
a ? await b : c;
throw
new.target;
super.x;
for (const [a, b] of []) ;
for (var {a} in b) ;
((a, {b}) => a);
(async ({a}) => a);
((...[a]) => a);
var {a, b}= x, c;
var [] = x;
var {} = x;
let [[a]] = x;
