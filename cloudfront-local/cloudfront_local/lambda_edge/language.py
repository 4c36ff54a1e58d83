"""The languages of edge functions: how each one's interpreter runs a function here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cloudfront_local.lambda_edge import bootstrap

# The packages of Lambda's managed Python runtime beside the standard library: the SDK and its dependencies.
PYTHON_PACKAGES = ("boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3")


@dataclass(frozen=True)
class Language:
    """The interpreter is started with `options`, the path of `bootstrap`, and two descriptors: bootstrap.py says which.

    `stack_signal` is the signal that makes it print its stack; None if a byte on the lifeline does.
    """

    name: str
    options: tuple[str, ...]
    bootstrap: Path
    stack_signal: int | None


# -I -S: the standard library alone can be imported. -B: no bytecode in the artifact. -u: output is not buffered.
_PYTHON_OPTIONS = ("-I", "-S", "-B", "-u", "-X", "utf8")

PYTHON = Language("Python", _PYTHON_OPTIONS, Path(bootstrap.__file__), bootstrap.STACK_SIGNAL)
NODE = Language("Node.js", (), Path(bootstrap.__file__).with_suffix(".mjs"), None)


def of(runtime: str) -> Language:
    """The language of a runtime such as `python3.13` or `nodejs22.x`."""
    return NODE if runtime.startswith("nodejs") else PYTHON
