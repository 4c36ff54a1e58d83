"""The outcomes of a template's conditions for given values of the parameters."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

# How many values are tried before an answer counts as "may be either".
TRIES = 2_000
# How deep conditions may name each other.
DEPTH = 32

Values = Mapping[str, str]


class Conditions:
    """The sections Conditions and Rules of a template. An expression with an unknown outcome may be true or false."""

    def __init__(
        self, conditions: Mapping[str, Any], rules: Mapping[str, Any], allowed: Mapping[str, list[str]]
    ) -> None:
        """`allowed` has the AllowedValues of each parameter that has some."""
        self._conditions = conditions
        self._rules = [rule for rule in rules.values() if isinstance(rule, dict)]
        self._candidates: defaultdict[str, set[str]] = defaultdict(set)
        for expression in (conditions, *self._rules):
            for operands in _comparisons(expression, DEPTH):
                self._compare(operands)
        for parameter, values in allowed.items():
            self._candidates[_variable({"Ref": parameter})] = set(values)

    def satisfiable(self, outcomes: Mapping[str, bool]) -> bool:
        """Whether some values of the parameters give these conditions these outcomes, and keep the Rules."""
        known = {name: outcome for name, outcome in outcomes.items() if name in self._conditions}
        variables = sorted({variable for name in known for variable in self._variables({"Condition": name}, DEPTH)})
        tries = iter(range(TRIES))
        return not known or self._search(known, {}, variables, tries)

    def _search(self, outcomes: Mapping[str, bool], values: Values, variables: list[str], tries: Iterator[int]) -> bool:
        if next(tries, None) is None:
            return True
        for name, outcome in outcomes.items():
            if self._evaluate({"Condition": name}, values, DEPTH) is (not outcome):
                return False
        if any(self._breaks(rule, values) for rule in self._rules):
            return False
        if not variables:
            return True
        name, rest = variables[0], variables[1:]
        return any(
            self._search(outcomes, {**values, name: value}, rest, tries) for value in sorted(self._candidates[name])
        )

    def _breaks(self, rule: Mapping[str, Any], values: Values) -> bool:
        if self._evaluate(rule.get("RuleCondition", True), values, DEPTH) is not True:
            return False
        assertions = rule.get("Assertions")
        return any(
            self._evaluate(assertion.get("Assert"), values, DEPTH) is False
            for assertion in (assertions if isinstance(assertions, list) else ())
            if isinstance(assertion, dict)
        )

    def _evaluate(self, expression: Any, values: Values, depth: int) -> bool | None:
        """True, False, or None where these values do not decide it."""
        if depth == 0:
            return None
        match expression:
            case bool():
                return expression
            case {"Condition": str(name)} if name in self._conditions:
                return self._evaluate(self._conditions[name], values, depth - 1)
            case {"Fn::Not": [inner]}:
                found = self._evaluate(inner, values, depth - 1)
                return None if found is None else not found
            case {"Fn::And": [*every]}:
                return _all([self._evaluate(inner, values, depth - 1) for inner in every])
            case {"Fn::Or": [*some]}:
                none = _all([_not(self._evaluate(inner, values, depth - 1)) for inner in some])
                return _not(none)
            case {"Fn::Equals": [left, right]}:
                return _same(left, right, values)
            case {"Fn::Contains": [[*texts], value]}:
                return _not(_all([_not(_same(text, value, values)) for text in texts]))
        return None

    def _variables(self, expression: Any, depth: int) -> Iterator[str]:
        """The operands of an expression's comparisons, without texts."""
        for operands in _comparisons(expression, depth):
            yield from (_variable(operand) for operand in operands if _text(operand) is None)
        for name in _conditions_in(expression, depth) if depth else ():
            yield from self._variables(self._conditions.get(name), depth - 1)

    def _compare(self, operands: list[Any]) -> None:
        texts = {text for operand in operands if (text := _text(operand)) is not None}
        variables = [_variable(operand) for operand in operands if _text(operand) is None]
        for variable in variables:
            # Another text than any, and one that two variables may share.
            self._candidates[variable] |= (
                texts | {f"other than {variable}"} | ({"shared"} if len(variables) > 1 else set())
            )


def _comparisons(expression: Any, depth: int) -> Iterator[list[Any]]:
    """The operands of each comparison in an expression, however deep."""
    match expression:
        case _ if depth == 0:
            return
        case {"Fn::Equals": [left, right]}:
            yield [left, right]
        case {"Fn::Contains": [[*texts], value]}:
            yield [*texts, value]
        case dict():
            for inner in expression.values():
                yield from _comparisons(inner, depth - 1)
        case list():
            for inner in expression:
                yield from _comparisons(inner, depth - 1)


def _conditions_in(expression: Any, depth: int) -> Iterator[str]:
    match expression:
        case _ if depth == 0:
            return
        case {"Condition": str(name)}:
            yield str(name)
        case dict() | list():
            for inner in expression.values() if isinstance(expression, dict) else expression:
                yield from _conditions_in(inner, depth - 1)


def _same(left: Any, right: Any, values: Values) -> bool | None:
    texts = [_text(side) if _text(side) is not None else values.get(_variable(side)) for side in (left, right)]
    return None if None in texts else texts[0] == texts[1]


def _all(outcomes: list[bool | None]) -> bool | None:
    return False if False in outcomes else None if None in outcomes else True


def _not(outcome: bool | None) -> bool | None:
    return None if outcome is None else not outcome


def _variable(operand: Any) -> str:
    return json.dumps(operand, sort_keys=True, default=str)


def _text(operand: Any) -> str | None:
    """A text, as CloudFormation compares numbers and booleans, too."""
    if isinstance(operand, bool):
        return str(operand).lower()
    return str(operand) if isinstance(operand, str | int | float) else None
