"""CloudFormation's AWS::CloudFront::PublicKey and AWS::CloudFront::KeyGroup, which ministack lacks. Its CloudFront API
has both, and stores what these handlers make. ministack's own Python runs this module."""

# ruff: noqa: ARG001 - ministack calls its handlers with all arguments

from __future__ import annotations

import secrets
import string
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from cloudfront_local.aws.embedded.handlers import Made, Properties
from cloudfront_local.distribution.signatures.keys import public_key

Store = dict[str, Any]

_ID_CHARACTERS = string.ascii_uppercase + string.digits


def handlers(cloudfront: Any) -> dict[str, dict[str, Any]]:
    """The handlers by type. `cloudfront` is ministack's module of that service."""
    public_keys, groups = cloudfront._public_keys, cloudfront._key_groups

    def check_key(new: Properties, old: Properties | None) -> None:
        _refuse_key(new)
        if old and any(old.get(name) != new.get(name) for name in ("CallerReference", "EncodedKey")):
            raise ValueError("You can't change the value of a public key.")

    def check_group(new: Properties, old: Properties | None) -> None:
        if missing := [key for key in new.get("Items") or () if key not in public_keys]:
            raise ValueError(f"The public key {missing[0]} of the key group does not exist.")

    return {
        "AWS::CloudFront::PublicKey": _handler(public_keys, "PublicKeyConfig", check_key),
        "AWS::CloudFront::KeyGroup": _handler(groups, "KeyGroupConfig", check_group),
    }


def _handler(store: Store, section: str, check: Callable[[Properties, Properties | None], None]) -> dict[str, Any]:
    """A handler that keeps the properties in ministack's store. `check(new, old)` raises ValueError."""

    def create(logical_id: str, properties: Properties, stack_name: str) -> Made:
        config = properties.get(section) or {}
        check(config, None)
        made = "K" + "".join(secrets.choice(_ID_CHARACTERS) for _ in range(13))
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        store[made] = {"Id": made, "ETag": made, "CreatedTime": now, "LastModifiedTime": now, "Config": _whole(config)}
        return made, {"Id": made}

    def update(physical_id: str, old: Properties, new: Properties, stack_name: str) -> Made:
        config = new.get(section) or {}
        check(config, old.get(section) or {})
        store[physical_id] = {**store[physical_id], "Config": _whole(config)}
        return physical_id, {"Id": physical_id}

    def delete(physical_id: str, properties: Properties) -> None:
        store.pop(physical_id, None)

    return {"create": create, "update": update, "delete": delete}


def _whole(config: Properties) -> Properties:
    """The configuration with the members that ministack reads without a default."""
    return {"CallerReference": "", "Name": "", "Comment": "", **config}


def _refuse_key(config: Properties) -> None:
    """Raises ValueError with CloudFront's sentence."""
    try:
        public_key(str(config.get("EncodedKey")))
    except ValueError:
        raise ValueError("Your request contains empty/invalid/out of limits RSA Encoded Key") from None
