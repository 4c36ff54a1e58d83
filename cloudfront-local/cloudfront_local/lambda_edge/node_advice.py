"""Advice about the most common mistakes of developers in Node.js functions."""

from __future__ import annotations

import re
from pathlib import Path

from cloudfront_local.lambda_edge.advice import SAVE
from cloudfront_local.lambda_edge.source import shown

NOT_SERIALIZABLE = "Return plain objects, arrays, strings and numbers: no object that contains itself, no BigInt."
CALLBACKS = "Make the handler `async (event, context)`, and return the result; or set Runtime: nodejs22.x."

_MISSING = re.compile(r"Cannot find (?:module|package) '(?P<name>[^'\n]+)'")
_ENDINGS = ("", ".js", ".mjs", ".cjs", ".json", "/index.js")


def for_error(error_type: str, message: str, build: Path, source: Path) -> str:
    """Advice on an error of a function that was built from `source` into `build`. Empty if there is none."""
    if error_type == "Runtime.UserCodeSyntaxError":
        return SAVE
    if error_type == "Runtime.CallbackHandlerDeprecated":
        return CALLBACKS
    if message.endswith("Unable to stringify response body"):
        return NOT_SERIALIZABLE
    missing = _MISSING.search(message)
    if missing is None:
        return ""
    name = missing["name"].removeprefix(f"{build}/")
    if name.startswith((".", "/")):
        return _left_out(build, source, name)
    return _left_out(build, source, name) or _package(source, name)


def _left_out(build: Path, source: Path, name: str) -> str:
    """Advice on a file of the source that the build lacks."""
    for ending in _ENDINGS:
        file = Path(name + ending)
        if (source / file).is_file() and not (build / file).exists():
            return f"{shown(source / file)} exists, but the function's build leaves it out: copy it there."
    return ""


def _package(source: Path, name: str) -> str:
    package = "/".join(name.split("/")[: 2 if name.startswith("@") else 1])
    if (source / "Makefile").is_file():
        how = f"Let {shown(source / 'Makefile')} install {package} into the function's folder."
    else:
        # Without a package.json here, npm would take one of a folder above. npm packs none without name and version.
        begin = "" if (source / "package.json").is_file() else "npm init -y && "
        how = f"Run `cd {shown(source)} && {begin}npm install {package}`: `sam build` installs it from package.json."
    if package == "aws-sdk":
        return (
            "Lambda's nodejs16.x and earlier have this AWS SDK, v2. It cannot be led to the embedded AWS: use v3 "
            "(@aws-sdk/client-...)."
        )
    if package.startswith("@aws-sdk/"):
        return f"Lambda's nodejs18.x and later have the AWS SDK v3; here the function's zip must have it. {how}"
    return f"Lambda's Node.js has its own modules and the AWS SDK; other packages go into the function's zip. {how}"
