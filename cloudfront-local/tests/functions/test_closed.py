"""Ways to run code from text. Each is closed."""

import pytest

from cloudfront_local.functions.function import EdgeFunction
from cloudfront_local.functions.runtimes import JS_1, JS_2
from cloudfront_local.functions.sandbox import Call
from cloudfront_local.functions.syntax.finding import SyntaxRefused

# Each expression would be 42 if it ran the text.
ROUTES = [
    "(0, eval)('42')",
    "globalThis.eval('42')",
    "globalThis['ev' + 'al']('42')",
    "Function.call(null, 'return 42')()",
    "(() => { var F = Function; return F('return 42')(); })()",
    "(() => { var F = Function; return new F('return 42')(); })()",
    "(function () {}).constructor('return 42')()",
    "new ((function () {}).constructor)('return 42')()",
    "(() => 1).constructor('return 42')()",
    "(() => 1)['constr' + 'uctor']('return 42')()",
    "(async function () {}).constructor('return 42')",
    "Object.getPrototypeOf(function () {}).constructor('return 42')()",
    "Object.getPrototypeOf(async function () {}).constructor('return 42')",
    "console.log.constructor('return 42')()",
    "[].map.constructor('return 42')()",
    "Array.constructor('return 42')()",
    "Object.getOwnPropertyDescriptor(Function.prototype, 'constructor').value('return 42')()",
    "({ m() {} }).m.constructor('return 42')()",
    "Object.getOwnPropertyDescriptor({ get a() { return 1; } }, 'a').get.constructor('return 42')()",
    "Function.prototype.constructor.apply(null, ['return 42'])()",
    "Function.bind(null, 'return 42')()()",
    "setTimeout('42', 0)",
    "require('vm').runInThisContext('42')",
    "Promise.resolve.constructor('return 42')()",
    "[1].sort.constructor.constructor('return 42')()",
    "'x'.replace('x', Function.bind(null, 'return 42'))()",
    "globalThis.compile('42')",
    "globalThis.use('bytes')",
    "globalThis.library",
    "globalThis.source",
    # The runtime's own late parts are compiled from text: no replaced built-in may change that text.
    "(() => { String.prototype.concat = () => '42'; String.prototype.slice = () => '42'; return +new Date(0); })()",
    "(() => { String.prototype.indexOf = () => 0; Function.prototype.call = () => '42'; return btoa('') && 1; })()",
    "(() => { JSON.parse = () => ({ crypto: '42' }); return require('crypto').createHash('md5') && 1; })()",
    # Nor may they see the functions behind an error.
    "(() => { var seen = 0; Array.prototype.map = function (f) { seen = this; return []; };"
    " try { null.x; } catch (e) { e.stack; } return seen && seen[0] && seen[0].getFunction ? 42 : 0; })()",
    "(() => { Error.prepareStackTrace = () => 42; try { null.x; } catch (e) { return e.stack; } })()",
    "(() => { Error.stackTraceLimit = 0; return typeof Error.captureStackTrace === 'function' ? 42 : 0; })()",
]


@pytest.mark.parametrize("runtime", [JS_1, JS_2])
@pytest.mark.parametrize("expression", ROUTES)
def test_code_from_text(expression, runtime):
    """No route runs the text: it fails at load, or in the call."""
    try:
        function = EdgeFunction.load(f"function handler(e) {{ return ({expression}); }}", "f.js", runtime)
    except SyntaxRefused:
        return
    outcome = function.run(Call({"request": {}}))
    assert outcome.result != 42, outcome
    assert outcome.result in (None, 0, 1, {}) or isinstance(outcome.result, str)


@pytest.mark.parametrize("call", ["eval('1')", "Function('1')", "new Function('a', 'return a')", "import('x')"])
def test_plain_calls(call):
    """The plain calls are refused before the first request."""
    with pytest.raises(SyntaxRefused) as refused:
        EdgeFunction.load(f"function handler(e) {{\n  return {call};\n}}", "f.js")
    assert str(refused.value).startswith("f.js:2:")


@pytest.mark.parametrize(
    "check",
    [
        "(function () {}) instanceof Function",
        "typeof Function === 'function'",
        "Function.prototype === Object.getPrototypeOf(Function)",
    ],
)
def test_function_stays(value, check):
    """Function is closed and still there for comparisons."""
    assert value(check) is True


ABSENT = """
    Map Set WeakMap WeakSet WeakRef Proxy Reflect BigInt Intl URL Atomics SharedArrayBuffer setTimeout setInterval
    queueMicrotask fetch XMLHttpRequest process module exports structuredClone escape unescape performance Iterator std
    os print njs __loadScript scriptArgs Worker navigator
"""


@pytest.mark.parametrize("name", ABSENT.split())
def test_absent_globals(value, name):
    """Globals that the runtime does not have are absent, by name and through the global object."""
    assert value(f"typeof {name}") == "undefined"
    assert value(f"typeof globalThis['{name[:2]}' + '{name[2:]}']") == "undefined"
