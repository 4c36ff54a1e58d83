"""A CloudFront Function: loaded once, called for each request."""

from __future__ import annotations

from dataclasses import dataclass

from cloudfront_local.functions.environment import environment
from cloudfront_local.functions.key_value_store import Store
from cloudfront_local.functions.outcome import Outcome
from cloudfront_local.functions.runtimes import JS_2, RUNTIMES
from cloudfront_local.functions.sandbox import Call, Program, Sandbox
from cloudfront_local.functions.syntax.finding import Finding, SyntaxRefused
from cloudfront_local.functions.syntax.gate import findings
from cloudfront_local.functions.syntax.script import script


@dataclass(frozen=True)
class EdgeFunction:
    """A function whose source the runtime accepts. `warnings` are places that behave otherwise on CloudFront."""

    program: Program
    warnings: tuple[Finding, ...]

    @staticmethod
    def load(source: str, name: str, runtime: str = JS_2) -> EdgeFunction:
        """The function of a source file. `name` is the file's name in messages.

        Raises SyntaxRefused with everything that CloudFront refuses, and ValueError for an unknown runtime.
        """
        if runtime not in RUNTIMES:
            raise ValueError(f"{runtime} is no runtime of CloudFront Functions: choose {' or '.join(RUNTIMES)}")
        found = findings(source, name, runtime)
        if refused := [finding for finding in found if not finding.is_warning]:
            raise SyntaxRefused(refused)
        text, cloudfront = script(source, name)
        program = Program(name, text, environment(text, name, runtime, cloudfront))
        return EdgeFunction(program, tuple(found))

    def sandbox(self) -> Sandbox:
        """A context for one call, made in advance."""
        return Sandbox(self.program)

    def run(self, call: Call, store: Store | None = None) -> Outcome:
        """Calls the handler once, in a context of its own. Ends within the limits, whatever the function does, except
        for a native search in a long text: only a process of its own ends that (see process.py)."""
        return self.sandbox().call(call, store)
