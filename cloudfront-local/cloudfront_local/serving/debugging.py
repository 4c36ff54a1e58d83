"""How `serve` lets a person debug functions of Lambda@Edge."""

from __future__ import annotations

from cloudfront_local.errors import LocalError
from cloudfront_local.lambda_edge.debug import HOST, Debug, Ports
from cloudfront_local.lambda_edge.function import Function
from cloudfront_local.lambda_edge.language import NODE
from cloudfront_local.lambda_edge.sandbox import debugger_folders
from cloudfront_local.serving.terminal import Terminal


def debug(*, attach: bool, free_ports: bool) -> Debug:
    """With `attach`, debuggers attach to ports; without, `breakpoint()` opens pdb, if there is a terminal.

    `free_ports` takes any ports in place of the usual ones. Raises LocalError if debugpy is not installed.
    """
    if not attach:
        return Debug(terminal=Terminal() if Terminal.is_there() else None)
    if not debugger_folders():
        raise LocalError("--debug needs the Python package debugpy: python -m pip install 'cloudfront-local[debug]'")
    return Debug(Ports(free=free_ports))


def told(debug: Debug, function: Function) -> str:
    """A line that says where a debugger attaches to a function."""
    debugger = "the inspector of Node.js" if function.language is NODE else "debugpy"
    return f"{function.logical_id or function.name}: {debugger} on {HOST}:{debug.port(function)}"
