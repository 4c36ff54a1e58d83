"""The template's values, each with its path and the conditions under which it stands there.

CloudFormation decides `Fn::If` when it deploys, so a key may take several values and a list several forms. `get` and
`items` yield one `Value` for every branch that can be true. Each `Value` keeps the conditions of its branch, so that
rules never combine two values that no deployment has together. A value that only the deployment knows stays a dict with
`Ref` or `Fn::...`, and no rule takes this dict for a number, a text or a list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from cloudfront_local.lint.deployment import ALWAYS, Deployment, When
from cloudfront_local.lint.expressions import DYNAMIC, Parts, Reference, parts

Path = tuple[str | int, ...]


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

    def listed(self, key: str) -> Iterator[Value]:
        """The items of the list under `key`. A single item counts as a list of one, as in IAM policies."""
        for value in self.get(key):
            if isinstance(value.plain, list):
                yield from value.items()
            else:
                yield value

    @property
    def keys(self) -> list[str]:
        """The keys of a mapping that is written out, without the keys that an intrinsic function computes."""
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
        return None if DYNAMIC.search(str(self.plain)) else str(self.plain)

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
    def unknown(self) -> str | None:
        """The function that computes this value, if only the deployment knows it; otherwise None."""
        match self.plain:
            case {"Ref": name}:
                return f"Ref {name}"
            case dict() if len(self.plain) == 1 and (name := str(next(iter(self.plain)))).startswith("Fn::"):
                return str(name)
            case str() if found := DYNAMIC.search(self.plain):
                return str(found[0])
        return None

    @property
    def parts(self) -> Parts:
        """The text in pieces (see `cloudfront_local.lint.expressions`), parameters replaced by their defaults."""
        return [self._default(piece) if isinstance(piece, Reference) else piece for piece in parts(self.plain)]

    def branches(self) -> Iterator[Value]:
        """This value with `Fn::If` decided and a parameter replaced by its default; none for `AWS::NoValue`."""
        match self.plain:
            case {"Fn::If": [str(condition), _, _]}:
                for index, outcome in ((1, True), (2, False)):
                    branch = self._child("Fn::If")._child(index).under(frozenset({(condition, outcome)}))
                    if self.deployment.possible(branch.when):
                        yield from branch.branches()
            case {"Ref": "AWS::NoValue"}:
                return
            case {"Ref": str(name)} if (default := self.deployment.default(name)) is not None:
                yield replace(self, plain=default)
            case {"Fn::FindInMap": [*keys]} if (mapped := self.deployment.mapped(keys)) is not None:
                yield replace(self, plain=mapped)
            case _ if self.deployment.possible(self.when):
                yield self

    def _default(self, reference: Reference) -> str | Reference:
        default = self.deployment.default(reference.name)
        return reference if default is None else str(default)

    def _child(self, key: str | int) -> Value:
        return replace(self, plain=self.plain[key], path=(*self.path, key))
