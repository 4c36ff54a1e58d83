"""The template's values, each with its path and the conditions under which it stands there.

CloudFormation decides `Fn::If` when it deploys, so a key may take several values and a list several forms.
`get` and `items` yield one `Value` for every branch that can be true. The conditions met on the way go
along, so that no two values are combined that no deployment has together. What only a deployment knows stays
as it is: a dict with `Ref` or `Fn::...` in it, which no rule takes for a number, a text or a list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from lint.deployment import ALWAYS, Deployment, When
from lint.expressions import Parts, Reference, parts

Path = tuple[str | int, ...]

# Ref AWS::NoValue: the key or item is not there.
ABSENT = object()

# Outcomes of conditions to go through for one document. cfn-lint stops at 128 for a whole template.
OUTCOMES = 64


@dataclass(frozen=True)
class Value:
    """A value of the template, at `path`, in a deployment where the conditions in `when` hold."""

    plain: Any
    path: Path
    deployment: Deployment
    when: When = ALWAYS

    def get(self, key: str) -> Iterator[Value]:
        """Every value that `key` can take here; none when it is left out or this is no mapping."""
        for value in self.branches():
            if isinstance(value.plain, dict) and key in value.plain:
                yield from value._child(key).branches()

    def items(self) -> Iterator[Value]:
        """Every item that the list can have; none when this is no list."""
        for value in self.branches():
            if isinstance(value.plain, list):
                for index in range(len(value.plain)):
                    yield from value._child(index).branches()

    @property
    def keys(self) -> list[str]:
        """The keys of a mapping that is written out; none of what a function computes."""
        if not isinstance(self.plain, dict):
            return []
        return [key for key in map(str, self.plain) if key != "Ref" and not key.startswith("Fn::")]

    def walk(self, *keys: str) -> Iterator[Value]:
        """`get`, key after key."""
        values: Iterable[Value] = [self]
        for key in keys:
            values = [found for value in values for found in value.get(key)]
        yield from values

    def under(self, when: When) -> Value:
        """The same value where these conditions hold as well."""
        return replace(self, when=self.when | when)

    @property
    def text(self) -> str | None:
        """The text, as CloudFormation writes numbers too; None when it is not known before the deployment."""
        if isinstance(self.plain, bool) or not isinstance(self.plain, str | int | float):
            return None
        return str(self.plain)

    @property
    def number(self) -> int | None:
        """The whole number, which a template may also write as a string; None when there is none."""
        text = self.text or ""
        return int(text) if text.isascii() and text.isdigit() else None

    @property
    def true(self) -> bool:
        """Whether this is `true`, which a template may also write as a string."""
        return self.plain is True or str(self.plain).lower() == "true"

    @property
    def parts(self) -> Parts:
        """The text in pieces (see `lint.expressions`), parameters replaced by their defaults."""
        return [self._default(piece) if isinstance(piece, Reference) else piece for piece in parts(self.plain)]

    def decided(self) -> list[Value]:
        """The whole document with every condition decided, once for each of the first `OUTCOMES` outcomes."""
        return [value for value in self._outcomes() if value.plain is not ABSENT]

    def branches(self) -> Iterator[Value]:
        """This value with `Fn::If` decided and a parameter replaced by its default."""
        return (value for value in self._branches() if value.plain is not ABSENT)

    def _default(self, reference: Reference) -> str | Reference:
        default = self.deployment.default(reference.name)
        return reference if default is None else str(default)

    def _child(self, key: str | int) -> Value:
        return replace(self, plain=self.plain[key], path=(*self.path, key))

    def _branches(self) -> Iterator[Value]:
        match self.plain:
            case {"Fn::If": [str(condition), _, _]}:
                for index, outcome in ((1, True), (2, False)):
                    branch = self._child("Fn::If")._child(index).under(frozenset({(condition, outcome)}))
                    if self.deployment.possible(branch.when):
                        yield from branch._branches()
            case {"Ref": "AWS::NoValue"}:
                yield replace(self, plain=ABSENT)
            case {"Ref": str(name)} if (default := self.deployment.default(name)) is not None:
                yield replace(self, plain=default)
            case _ if self.deployment.possible(self.when):
                yield self

    def _outcomes(self) -> list[Value]:
        outcomes: list[Value] = []
        for value in self._branches():
            outcomes += value._decided_inside()
        return outcomes[:OUTCOMES]

    def _decided_inside(self) -> list[Value]:
        if isinstance(self.plain, dict):
            keys = list(self.plain)
            return [
                replace(self, plain=_present(dict(zip(keys, plains, strict=True))), when=when)
                for plains, when in together([self._child(key) for key in keys], self.when)
            ]
        if isinstance(self.plain, list):
            children = [self._child(index) for index in range(len(self.plain))]
            return [
                replace(self, plain=[plain for plain in plains if plain is not ABSENT], when=when)
                for plains, when in together(children, self.when)
            ]
        return [self]


def together(values: Iterable[Value], when: When = ALWAYS) -> list[tuple[list[Any], When]]:
    """The first `OUTCOMES` ways that these values can stand beside each other: one decided plain value each,
    `ABSENT` where it is not there, and the conditions of it all.
    """
    combinations: list[tuple[list[Any], When]] = [([], when)]
    for value in values:
        combinations = [
            ([*plains, outcome.plain], outcome.when)
            for plains, so_far in combinations
            for outcome in value.under(so_far)._outcomes()
        ][:OUTCOMES]
    return combinations


def _present(mapping: dict[Any, Any]) -> dict[Any, Any]:
    return {key: plain for key, plain in mapping.items() if plain is not ABSENT}
