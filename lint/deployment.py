"""What is known before a deployment: which conditions can hold together, what parameters default to."""

from __future__ import annotations

from typing import Any

from cfnlint.template import Template

# Conditions and the outcome each has to have.
When = frozenset[tuple[str, bool]]
ALWAYS: When = frozenset()


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
