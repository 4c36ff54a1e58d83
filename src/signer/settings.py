"""The signer's settings in the distribution."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_NAMES = ("mode", "service", "region", "strip-prefix", "keep-authorization")


class MisconfiguredError(Exception):
    """The distribution's settings for the signer are wrong. The text says what to change."""


class Settings:
    """The settings that signer.handler lists. `given` has their names without the prefix `x-signer-`.

    `service` and `region` are empty if not given. Raises MisconfiguredError if a setting is unknown or has a wrong
    value.
    """

    def __init__(self, given: Mapping[str, str]) -> None:
        for name in given:
            if name not in _NAMES:
                known = ", ".join(f"x-signer-{each}" for each in _NAMES)
                raise MisconfiguredError(f"the signer has no setting x-signer-{name}; its settings are {known}")
        self.mode = _one_of(given, "mode", ("sign", "body-hash"))
        self.service = given.get("service", "")
        self.region = given.get("region", "")
        self.strip_prefix = given.get("strip-prefix", "")
        self.keep_authorization = _one_of(given, "keep-authorization", ("false", "true")) == "true"


def _one_of(given: Mapping[str, str], name: str, values: Sequence[str]) -> str:
    """The setting's value; the first of `values` if it is not given."""
    value = given.get(name, values[0])
    if value not in values:
        raise MisconfiguredError(f"x-signer-{name} is {value!r}: set it to {' or '.join(values)}")
    return value
