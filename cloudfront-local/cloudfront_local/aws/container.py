"""One call of a function in SAM's own container, `sam local invoke`, with the embedded AWS and the role's credentials.

The container runs AWS's runtime for the function, which needs a container engine. SAM passes on only those variables
that the template declares, and a template of edge functions declares none: so one is derived, of this function alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import functools
import ipaddress
import json
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import docker
from docker.errors import DockerException, NotFound

from cloudfront_local.aws import installation, programs
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.distribution.failure import FunctionFailed
from cloudfront_local.errors import LocalError
from cloudfront_local.lambda_edge.credentials import Credentials
from cloudfront_local.lambda_edge.function import Function
from cloudfront_local.lambda_edge.printed import parsed

# What this machine is called inside of a container.
HOST = "host.docker.internal"


@dataclass(frozen=True)
class Containers:
    """A container engine. `endpoint` is the embedded AWS as it is reached from here, `inside` as from a container."""

    engine: Any
    endpoint: Endpoint
    inside: Endpoint

    async def invoke(
        self, function: Function, credentials: Credentials, event: object, region: str, folder: Path
    ) -> tuple[Any, str]:
        """The function's result, and what SAM and the function wrote meanwhile.

        `folder` gets the template and the event. Raises FunctionFailed.
        """
        build = await function.artifact.current()
        template = _written(folder / "template.json", _template(function, build.folder, self.inside))
        given = _written(folder / "event.json", event)
        command = await installation.sam("local", "invoke", function.logical_id)
        command += ["--template", template, "--event", given]
        command += ["--region", region, "--add-host", f"{HOST}:host-gateway"]
        if _has_image(self.engine, function.runtime):
            command.append("--skip-pull-image")
        environment = _environment(self.endpoint, credentials) | {
            "TMPDIR": str(folder)
        }  # where SAM leaves files behind
        ended = await programs.run(command, folder, environment)
        return _result(function, ended), ended.errors


@asynccontextmanager
async def running(endpoint: Endpoint) -> AsyncIterator[Containers]:
    """Docker's engine, which SAM will take, with a way for its containers to the embedded AWS. Raises LocalError.

    The embedded AWS listens on the loopback interface only, which no container sees where it shares this kernel. So its
    port is relayed from the address that containers know this machine by. Docker Desktop, which runs containers in a
    virtual machine, does that by itself: there, that address is none of this machine's.
    """
    engine = _engine()
    port = urlsplit(endpoint.url).port
    with contextlib.ExitStack() as undo:
        try:
            listener = socket.create_server((_gateway(engine), 0))  # asyncio's own error loses its number on 3.13
        except OSError as error:
            if error.errno != errno.EADDRNOTAVAIL:
                raise LocalError(f"Containers cannot reach the embedded AWS: {error}.") from None
        else:
            relay = await asyncio.start_server(functools.partial(_relay, port), sock=listener)
            undo.callback(relay.close)
            port = listener.getsockname()[1]
        yield Containers(engine, endpoint, Endpoint(f"http://{HOST}:{port}", endpoint.region))


def _engine() -> Any:
    try:
        engine: Any = docker.from_env(timeout=10)  # type: ignore[no-untyped-call]  # it says so of none of its own
        engine.ping()
    except DockerException:
        raise LocalError(
            "No container engine can be reached. Start Docker, or set DOCKER_HOST to the engine's socket; "
            "`cloudfront-local invoke` without --container needs none."
        ) from None
    return engine


def _gateway(engine: Any) -> str:
    """This machine's address on the network that containers are put into."""
    config = engine.networks.get("bridge").attrs["IPAM"]["Config"][0]
    return str(config.get("Gateway") or next(ipaddress.ip_network(config["Subnet"]).hosts()))


def _has_image(engine: Any, runtime: str) -> bool:
    """Whether AWS's image for a runtime is there. SAM would ask the registry for a newer one each time."""
    family, version = re.split(r"(?=\d)", runtime, maxsplit=1)
    try:
        engine.images.get(f"public.ecr.aws/lambda/{family}:{version}-x86_64")
    except NotFound:
        return False
    return True


def _template(function: Function, built: Path, endpoint: Endpoint) -> dict[str, Any]:
    properties = {
        "Handler": function.handler,
        "Runtime": function.runtime,
        "Architectures": ["x86_64"],
        "CodeUri": str(built),
        "MemorySize": function.memory_size,
        "Timeout": function.timeout,
        "Environment": {"Variables": {"AWS_ENDPOINT_URL": endpoint.url}},
    }
    resource = {"Type": "AWS::Serverless::Function", "Properties": properties}
    return {"Transform": "AWS::Serverless-2016-10-31", "Resources": {function.logical_id: resource}}


def _written(path: Path, value: object) -> str:
    path.write_text(json.dumps(value, indent=2) + "\n")
    return str(path)


def _environment(endpoint: Endpoint, credentials: Credentials) -> dict[str, str]:
    """SAM's: it hands its own credentials to the function, and would hand on AWS_ENDPOINT_URL as it is out here."""
    environment = endpoint.environment() | {
        "AWS_ACCESS_KEY_ID": credentials["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": credentials["SecretAccessKey"],
        "AWS_SESSION_TOKEN": credentials["SessionToken"],
        "AWS_ENDPOINT_URL_STS": endpoint.url,
        "SAM_CLI_TELEMETRY": "0",
    }
    del environment["AWS_ENDPOINT_URL"]
    return environment


def _result(function: Function, ended: programs.Finished) -> Any:
    """SAM's exit status is 0 whatever becomes of the function."""
    if ended.status != 0 or not ended.output.strip():
        raise FunctionFailed("exit", function.logical_id, "SAM printed no result", ended.errors)
    result = parsed(ended.output)
    if isinstance(result, dict) and "errorType" in result:
        message = f"{result['errorType']}: {result.get('errorMessage', '')}"
        raise FunctionFailed("error", function.logical_id, message, ended.errors)
    return result


async def _relay(port: int | None, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    there_reader, there_writer = await asyncio.open_connection("127.0.0.1", port)
    await asyncio.gather(_copy(reader, there_writer), _copy(there_reader, writer))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.closing(writer), contextlib.suppress(ConnectionError):
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
