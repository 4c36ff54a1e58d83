"""The stack that a command is about: one on AWS, or the one that `make local` runs on this machine."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from stack.errors import StackError

# An edge stack lives there, whatever Region the shell is set to.
EDGE_REGION = "us-east-1"


class MakeClient(Protocol):
    """Makes a boto3 client of a service, in the stack's Region unless another is named, with the keys to use."""

    def __call__(self, service: str, region: str | None = None) -> Any: ...


@dataclass(frozen=True)
class Stack:
    """A deployed stack."""

    name: str
    region: str
    client: MakeClient

    def output(self, name: str) -> str:
        """An output's value. Raises StackError if the stack has none of that name."""
        outputs = self._describe().get("Outputs", [])
        for output in outputs:
            if output["OutputKey"] == name:
                return str(output["OutputValue"])
        raise StackError(f"The stack {self.name} has no output {name}. Deploy this repository's template.yaml first.")

    def _describe(self) -> Mapping[str, Any]:
        from botocore.exceptions import ClientError

        try:
            found: Mapping[str, Any] = self.client("cloudformation").describe_stacks(StackName=self.name)["Stacks"][0]
        except ClientError as error:
            if error.response["Error"]["Code"] != "ValidationError":
                raise
            raise StackError(
                f"There is no stack {self.name} in {self.region}. Deploy it with `sam build && sam deploy`, name "
                "another with --stack-name and --region, or use --local for the one of `make local`."
            ) from None
        return found


def on_aws(name: str | None = None, region: str | None = None) -> Stack:
    """A stack on AWS, under the credentials of the shell. What is not given is read from samconfig.toml."""
    import boto3

    settings = _samconfig()
    name = name or settings.get("stack_name")
    if not name:
        raise StackError("Which stack? Give its name with --stack-name: there is none in samconfig.toml here.")
    region = region or settings.get("region", EDGE_REGION)

    @functools.cache  # Made when it is first needed: it raises, and costs a tenth of a second.
    def session() -> Any:
        return boto3.Session(region_name=region)

    @functools.cache
    def client(service: str, region: str | None = None) -> Any:
        return session().client(service, region_name=region)

    return Stack(name, region, client)


def on_this_machine(folder: Path) -> Stack:
    """The stack that `make local` runs, started from `folder`."""
    from local import running
    from local.aws.endpoint import Endpoint

    stack = running.read(folder)
    if stack is None:
        raise StackError("No stack runs on this machine from this folder. Start it with `make local`.")
    endpoint = Endpoint(stack.endpoint_url, stack.region)
    return Stack(stack.stack_name, stack.region, endpoint.client)


def _samconfig() -> Mapping[str, str]:
    """The stack's name and Region that a plain `sam deploy` would use in this folder."""
    path = Path("samconfig.toml")
    try:
        default = tomllib.loads(path.read_text()).get("default", {}) if path.exists() else {}
    except tomllib.TOMLDecodeError as error:
        raise StackError(f"samconfig.toml is not TOML: {error}. Correct it, or give --stack-name.") from None
    sections = (default.get(name, {}).get("parameters", {}) for name in ("global", "deploy"))
    return {key: str(value) for section in sections for key, value in section.items()}


@contextmanager
def explained(stack_name: str) -> Iterator[None]:
    """Turns what the AWS SDK raises into one line that says what to do."""
    from botocore import exceptions as sdk

    sign_in = "Sign in (`aws configure`, `aws sso login`) or set AWS_PROFILE; for `make local`'s stack, use --local."
    try:
        yield
    except (sdk.NoCredentialsError, sdk.PartialCredentialsError, sdk.TokenRetrievalError, sdk.SSOError) as error:
        raise StackError(f"{error} {sign_in}") from None
    except sdk.ProfileNotFound as error:
        raise StackError(f"{error}. {sign_in}") from None
    except sdk.ClientError as error:
        raise StackError(f"AWS refused, for the stack {stack_name}: {error}") from None
    except sdk.BotoCoreError as error:
        raise StackError(f"AWS cannot be reached, for the stack {stack_name}: {error}") from None
