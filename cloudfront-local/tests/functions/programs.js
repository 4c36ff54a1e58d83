// Programs for cloudfront-js-2.0, one on a line: each is an expression whose value console.log shows.
// ── Values and operators
1 + 2
'1' + 2
1 - '2'
'3' * '4'
7 % -3
2 ** 10
(-8) ** (1 / 3)
1 / 0
-1 / 0
0 / 0
0.1 + 0.2
1e21 + 1
123456789012345680000
0xff + 0b11 + 0o17
1_000_000
5 & 3 | 8 ^ 1
~5
1 << 31
-1 >>> 0
-1 >> 1
null ?? 'x'
0 ?? 'x'
'' || 'y'
1 && 2
!'' + !0
typeof null
typeof undefined
typeof (() => 1)
typeof Symbol()
typeof undeclared
void 0
null == undefined
null === undefined
NaN !== NaN
'b' > 'a'
'10' < '9'
10 < '9'
[] + []
[] + {}
[1, 2] + ''
[2] * [3]
({}) + 1
true + true
+'  12  '
+'1x'
+[]
+{}
'a' in { a: 1 }
delete [1][0]
(1, 2, 3)
1 < 2 ? 'yes' : 'no'
[1, 2, 3] instanceof Array
({}) instanceof Object
-0
Object.is(-0, 0)
`a${1 + 1}b${'c'}`
`line\nbreak`
((s, ...v) => s[0] + v[0] + s[1])`x${5}y`
// ── Statements and functions
(() => { var n = 0; for (var i = 0; i < 5; i++) { if (i === 3) continue; n += i; } return n; })()
(() => { let n = 0; while (true) { if (++n > 4) break; } return n; })()
(() => { let n = 0; do { n++; } while (n < 3); return n; })()
(() => { const o = { b: 1, a: 2 }; const k = []; for (const x in o) k.push(x); return k; })()
(() => { outer: for (let i = 0; i < 3; i++) { for (let j = 0; j < 3; j++) { if (j === 1) continue outer; if (i === 2) break outer; } } return 'done'; })()
(() => { switch (3) { case 1: return 'a'; case 3: return 'c'; default: return 'd'; } })()
(() => { switch ('x') { default: return 'd'; case 'y': return 'y'; } })()
(() => { try { throw new Error('e'); } catch (e) { return e.message; } finally { } })()
(() => { try { return 1; } finally { console.log('f'); } })()
(() => { const f = []; for (let i = 0; i < 3; i++) f.push(() => i); return f.map((g) => g()); })()
(() => { var f = []; for (var i = 0; i < 3; i++) f.push(() => i); return f.map((g) => g()); })()
(function () { return this; })()
(function () { return arguments.length; })(1, 2, 3)
(function (a, ...rest) { return rest; })(1, 2, 3)
((a, b) => a + b)(1)
(function f(n) { return n < 2 ? 1 : n * f(n - 1); })(10)
(function (a, b) { }).length
(function named() { }).name
(() => { const f = () => 1; return f.name; })()
(function () { return typeof g; function g() { } })()
(() => { var x = 1; { let x = 2; } return x; })()
(function (a) { return a; }).call(null, 5)
(function (a, b) { return a + b; }).apply(null, [1, 2])
(function (a, b) { return a + b; }).bind(null, 1)(2)
new (function F(a) { this.a = a; })(3)
(() => { function P() { } P.prototype.m = function () { return 'm'; }; return new P().m(); })()
({ get x() { return 7; } }).x
({ set x(v) { this.y = v; }, y: 1 }).y
(() => { const a = 1; return { a }; })()
({ ['k' + 1]: 2 })
({ m() { return 3; } }).m()
((a) => { a = 5; return a; })(1)
(() => { var { length } = 'abc'; return length; })
// ── Objects
Object.keys({ a: 1, b: 2 })
Object.values({ a: 1, b: 2 })
Object.entries({ a: 1, b: [2] })
Object.assign({ a: 1 }, { b: 2 }, null)
Object.create({ a: 1 }).a
Object.create(null, { x: { value: 1, enumerable: true } })
Object.getOwnPropertyNames({ a: 1 })
Object.getPrototypeOf([]) === Array.prototype
Object.isFrozen(Object.freeze({}))
Object.isSealed(Object.seal({ a: 1 }))
Object.isExtensible(Object.preventExtensions({}))
Object.getOwnPropertyDescriptor({ a: 1 }, 'a')
({ a: 1 }).hasOwnProperty('a')
({ a: 1 }).propertyIsEnumerable('a')
Object.prototype.toString.call([])
Object.prototype.toString.call(null)
Object.prototype.toString.call(new Date(0))
Object.prototype.toString.call(/x/)
Object.prototype.toString.call(() => 1)
(() => { const o = {}; Object.defineProperty(o, 'x', { value: 1 }); return JSON.stringify(o) + o.x; })()
(() => { const o = { a: 1 }; delete o.a; return 'a' in o; })()
({ valueOf() { return 42; } }) * 2
`${{ toString() { return 'text'; } }}`
({ a: { b: { c: 1 } } }).a.b.c
typeof Object.fromEntries
typeof Object.hasOwn
typeof Object.groupBy
// ── Arrays
[3, 1, 2].sort()
[10, 9, 1].sort()
[3, 1, 2].sort((a, b) => b - a)
[1, 2, 3].map((x) => x * 2)
[1, 2, 3].filter((x) => x > 1)
[1, 2, 3].reduce((a, b) => a + b)
[1, 2, 3].reduceRight((a, b) => a + '-' + b)
[1, 2, 3].some((x) => x > 2)
[1, 2, 3].every((x) => x > 2)
[1, 2, 3].find((x) => x > 1)
[1, 2, 3].findIndex((x) => x > 5)
[1, 2, 3].includes(2)
[1, 2, NaN].indexOf(NaN)
[1, 2, NaN].includes(NaN)
[1, 2, 1].lastIndexOf(1)
[1, [2, [3]]].concat([4], 5)
[1, 2, 3].join('-')
[null, undefined, 1].join()
[1, 2, 3].reverse()
[1, 2, 3, 4].slice(1, -1)
(() => { const a = [1, 2, 3, 4]; const r = a.splice(1, 2, 'x'); return [a, r]; })()
(() => { const a = [1]; a.push(2, 3); a.pop(); a.unshift(0); a.shift(); return a; })()
[1, 2, 3].fill(0, 1)
[1, 2, 3, 4, 5].copyWithin(0, 3)
Array.isArray([])
Array.of(1, 2)
new Array(3)
new Array(3).length
Array(1, 2)
[, 1, ,]
(() => { const a = []; a[3] = 1; return a; })()
(() => { const a = [1, 2, 3]; a.length = 1; return a; })()
[1, 2, 3].toString()
String([1, [2, 3]])
[1, 2, 3].keys().next()
[5].entries().next().value
typeof [].flat
typeof [].flatMap
typeof [].at
typeof [].findLast
typeof [].toSorted
typeof Array.from
[3, undefined, 1].sort()
['b', , 'a'].sort()
[1, 2, 3].forEach((x) => x)
// ── Strings
'abc'.length
'abc'[1]
'abc'.charAt(5)
'abc'.charCodeAt(1)
'é'.charCodeAt(0)
'abc'.codePointAt(1)
'abc'.indexOf('c')
'abcabc'.lastIndexOf('b')
'abc'.includes('bc')
'abc'.startsWith('b', 1)
'abc'.endsWith('b', 2)
'abc'.slice(-2)
'abc'.substring(2, 0)
'abc'.substr(-2, 1)
'a,b,c'.split(',')
'a,b,c'.split(',', 2)
'abc'.split('')
'abc'.split()
'AbC'.toLowerCase() + 'AbC'.toUpperCase()
'É'.toLowerCase()
' a '.trim() + '|'
' a '.trimStart() + '|'
' a '.trimEnd() + '|'
'ab'.repeat(3)
'5'.padStart(3, '0')
'5'.padEnd(3)
'a'.concat('b', 1)
'a-b-c'.replace('-', '+')
'a-b-c'.replace(/-/g, '+')
'abc'.replace(/(b)/, '[$1$&]')
'abc'.replace('b', (m, i) => m + i)
'aXbX'.replace(/X/g, () => '$1')
'x'.replace('x', '$$')
'abc'.match(/b(c)/)[1]
'abcabc'.match(/b/g)
'abc'.match(/x/)
'abc'.search(/c/)
String.fromCharCode(97, 98)
String.fromCodePoint(8364)
String(null) + String(undefined) + String(true)
'a\tb\u0041\x42'
'it\'s'
"it's"
['it\'s', "say \"x\""]
'\\'
typeof 'a'.at
typeof 'a'.matchAll
typeof 'a'.normalize
typeof String.raw
typeof 'a'.localeCompare
'a' < 'B'
'ß'.toUpperCase()
'€uro'.length
encodeURIComponent('a b&c/é?')
encodeURI('http://x/a b?q=é#h')
decodeURIComponent('%C3%A9%20')
decodeURI('%2F%20')
'abc'.valueOf() === 'abc'
new String('x').length
'😀'.length
'😀'.charCodeAt(0)
'a😀b'.slice(0, 2).length
// ── Regular expressions
/a+/.test('caat')
/a+/.exec('caat').index
/(\d+)-(\d+)/.exec('10-20')
/(?<year>\d{4})/.exec('in 2024').groups.year
/(?<=\$)\d+/.exec('cost $42')[0]
/(?<!\$)\b\d+/.exec('cost $42 or 17')[0]
/^b/m.test('a\nb')
/A/i.test('a')
(() => { const r = /a/g; r.test('aa'); return r.lastIndex; })()
(() => { const r = /b/y; r.lastIndex = 1; return r.test('ab'); })()
/a/gi.flags
String(/a\/b/g)
/x/.source
/[^\/]+$/.exec('/a/b.html')[0]
'/a/b/'.replace(/\/+$/, '')
'a1b2'.replace(/\d/g, (d) => d * 2)
'x'.match(/(y)?/)
/\bfoo\b/.test('a foo b')
/^\/blog(?:\/(.*))?$/.exec('/blog/post')[1]
new RegExp('a|b', 'g').test('b')
new RegExp(/x/, 'i').flags
/a{2,3}/.exec('aaaa')[0]
/a+?/.exec('aaa')[0]
/(a)|(b)/.exec('b')
/\u0041/.test('A')
/a$/.test('a\n')
/./.test('\r')
/\s/.test('\u00a0')
'a.b.c'.split(/\./)
'a1b2c'.split(/(\d)/)
/[\w.-]+@[\w.-]+/.test('me@example.org')
// ── Numbers and Math
(255).toString(16)
(0.5).toString(2)
(3.14159).toFixed(2)
(0).toFixed(2)
(1234.5678).toExponential(2)
(1234.5678).toPrecision(6)
Number('0x1f')
Number('')
Number(' 5 ')
Number(null)
Number([5])
Number('1e3')
parseInt('12px')
parseInt('ff', 16)
parseInt('0x1f')
parseInt('')
parseFloat('3.14abc')
parseFloat('.5')
isNaN('x')
isFinite('5')
Number.isInteger(5.0)
Number.isNaN('x')
Number.isSafeInteger(2 ** 53)
Number.MAX_SAFE_INTEGER
Number.EPSILON > 0
Math.max()
Math.max(1, 3, 2)
Math.min(1, NaN)
Math.round(-0.5)
Math.round(2.5)
Math.trunc(-4.7)
Math.sign(-3)
Math.cbrt(27)
Math.hypot(3, 4)
Math.log2(8)
Math.clz32(1)
Math.fround(5.5)
Math.imul(3, 4)
Math.abs(-5)
Math.floor(-0.5)
Math.ceil(0.2)
Math.pow(2, 0.5)
Math.atan2(1, 1)
1e-7
123e-20
0.000001
1.7976931348623157e308 * 10
5e-324
(25).toString(36)
typeof (5).toLocaleString
// ── JSON
JSON.stringify({ a: [1, 'x', null, undefined, true], b: undefined, c: () => 1 })
JSON.stringify([NaN, Infinity])
JSON.stringify('a"b\n\u2028')
JSON.stringify({ a: 1, b: { c: 2 } }, null, 2)
JSON.stringify([1, [2]], null, '--')
JSON.stringify({ a: 1, b: 2 }, ['b'])
JSON.stringify({ a: 1, b: 'x' }, (k, v) => (typeof v === 'number' ? v + 1 : v))
JSON.stringify({ toJSON() { return 'J'; } })
JSON.stringify(new Date(0))
JSON.stringify(undefined)
JSON.stringify(null)
JSON.stringify({ 'a-b': 1 })
JSON.parse('{"a":[1,2,{"b":null}]}')
JSON.parse('"\\u0041"')
JSON.parse(' [1 , 2 ] ')
JSON.parse('{"a":1}', (k, v) => (k === 'a' ? 5 : v))
JSON.parse('1e3')
JSON.parse('true')
// ── Dates
new Date(0).toISOString()
new Date(2020, 1, 29, 12).toISOString()
new Date('2020-01-01').getTime()
new Date('2020-01-01T00:00:00').getTime()
new Date('2020-01-01T00:00:00Z').getTime()
new Date('2020-01-01T00:00:00+02:00').toISOString()
Date.UTC(2020, 0)
new Date(NaN).getTime()
String(new Date(NaN))
new Date(86400000).getUTCDay()
new Date(86400000).getDay()
new Date(0).getTimezoneOffset()
new Date(0).toJSON()
new Date(0).toUTCString()
(() => { const d = new Date(0); d.setUTCFullYear(2000); return d.toISOString(); })()
(() => { const d = new Date(0); d.setDate(40); return d.getMonth(); })()
typeof Date.now()
new Date(5) - new Date(3)
typeof Date()
// ── Symbols, promises, typed arrays
Symbol('a').toString()
Symbol('a').description
Symbol.for('x') === Symbol.for('x')
Symbol.keyFor(Symbol.for('x'))
typeof Symbol.iterator
new Uint8Array([1, 256, -1])
new Uint8Array(3).fill(7)
new Uint8Array([1, 2, 3]).subarray(1)
new Uint16Array([65536, 5])
new Float32Array([1.5])
new Uint8Array([3, 1, 2]).sort()
Uint8Array.from([1, 2])
Uint8Array.of(3)
new Uint8Array(new ArrayBuffer(4), 1, 2).length
new Uint8Array([1, 2]).join('-')
new DataView(new ArrayBuffer(4)).getInt32(0)
(() => { const d = new DataView(new ArrayBuffer(4)); d.setUint16(0, 258); return d.getUint8(1); })()
new ArrayBuffer(8).slice(2).byteLength
Uint8Array.BYTES_PER_ELEMENT
ArrayBuffer.isView(new Uint8Array(1))
Promise.resolve(1)
typeof Promise.all
typeof Promise.any
Promise.resolve(1) instanceof Promise
(Promise.resolve(5).then((v) => console.log(v)), 'first')
(Promise.reject(new Error('no')).catch((e) => console.log(e.message)), 'first')
(Promise.all([1, Promise.resolve(2)]).then((v) => console.log(v)), 'first')
(Promise.race([new Promise(() => 0), Promise.resolve('r')]).then((v) => console.log(v)), 'first')
(Promise.allSettled([Promise.resolve(1), Promise.reject(2)]).then((v) => console.log(JSON.stringify(v))), 'first')
(Promise.resolve(1).finally(() => console.log('f')), 'first')
((async () => { const v = await Promise.resolve('w'); console.log(v); })(), 'first')
((async () => { try { await Promise.reject(new Error('r')); } catch (e) { console.log(e.message); } })(), 'first')
((async () => { for (let i = 0; i < 2; i++) { const x = await i; console.log(x); } })(), 'first')
((async () => 5)().then((v) => console.log(v)), 'first')
// ── What console.log shows
{}.x
({ a: 1, b: 'x' })
[1, 'a', [2, { b: 3 }]]
[undefined, null, true]
[() => 1]
[function f() { }]
[new Date(0)]
[/x/gi]
[new Error('boom')]
new TypeError('t')
[Symbol('s')]
[new String('x'), new Number(1), new Boolean(true)]
new Map2()
({ nested: { deep: { deeper: {} } } })
(() => { const c = {}; c.self = c; return c; })()
(() => { const a = []; a.push(a); return a; })()
({ get a() { return 1; } })
[-0, NaN, Infinity]
['\u0001\n\t\\']
[1.5, 1e100]
Object.create({ hidden: 1 })
new ArrayBuffer(2)
Math
JSON
[[]]
({ 1: 'one', a: {} })
// ── Errors and their texts
undefinedVariable
undefined.foo
null.foo
({}).a.b
({}).foo()
[1].map(5)
({ a: {} }).a.b()
null.x = 1
undefined.x = 1
(() => { const a = 1; a = 2; })()
(() => { x; let x = 1; })()
(() => { undeclaredAssignment = 1; })()
(() => { Object.freeze({ a: 1 }).a = 2; })()
({ get a() { return 1; } }).a = 2
new Array(-1)
(function r() { r(); })()
Symbol() + ''
JSON.parse('{a:1}')
JSON.parse('[1,]')
JSON.parse('x')
decodeURIComponent('%')
decodeURIComponent('%E0%A4')
[].reduce((a, b) => a)
new Date(NaN).toISOString()
null[Symbol.iterator]
(() => { throw new TypeError('mine'); })()
(() => { throw new RangeError(); })()
new Error('m').toString()
new Error('m') instanceof Error
new TypeError('m') instanceof Error
TypeError.prototype.name
String(new Error())
Object.keys(new Error('x'))
new Error('x').message
(() => { try { null.x; } catch (e) { return e instanceof TypeError; } })()
(() => { const c = {}; c.c = c; JSON.stringify(c); })()
1 instanceof 1
require('nothing')
Promise()
'abc'.repeat(-1)
(1).toString(99)
(1).toFixed(101)
1 in 1
new RegExp('(')
(() => { var a = 1; a(); })()
new (class2())()
typeof eval + typeof Function
typeof Map + typeof Set + typeof WeakMap + typeof Proxy + typeof Reflect
typeof BigInt + typeof Intl + typeof URL + typeof structuredClone
typeof globalThis + typeof global
typeof escape + typeof unescape
typeof isNaN + typeof parseInt
// ── Module querystring
require('querystring').parse('a=1&b=2')
require('querystring').parse('a=1&a=2&a=3')
require('querystring').parse('a&b=&=c')
require('querystring').parse('a=%41+b&c=%zz')
require('querystring').parse('a=b=c')
require('querystring').parse('')
require('querystring').parse('a:1;b:2', ';', ':')
require('querystring').parse('a=1&b=2&c=3', null, null, { maxKeys: 2 })
require('querystring').parse('a=%C3%A9')
require('querystring').stringify({ a: 1, b: 'x y', c: true })
require('querystring').stringify({ a: [1, 2], b: null })
require('querystring').stringify({ a: 'é&=' })
require('querystring').stringify({ a: 1, b: 2 }, ';', ':')
require('querystring').stringify({})
require('querystring').escape("a b/é!'()*~")
require('querystring').unescape('a%20b%zz')
require('querystring').encode({ x: 'y' })
require('querystring').decode('x=y')
// ── Module crypto
require('crypto').createHash('md5').update('').digest('hex')
require('crypto').createHash('sha1').update('abc').digest('hex')
require('crypto').createHash('sha256').update('abc').digest('hex')
require('crypto').createHash('sha256').update('a').update('bc').digest('base64')
require('crypto').createHash('sha256').update('x'.repeat(200)).digest('base64url')
require('crypto').createHash('md5').update('é').digest('hex')
require('crypto').createHash('sha1').update('x'.repeat(55)).digest('hex')
require('crypto').createHash('sha1').update('x'.repeat(56)).digest('hex')
require('crypto').createHash('md5').update('x'.repeat(64)).digest('hex')
require('crypto').createHmac('sha256', 'key').update('msg').digest('hex')
require('crypto').createHmac('sha1', 'k'.repeat(100)).update('msg').digest('hex')
require('crypto').createHmac('md5', '').update('').digest('hex')
require('crypto').createHmac('sha256', Buffer.from('6b6579', 'hex')).update(Buffer.from('msg')).digest('base64')
require('crypto').createHash('md5').update('ab').digest()
require('crypto').createHash('sha512')
require('crypto').createHash()
require('crypto').createHash('md5').update(1)
require('crypto').createHash('md5').digest('latin1')
require('crypto').createHmac('md5')
(() => { const h = require('crypto').createHash('md5'); h.digest(); h.digest(); })()
(() => { const h = require('crypto').createHash('md5'); h.digest(); h.update('x'); })()
require('crypto').createHash('md5').update('6162', 'hex').digest('hex')
// ── Buffer and text
Buffer.from('abc')
Buffer.from('616263', 'hex').toString()
Buffer.from('YWJj', 'base64').toString()
Buffer.from('YWJj_-8', 'base64url')
Buffer.from('é').length
Buffer.from([1, 2, 300])
Buffer.from(Buffer.from('x')).toString()
Buffer.from('abc').toString('hex')
Buffer.from('abc').toString('base64')
Buffer.from('ab?>').toString('base64url')
Buffer.from('abc').toString('utf8', 1)
Buffer.alloc(3)
Buffer.alloc(5, 'ab')
Buffer.alloc(2, 1)
Buffer.byteLength('€')
Buffer.concat([Buffer.from('a'), Buffer.from('bc')]).toString()
Buffer.concat([Buffer.from('abc')], 2).toString()
Buffer.compare(Buffer.from('a'), Buffer.from('b'))
Buffer.isBuffer(Buffer.from(''))
Buffer.isBuffer(new Uint8Array(1))
Buffer.isEncoding('utf8')
Buffer.from('abcabc').indexOf('c')
Buffer.from('abcabc').lastIndexOf('b')
Buffer.from('abc').includes('bc')
Buffer.from('abc').slice(1, 2).toString()
Buffer.from('abc').subarray(-1).toString()
Buffer.from('abc').equals(Buffer.from('abc'))
Buffer.from('abcd').swap16().toString()
Buffer.from('abc').fill('z', 1).toString()
JSON.stringify(Buffer.from('a'))
Buffer.from([1, 2, 3, 4]).readUInt32BE(0)
Buffer.from([1, 2, 3, 4]).readUInt32LE()
Buffer.from([255, 254]).readInt16BE(0)
Buffer.from([255]).readInt8(0)
Buffer.from([63, 192, 0, 0]).readFloatBE(0)
Buffer.from([1, 2, 3]).readUIntBE(0, 3)
Buffer.from([255, 255, 255]).readIntLE(0, 3)
(() => { const b = Buffer.alloc(4); b.writeUInt32BE(258); return b; })()
(() => { const b = Buffer.alloc(3); b.writeUIntLE(258, 0, 3); return b; })()
(() => { const b = Buffer.alloc(8); b.writeDoubleBE(1.5); return b; })()
(() => { const b = Buffer.alloc(2); Buffer.from('xyz').copy(b); return b.toString(); })()
Buffer.from('a', 'latin1')
Buffer.from('abc').toString('nope')
new Buffer('x')
Buffer.from({})
Buffer.from(5)
Buffer.alloc('x')
Buffer.alloc(-1)
Buffer.concat([1])
Buffer.from('ab').readUInt16BE(1)
Buffer.from('abc').swap16()
new TextEncoder().encode('é€')
new TextDecoder().decode(new Uint8Array([226, 130, 172]))
new TextDecoder().decode(new Uint8Array([255, 65]))
new TextDecoder('latin1')
new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([255]))
new TextDecoder().encoding
TextEncoder()
atob('YWJj')
btoa('abc')
atob('YQ')
atob('*')
btoa('€')
btoa('é')
