"""What is known before a deployment: which conditions can hold together, what parameters default to."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from cfnlint.template import Template

# Conditions and the outcome each has to have.
When = frozenset[tuple[str, bool]]
ALWAYS: When = frozenset()

# Where nothing less than every outcome will do. cfn-lint stops at 128.
OUTCOMES = 128


class Deployment:
    """Answers for one template. cfn-lint's solver decides on conditions by `Conditions` and `Rules`."""

    def __init__(self, cfn: Template) -> None:
        parameters = cfn.template.get("Parameters")
        self._parameters = parameters if isinstance(parameters, dict) else {}
        self._solver = cfn.conditions
        self._decided: dict[When, bool] = {}

    def possible(self, when: When) -> bool:
        """Whether one deployment can have all these outcomes; what cfn-lint cannot read may be either."""
        if when not in self._decided:
            self._decided[when] = self._decide(when)
        return self._decided[when]

    def _decide(self, when: When) -> bool:
        outcomes = dict(when)
        if len(outcomes) < len(when):  # a condition that has to be both
            return False
        readable = {name: {outcome} for name, outcome in when if self._solver.get(name) is not None}
        return not readable or any(True for _ in self._solver.build_scenarios(readable))

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
        """The value of a parameter unless somebody gives another; None when it is empty or there is none."""
        declared = self._parameters.get(parameter)
        if not isinstance(declared, dict):
            return None
        kind, default = str(declared.get("Type")), declared.get("Default")
        # The default of an AWS::SSM::Parameter::Value is the name of the SSM parameter, not its value.
        if kind.startswith("AWS::SSM::") or default == "":
            return None
        if isinstance(default, str) and (kind == "CommaDelimitedList" or kind.startswith("List<")):
            return [item.strip() for item in default.split(",")]
        return default
