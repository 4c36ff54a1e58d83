"""The client (application) that sign-in is at its OpenID provider."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sign_in.visit import CALLBACK, SIGNED_OUT
from stack import distributions

if TYPE_CHECKING:
    from stack.target import Stack

# The stack's outputs.
ISSUER_OUTPUT = "SignInIssuer"
CLIENT_OUTPUT = "SignInClientId"
CLIENT_SECRET_OUTPUT = "SignInClientSecretArn"  # noqa: S105 - the name of an output
POOL_OUTPUT = "MembersPoolId"


def addresses(stack: Stack, further: Sequence[str]) -> dict[str, str]:
    """The addresses of the stack's distributions as browsers know them, by the host that functions see.

    On this machine a function sees the host that it would see on AWS: each host has the address of the stack here, or
    the first of `further`. On AWS, `further` adds addresses. Wildcards are left out: no provider takes them.
    """
    hosts = [host for each in distributions.of(stack) for host in each.host_names if "*" not in host]
    if stack.url:
        return dict.fromkeys(hosts, (*further, stack.url)[0])
    return {host: f"https://{host}" for host in hosts} | {each.partition("://")[2]: each for each in further}


def values(stack: Stack, outputs: Mapping[str, str]) -> dict[str, str]:
    """The settings that name the provider and the client. A public client has no secret."""
    found = {"issuer": outputs[ISSUER_OUTPUT], "client_id": outputs[CLIENT_OUTPUT], "client_secret": ""}
    if pool := outputs.get(POOL_OUTPUT):
        found["client_secret"] = _describe(stack, pool, found["client_id"]).get("ClientSecret", "")
    elif arn := outputs.get(CLIENT_SECRET_OUTPUT):
        secrets = stack.client("secretsmanager", arn.split(":")[3])
        found["client_secret"] = secrets.get_secret_value(SecretId=arn)["SecretString"]
    return found


def callbacks(addresses: Iterable[str]) -> list[str]:
    """Where the provider may send browsers back to, once they have signed in."""
    return sorted({address + CALLBACK for address in addresses})


def after_sign_out(addresses: Iterable[str]) -> list[str]:
    """Where the provider may send browsers back to, once they have signed out."""
    return sorted({address + SIGNED_OUT for address in addresses})


def register(stack: Stack, outputs: Mapping[str, str], addresses: Iterable[str]) -> None:
    """Tells the stack's own user pool where it may send browsers back to."""
    pool, client_id = outputs[POOL_OUTPUT], outputs[CLIENT_OUTPUT]
    cognito = stack.client("cognito-idp")
    # An update sets what it leaves out to its default. AWS leaves out what is empty; the embedded AWS does not.
    taken = cognito.meta.service_model.operation_model("UpdateUserPoolClient").input_shape.members
    described = _describe(stack, pool, client_id).items()
    kept = {name: value for name, value in described if name in taken and value not in ("", [], {})}
    kept |= {"CallbackURLs": callbacks(addresses), "LogoutURLs": after_sign_out(addresses)}
    cognito.update_user_pool_client(**kept)


def _describe(stack: Stack, pool: str, client_id: str) -> dict[str, Any]:
    found: dict[str, Any] = stack.client("cognito-idp").describe_user_pool_client(UserPoolId=pool, ClientId=client_id)[
        "UserPoolClient"
    ]
    return found
