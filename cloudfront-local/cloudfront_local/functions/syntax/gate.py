"""The parse gate: everything about a source that the runtime refuses, before the first request."""

from __future__ import annotations

import re
from collections.abc import Iterator

import quickjs

from cloudfront_local.functions import limits
from cloudfront_local.functions.runtimes import JS_2
from cloudfront_local.functions.syntax.differences import differences
from cloudfront_local.functions.syntax.finding import Finding
from cloudfront_local.functions.syntax.names import absent
from cloudfront_local.functions.syntax.refused import refusal
from cloudfront_local.functions.syntax.script import without_imports
from cloudfront_local.functions.syntax.tree import Tree, parse, text

_QUICKJS_ERROR = re.compile(r"SyntaxError: (?P<message>[^\n]*)(?:\n\s*at [^\n]*:(?P<line>\d+):(?P<column>\d+))?")
# QuickJS's messages, and those of njs.
_WORDINGS = (
    (re.compile(r"unexpected token(?: in expression)?:? '(?P<word>.*)'", re.IGNORECASE), 'Unexpected token "{word}"'),
    (re.compile(r"return not in a function"), "Illegal return statement"),
    (re.compile(r"invalid redefinition of .*"), "A name has already been declared"),
    (re.compile(r"missing initializer for variable"), "missing initializer in const declaration"),
    (re.compile(r"break must be inside .*"), "Illegal break statement"),
    (re.compile(r"Duplicate parameter name.*"), "Duplicate parameter names"),
    (re.compile(r"cannot delete a direct reference in strict mode"), "Delete of an unqualified identifier"),
    (re.compile(r"line terminator not allowed after throw"), "Illegal newline after throw"),
)


def findings(source: str, file: str, runtime: str) -> list[Finding]:
    """What CloudFront refuses of the source, and warnings, in the order of the source."""
    if unreadable := list(_unreadable(source, file)):
        return unreadable
    tree = parse(source, file)
    found = list(_refused(tree, runtime))
    if not found:
        found = list(_syntax_errors(without_imports(source, file)[0], file)) or list(_unread(tree))
    return sorted([*found, *_size(tree), *absent(tree, runtime), *differences(tree)])


def _unreadable(source: str, file: str) -> Iterator[Finding]:
    try:
        source.encode()
    except UnicodeEncodeError:
        yield Finding(file, 1, 1, "The source is not UTF-8", "Save the file as UTF-8")
        return
    if "\0" in source:
        line = source[: source.index("\0")].count("\n") + 1
        yield Finding(file, line, 1, "SyntaxError: The source has a NUL character", "Remove it")


def _size(tree: Tree) -> Iterator[Finding]:
    size = len(tree.source)
    if size > limits.CODE_BYTES:
        message = f"FunctionSizeLimitExceeded: the code has {size:,} bytes, CloudFront takes {limits.CODE_BYTES:,}"
        yield Finding(tree.file, 1, 1, message, "Remove comments, or move data into a key value store", is_size=True)
    elif size > 10_000:
        message = f"The code has {size:,} bytes. No source says whether CloudFront's 10 KB are 10,240 or 10,000 bytes"
        yield Finding(tree.file, 1, 1, message, "Remove comments to be safe", is_warning=True, is_size=True)


def _refused(tree: Tree, runtime: str) -> Iterator[Finding]:
    for node in tree.nodes():
        if found := refusal(node, runtime == JS_2):
            yield Finding(tree.file, *tree.position(found.node), found.message, found.advice)


def _syntax_errors(script: str, file: str) -> Iterator[Finding]:
    """The first error that the engine itself finds. The script is compiled and does not run: it throws first."""
    try:
        quickjs.Context().eval(f"'use strict'; throw 0;\n{script}")
    except (quickjs.JSException, quickjs.StackOverflow) as error:
        found = _QUICKJS_ERROR.match(str(error))
        if found:
            line, column = (int(found["line"]) - 1, int(found["column"])) if found["line"] else (1, 1)
            yield Finding(file, max(line, 1), column, f"SyntaxError: {_worded(found['message'])}")


def _unread(tree: Tree) -> Iterator[Finding]:
    """The first place that the grammar does not have: QuickJS accepts `function () => 1`, njs does not."""
    wrong = next((node for node in tree.nodes() if node.is_error or node.is_missing), None)
    if wrong is not None:
        token = text(wrong).split(maxsplit=1)[:1] or [""]
        yield Finding(tree.file, *tree.position(wrong), f'SyntaxError: Unexpected token "{token[0]}"')


def _worded(message: str) -> str:
    """QuickJS's message as njs words it, or as it is."""
    for pattern, wording in _WORDINGS:
        if found := pattern.fullmatch(message):
            return wording.format(**found.groupdict())
    return message
