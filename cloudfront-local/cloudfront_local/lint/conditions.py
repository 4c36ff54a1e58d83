"""The outcomes that a template's conditions can have together."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

# How many steps are tried before an answer counts as "may be either", and how deep expressions are followed.
TRIES = 2_000
DEPTH = 32

Values = Mapping[str, str | bool]


class _UndecidedError(Exception):
    """An expression depends on this variable, whose value is not chosen yet."""


class Conditions:
    """The sections Conditions and Rules of a template.

    A variable is an operand that is no text, such as a `Ref`, or an expression that nobody can evaluate.
    """

    def __init__(
        self, conditions: Mapping[str, Any], rules: Mapping[str, Any], allowed: Mapping[str, list[str]]
    ) -> None:
        """`allowed` has the AllowedValues of each parameter that has some."""
        self._conditions = conditions
        self._rules = [rule for rule in rules.values() if isinstance(rule, dict)]
        self._candidates: defaultdict[str, set[str]] = defaultdict(set)
        for operands in _comparisons([conditions, self._rules], DEPTH):
            texts = {text for operand in operands if (text := _text(operand)) is not None}
            variables = [_variable(operand) for operand in operands if _text(operand) is None]
            # Also a text that two variables may share, and one that nothing else has.
            shared = {"shared"} if len(variables) > 1 else set()
            for variable in variables:
                self._candidates[variable] |= texts | shared | {f"other than {variable}"}
        self._candidates |= {_variable({"Ref": parameter}): set(values) for parameter, values in allowed.items()}

    def satisfiable(self, outcomes: Mapping[str, bool]) -> bool:
        """Whether some values of the parameters give these conditions these outcomes, and keep the Rules."""
        known = {name: outcome for name, outcome in outcomes.items() if name in self._conditions}
        return not known or self._search(known, {}, iter(range(TRIES)))

    def _search(self, outcomes: Mapping[str, bool], values: Values, tries: Iterator[int]) -> bool:
        if next(tries, None) is None:
            return True
        try:
            return self._holds(outcomes, values)
        except _UndecidedError as undecided:
            [variable] = undecided.args
        candidates: Iterable[str | bool] = sorted(self._candidates[variable]) or (True, False)
        return any(self._search(outcomes, {**values, variable: value}, tries) for value in candidates)

    def _holds(self, outcomes: Mapping[str, bool], values: Values) -> bool:
        return all(
            self._evaluate({"Condition": name}, values, DEPTH) == outcome for name, outcome in outcomes.items()
        ) and all(
            self._evaluate(assertion.get("Assert"), values, DEPTH)
            for rule in self._rules
            if self._evaluate(rule.get("RuleCondition", True), values, DEPTH)
            for assertion in _list(rule.get("Assertions"))
            if isinstance(assertion, dict)
        )

    def _evaluate(self, expression: Any, values: Values, depth: int) -> bool:
        """The outcome. Raises _UndecidedError for the first variable that matters and has no value yet."""
        inner = partial(self._evaluate, values=values, depth=depth - 1)
        match expression:
            case bool():
                return expression
            case {"Condition": str(name)} if name in self._conditions and depth:
                return inner(self._conditions[name])
            case {"Fn::Not": [negated]} if depth:
                return not inner(negated)
            case {"Fn::And": [*every]} if depth:
                return all(map(inner, every))
            case {"Fn::Or": [*some]} if depth:
                return any(map(inner, some))
            case {"Fn::Equals": [left, right]}:
                return _value(left, values) == _value(right, values)
            case {"Fn::Contains": [[*texts], value]}:
                return any(_value(text, values) == _value(value, values) for text in texts)
        return bool(_chosen(_variable(expression), values))


def _comparisons(expression: Any, depth: int) -> Iterator[list[Any]]:
    """The operands of each comparison in an expression, however deep."""
    match expression:
        case _ if depth == 0:
            return
        case {"Fn::Equals": [left, right]}:
            yield [left, right]
        case {"Fn::Contains": [[*texts], value]}:
            yield [*texts, value]
        case dict() | list():
            for inner in expression.values() if isinstance(expression, dict) else expression:
                yield from _comparisons(inner, depth - 1)


def _value(operand: Any, values: Values) -> str | bool:
    text = _text(operand)
    return _chosen(_variable(operand), values) if text is None else text


def _chosen(variable: str, values: Values) -> str | bool:
    if variable not in values:
        raise _UndecidedError(variable)
    return values[variable]


def _variable(operand: Any) -> str:
    return json.dumps(operand, sort_keys=True, default=str)


def _text(operand: Any) -> str | None:
    """A text, as CloudFormation compares numbers and booleans, too."""
    if isinstance(operand, bool):
        return str(operand).lower()
    return str(operand) if isinstance(operand, str | int | float) else None


def _list(plain: Any) -> list[Any]:
    return plain if isinstance(plain, list) else []
