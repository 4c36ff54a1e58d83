"""Parts of IAM that ministack lacks. ministack's own Python runs this module."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

_PREFIX = "arn:aws:iam::aws:policy"

Record = dict[str, Any]


def install() -> None:
    """Gives ministack every AWS managed policy, and the parameters that a request to Systems Manager names."""
    from ministack.core import iam_actions  # type: ignore[import-not-found]
    from ministack.services import iam  # type: ignore[import-not-found]

    iam._aws_managed_policies = ManagedPolicies(iam._aws_managed_policies, iam._make_aws_managed_record)
    iam_actions.extract_resource_arn = resource_of(iam_actions.extract_resource_arn)


class ManagedPolicies(dict[str, Record]):
    """The AWS managed policies by ARN. ministack knows some. The others are those that moto has copied from AWS; they
    are read when somebody asks for one. `make(name, document, description)` makes ministack's record of a policy."""

    def __init__(self, known: dict[str, Record], make: Callable[[str, str, str], Record]) -> None:
        super().__init__(known)
        self._make = make
        self._is_whole = False

    def get(self, arn: str, default: Any = None) -> Any:
        if arn not in self and not self._is_whole:
            self._is_whole = True
            for name, policy in _copied().items():
                path = f"{policy['Path']}{name}"
                self.setdefault(_PREFIX + path, self._make(path[1:], json.dumps(policy["Document"]), ""))
        return super().get(arn, default)


def _copied() -> dict[str, Record]:
    """moto's copies, by name. moto itself is not imported: that takes seconds."""
    moto = importlib.util.find_spec("moto")
    if moto is None or moto.origin is None:
        return {}
    file = Path(moto.origin).parent / "iam" / "aws_managed_policies.py"
    spec = importlib.util.spec_from_file_location("aws_managed_policies", file)
    if spec is None or spec.loader is None:
        return {}
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    copied: dict[str, Record] = json.loads(module.aws_managed_policies_data)
    return copied


def resource_of(known: Callable[..., str]) -> Callable[..., str]:
    """The function by which ministack finds the resource of a request, for two more calls of Systems Manager.

    GetParametersByPath reads the path, GetParameters one parameter. With several, the resource stays `*`.
    Source: Service Authorization Reference, "Actions, resources, and condition keys for AWS Systems Manager".
    """

    def resource(
        service: str,
        method: str,
        path: str,
        headers: dict[str, str],
        body: bytes,
        query_params: dict[str, Any],
        region: str,
        account_id: str,
    ) -> str:
        name = _parameter(headers, body) if service == "ssm" else None
        if name is None:
            return known(service, method, path, headers, body, query_params, region, account_id)
        return f"arn:aws:ssm:{region}:{account_id}:parameter/{name.removeprefix('/')}"

    return resource


def _parameter(headers: dict[str, str], body: bytes) -> str | None:
    try:
        request = json.loads(body)
    except ValueError:
        return None
    if not isinstance(request, dict):
        return None
    match headers.get("x-amz-target", "").rpartition(".")[2]:
        case "GetParametersByPath":
            named = [request.get("Path")]
        case "GetParameters":
            named = request["Names"] if isinstance(request.get("Names"), list) else []
        case _:
            return None
    return named[0] if len(named) == 1 and isinstance(named[0], str) else None
