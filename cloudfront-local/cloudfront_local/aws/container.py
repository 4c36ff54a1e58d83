"""Calls a function once in SAM's container (`sam local invoke`), with the embedded AWS and the role's credentials.

The container holds AWS's runtime for the function and needs a container engine. SAM passes on only the environment
variables that the template declares, and edge functions declare none. So this module writes a template of this one
function that declares AWS_ENDPOINT_URL.
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
from dataclasses import dataclass, replace
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
from cloudfront_local.lambda_edge.source import TASK_ROOT, in_source

# The name of this machine inside a container.
HOST = "host.docker.internal"


@dataclass(frozen=True)
class Containers:
    """A container engine. `endpoint` is the embedded AWS's address on this machine, `inside` that in a container."""

    engine: Any
    endpoint: Endpoint
    inside: Endpoint

    async def invoke(
        self, function: Function, credentials: Credentials, event: object, region: str, folder: Path
    ) -> tuple[Any, str]:
        """Calls a function. Returns its result, and the text that SAM and the function wrote to standard error.

        `region` is the edge Region that the function runs in. `folder` gets the template and the event. Raises
        FunctionFailed.
        """
        build = await function.artifact.current()
        template = _written(folder / "template.json", _template(function, build.folder, self.inside))
        given = _written(folder / "event.json", event)
        command = await installation.sam("local", "invoke", function.logical_id)
        command += ["--template", template, "--event", given]
        command += ["--region", region, "--add-host", f"{HOST}:host-gateway"]
        if _has_image(self.engine, function.runtime):
            command.append("--skip-pull-image")
        environment = _environment(self.endpoint, credentials)
        environment["TMPDIR"] = str(folder)  # SAM leaves temporary files behind.
        ended = await programs.run(command, folder, environment)
        return _result(function, ended), ended.errors


@asynccontextmanager
async def running(endpoint: Endpoint) -> AsyncIterator[Containers]:
    """Connects to Docker's engine, and gives its containers access to the embedded AWS while the `with` block runs.

    The embedded AWS listens on 127.0.0.1 alone, and a container has a 127.0.0.1 of its own. So a port of this machine's
    address on the containers' network is relayed to the embedded AWS. Docker Desktop runs containers in a virtual
    machine and relays by itself; there, this machine does not have that address. Raises LocalError.
    """
    engine = _engine()
    port = urlsplit(endpoint.url).port
    with contextlib.ExitStack() as undo:
        try:
            # asyncio.start_server would lose the error's number on Python 3.13.
            listener = socket.create_server((_gateway(engine), 0))
        except OSError as error:
            if error.errno != errno.EADDRNOTAVAIL:
                raise LocalError(
                    f"Containers cannot reach the embedded AWS: {error}. "
                    "`cloudfront-local invoke` without --container needs no container."
                ) from None
        else:
            relay = await asyncio.start_server(functools.partial(_relay, port), sock=listener)
            undo.callback(relay.close)
            port = listener.getsockname()[1]
        yield Containers(engine, endpoint, replace(endpoint, url=f"http://{HOST}:{port}"))


def _engine() -> Any:
    try:
        engine: Any = docker.from_env(timeout=10)  # type: ignore[no-untyped-call]  # docker has no type hints
        engine.ping()
    except DockerException:
        raise LocalError(
            "No container engine can be reached. Start Docker, or set DOCKER_HOST to the engine's socket. "
            "`cloudfront-local invoke` without --container needs no container engine."
        ) from None
    return engine


def _gateway(engine: Any) -> str:
    """This machine's address on the network of the containers (`bridge`)."""
    config = engine.networks.get("bridge").attrs["IPAM"]["Config"][0]
    return str(config.get("Gateway") or next(ipaddress.ip_network(config["Subnet"]).hosts()))


def _has_image(engine: Any, runtime: str) -> bool:
    """Whether the engine has AWS's image for a runtime. If so, SAM need not ask the registry for a newer one."""
    family, version = re.split(r"(?=\d)", runtime.removesuffix(".x"), maxsplit=1)
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
    """The environment of `sam local invoke`. SAM passes its own credentials on to the function. AWS_ENDPOINT_URL is
    left out: SAM would pass on this machine's address, and a container cannot use that address."""
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
    """The result in SAM's output. SAM's exit status is 0 even if the function failed. Raises FunctionFailed."""
    if ended.status != 0 or not ended.output.strip():
        raise FunctionFailed("exit", function.logical_id, "`sam local invoke` printed no result", ended.errors)
    result = parsed(ended.output)
    if isinstance(result, dict) and "errorType" in result:
        message = f"{result['errorType']}: {result.get('errorMessage', '')}"
        trace = in_source(ended.errors, TASK_ROOT, function.artifact.source)
        raise FunctionFailed("error", function.logical_id, message, trace)
    return result


async def _relay(port: int | None, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    there_reader, there_writer = await asyncio.open_connection("127.0.0.1", port)
    await asyncio.gather(_copy(reader, there_writer), _copy(there_reader, writer))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.closing(writer), contextlib.suppress(ConnectionError):
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
