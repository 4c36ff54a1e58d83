"""The `Targets` of AWS::ElasticLoadBalancingV2::TargetGroup, which ministack's CloudFormation drops. ministack's own
Python runs this module."""

from __future__ import annotations

from typing import Any

from cloudfront_local.aws.embedded.handlers import Handler, Made, Properties


def target_group(known: Handler, service: Any) -> Handler:
    """ministack's handler of target groups, which also registers their targets. `service` is ministack's module of load
    balancers."""

    def create(logical_id: str, properties: Properties, stack_name: str) -> Made:
        made: Made = known["create"](logical_id, properties, stack_name)
        return registered(made, {}, properties)

    def update(physical_id: str, old: Properties, new: Properties, *others: str) -> Made:
        made: Made = known["update"](physical_id, old, new, *others)
        return registered(made, old, new)

    def registered(made: Made, old: Properties, new: Properties) -> Made:
        before = [target["Id"] for target in old.get("Targets", ())]
        targets = [(target["Id"], target.get("Port") or new.get("Port")) for target in new.get("Targets", ())]
        service.set_targets_for_group(made[0], targets, before)
        return made

    return {**known, "create": create, "update": update}
