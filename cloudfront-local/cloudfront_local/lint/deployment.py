"""The facts known before a deployment: the conditions that can hold together, and the values of parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from cloudfront_local.lint.conditions import Conditions

# Conditions and the outcome each has to have.
When = frozenset[tuple[str, bool]]
ALWAYS: When = frozenset()

# How many outcomes are looked at where every one of them counts.
OUTCOMES = 128


class Deployment:
    """Answers for one template."""

    def __init__(self, template: Mapping[str, Any], overrides: Mapping[str, str]) -> None:
        """`overrides` has the values of the parameters that are not left at their defaults."""
        self._parameters = section(template, "Parameters")
        self._mappings = section(template, "Mappings")
        self._overrides = overrides
        allowed = {name: values for name in self._parameters if (values := self._allowed(name))}
        self._conditions = Conditions(section(template, "Conditions"), section(template, "Rules"), allowed)
        self._decided: dict[When, bool] = {}

    def possible(self, when: When) -> bool:
        """Whether one deployment can have all these outcomes. An unknown outcome may be true or false."""
        if when not in self._decided:
            outcomes = dict(when)
            # Fewer names than outcomes: a condition would have to be both.
            self._decided[when] = len(outcomes) == len(when) and self._conditions.satisfiable(outcomes)
        return self._decided[when]

    def without(self, when: When, others: Sequence[When]) -> When | None:
        """Outcomes that go with `when` and with none of `others`; None when there are none."""
        against = [other for other in others if not any((name, not answer) in when for name, answer in other)]
        if not against:
            return when if self.possible(when) else None
        for name, answer in sorted(against[0] - when):
            found = self.without(when | {(name, not answer)}, against[1:])
            if found is not None:
                return found
        return None

    def outcomes(self, when: When, *others: When) -> list[When]:
        """Every outcome, within `when`, of the conditions in `others`: the first `OUTCOMES` of them."""
        found = [when]
        for name in sorted({name for name, _ in frozenset().union(*others) - when}):
            decided = (outcome | {(name, answer)} for outcome in found for answer in (True, False))
            found = list(islice(filter(self.possible, decided), OUTCOMES))
        return found

    def default(self, parameter: str) -> Any:
        """A parameter's value as samconfig.toml sets it, else its default; None when it is empty or there is none."""
        declared = self._parameters.get(parameter)
        if not isinstance(declared, dict):
            return None
        kind, value = str(declared.get("Type")), self._overrides.get(parameter, declared.get("Default"))
        # The value of an AWS::SSM::Parameter::Value is the name of an SSM parameter, not that parameter's value.
        if kind.startswith("AWS::SSM::") or value == "":
            return None
        if isinstance(value, str) and (kind == "CommaDelimitedList" or kind.startswith("List<")):
            return [item.strip() for item in value.split(",")]
        return value

    def mapped(self, keys: list[Any]) -> Any:
        """The value in the section Mappings; None if only the deployment knows a key, or nothing is there."""
        found: Any = self._mappings
        for key in keys:
            known = self.default(str(key.get("Ref"))) if isinstance(key, dict) else key
            found = found.get(known) if isinstance(found, dict) and isinstance(known, str) else None
        return found

    def declares(self, parameter: str) -> bool:
        """Whether the template has this parameter."""
        return parameter in self._parameters

    def _allowed(self, parameter: str) -> list[str]:
        declared = self._parameters[parameter]
        values = declared.get("AllowedValues") if isinstance(declared, dict) else None
        return [str(value) for value in values] if isinstance(values, list) else []


def section(template: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A section of a template, empty when there is none."""
    found = template.get(name)
    return found if isinstance(found, dict) else {}
