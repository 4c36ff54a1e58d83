"""The built-in objects of CloudFront's JavaScript runtimes, by name. QuickJS loses what a list does not have.

Sources: CloudFront Developer Guide, functions-javascript-runtime-10 and -20; the property lists of njs 0.7.9; a
published probe of the real runtime 2.0 (Array.from and `global` exist; flat, at, toSorted, fromEntries, Map, Set,
Proxy, Reflect, Intl, URL and structuredClone do not). Properties whose keys are symbols stay: the language itself uses
them.
"""

from __future__ import annotations

import json
from functools import cache

import quickjs

Surface = dict[str, frozenset[str]]

_ERRORS = (
    "Error",
    "EvalError",
    "RangeError",
    "ReferenceError",
    "SyntaxError",
    "TypeError",
    "URIError",
    "InternalError",
)
_TYPED_ARRAYS = tuple(
    f"{kind}Array"
    for kind in ("Int8", "Uint8", "Uint8Clamped", "Int16", "Uint16", "Int32", "Uint32", "Float32", "Float64")
)
_LIST = (
    "concat copyWithin entries every fill filter find findIndex forEach includes indexOf join keys lastIndexOf length "
    "map pop push reduce reduceRight reverse shift slice some sort splice toString unshift values constructor"
)
_DATE_FIELDS = ("FullYear", "Month", "Date", "Hours", "Minutes", "Seconds", "Milliseconds")
_DATE = " ".join(f"{verb}{zone}{field}" for verb in ("get", "set") for zone in ("", "UTC") for field in _DATE_FIELDS)

TYPED_ARRAY = "Object.getPrototypeOf(Uint8Array)"
_COMMON = {
    "globalThis": (
        "Array ArrayBuffer Boolean Date Error EvalError Function Infinity InternalError JSON Math NaN Number Object "
        "Promise RangeError ReferenceError RegExp String Symbol SyntaxError TypeError URIError decodeURI "
        "decodeURIComponent encodeURI encodeURIComponent eval isFinite isNaN parseFloat parseInt undefined "
        + " ".join(_TYPED_ARRAYS)
    ),
    "Object": (
        "assign create defineProperties defineProperty entries freeze getOwnPropertyDescriptor "
        "getOwnPropertyDescriptors getOwnPropertyNames getOwnPropertySymbols getPrototypeOf is isExtensible isFrozen "
        "isSealed keys length name preventExtensions prototype seal setPrototypeOf values"
    ),
    "Object.prototype": ("__proto__ constructor hasOwnProperty isPrototypeOf propertyIsEnumerable toString valueOf"),
    "Function.prototype": "apply arguments bind call caller constructor length name",
    **dict.fromkeys(_ERRORS, "length name prototype"),
    "Error.prototype": "constructor message name stack toString",
    "Array": "from isArray length name of prototype",
    "Array.prototype": _LIST,
    "Number": (
        "EPSILON MAX_SAFE_INTEGER MAX_VALUE MIN_SAFE_INTEGER MIN_VALUE NEGATIVE_INFINITY NaN POSITIVE_INFINITY "
        "isFinite isInteger isNaN isSafeInteger length name parseFloat parseInt prototype"
    ),
    "Number.prototype": "constructor toExponential toFixed toPrecision toString valueOf",
    "String": "fromCharCode fromCodePoint length name prototype",
    "String.prototype": (
        "charAt charCodeAt codePointAt concat constructor endsWith includes indexOf lastIndexOf length match padEnd "
        "padStart repeat replace search slice split startsWith substr substring toLowerCase toString toUpperCase trim "
        "trimEnd trimStart valueOf"
    ),
    "Math": (
        "E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2 abs acos acosh asin asinh atan atan2 atanh cbrt ceil clz32 cos cosh "
        "exp expm1 floor fround hypot imul log log10 log1p log2 max min pow random round sign sin sinh sqrt tan tanh "
        "trunc"
    ),
    "Symbol": (
        "asyncIterator hasInstance isConcatSpreadable iterator keyFor length match matchAll name prototype replace "
        "search species split toPrimitive toStringTag unscopables"
    ),
    "Date": "UTC length name now parse prototype",
    "Date.prototype": (
        f"{_DATE} constructor getDay getUTCDay getTime setTime getTimezoneOffset toDateString toISOString toJSON "
        "toLocaleDateString toLocaleString toLocaleTimeString toString toTimeString toUTCString valueOf"
    ),
    "RegExp": "length name prototype",
    "RegExp.prototype": "constructor exec flags global ignoreCase multiline source sticky test toString",
    "JSON": "parse stringify",
    "Promise": "length name prototype reject resolve",
    "Promise.prototype": "catch constructor finally then",
    "ArrayBuffer": "isView length name prototype",
    "ArrayBuffer.prototype": "byteLength constructor slice",
    TYPED_ARRAY: "from length name of prototype",
    f"{TYPED_ARRAY}.prototype": f"{_LIST} buffer byteLength byteOffset set subarray".replace("concat ", "")
    .replace("pop push ", "")
    .replace("shift ", "")
    .replace("splice ", ""),
    "Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()))": "",
}
_NEW_IN_2 = {
    "globalThis": "AggregateError DataView globalThis atob btoa",
    "String.prototype": "replaceAll",
    "Symbol": "for",
    "Promise": "all allSettled any race",
    "AggregateError": "length name prototype",
    "DataView": "length name prototype",
    "DataView.prototype": "buffer byteLength byteOffset constructor "
    + " ".join(
        f"{verb}{kind}"
        for verb in ("get", "set")
        for kind in ("Float32", "Float64", "Int8", "Int16", "Int32", "Uint8", "Uint16", "Uint32")
    ),
}


def surface(runtime: str) -> Surface:
    """The property names of each built-in object, by the expression that gives the object."""
    new = _NEW_IN_2 if runtime == "cloudfront-js-2.0" else {}
    return {
        path: frozenset(f"{_COMMON.get(path, '')} {new.get(path, '')}".split()) for path in _COMMON.keys() | new.keys()
    }


_OWN_NAMES = """
const removable = (object) => Object.getOwnPropertyNames(object).filter(
  (name) => Object.getOwnPropertyDescriptor(object, name).configurable);
JSON.stringify(PATHS.map((path) => removable((0, eval)(`(${path})`))))
"""


@cache
def excess(runtime: str) -> dict[str, list[str]]:
    """The property names of a fresh QuickJS that the runtime does not have, by the expression that gives the object."""
    allowed = surface(runtime)
    paths = sorted(allowed, key=lambda path: path == "globalThis")  # last: its names lead to the other objects
    found = json.loads(quickjs.Context().eval(_OWN_NAMES.replace("PATHS", json.dumps(paths))))
    return {path: sorted(set(names) - allowed[path]) for path, names in zip(paths, found, strict=True)}
