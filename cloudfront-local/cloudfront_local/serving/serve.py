"""`cloudfront-local serve`: builds a template, deploys it to the embedded AWS, and serves its distribution."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import gc
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cloudfront_local.aws import deployment, environment_file, installation, ministack
from cloudfront_local.aws.deployment import Deployment
from cloudfront_local.aws.embedded.hidden import hide
from cloudfront_local.aws.endpoint import Endpoint
from cloudfront_local.aws.ports import HOST, bound, port_of
from cloudfront_local.aws.project import Project
from cloudfront_local.distribution.viewer_headers import viewer as viewers
from cloudfront_local.distribution.viewer_headers.viewer import Viewer
from cloudfront_local.errors import LocalError
from cloudfront_local.lambda_edge import interpreter
from cloudfront_local.origins.real_aws import RealAws
from cloudfront_local.serving import (
    access_logs,
    certificates,
    debugging,
    deploying,
    kept_data_file,
    laptop,
    running,
    seed,
    template_lint,
    watch,
    welcome,
)
from cloudfront_local.serving.deploying import Told
from cloudfront_local.serving.redeploy import Redeployment
from cloudfront_local.serving.server import Https
from cloudfront_local.serving.welcome import Address
from cloudfront_local.serving.window import project as window_of_project
from cloudfront_local.serving.window import server as window_server

log = logging.getLogger("cloudfront")


@dataclass(frozen=True)
class Options:
    """The last of `templates` has the distribution that is served. The others are deployed before.

    `port` is the distribution's port and `aws_port` the embedded AWS's; 0 takes a free port.

    `edge_region` is the Region that edge functions run in, `record` the folder for recorded events.
    `parameter_overrides` are as sam takes them, such as `Name=Value`. `pass_through` sends requests for buckets and
    function URLs that are not in the stack to the real AWS. `viewer` is where viewers' requests come from.
    `https_port` is the port for HTTPS; None serves plain HTTP alone, which then counts as HTTPS. `access_log` is the
    folder for access logs. `distribution` is the logical id of the one distribution that is served; empty serves all.
    `window_port` is the window's port, or the first that is tried; None opens no window. `keep` keeps the data of
    tables, buckets, user pools and key value stores for the next start with `keep`.
    """

    templates: Sequence[Path]
    port: int
    aws_port: int
    edge_region: str
    record: Path | None = None
    parameter_overrides: Sequence[str] = ()
    pass_through: bool = False
    viewer: Viewer = viewers.DEFAULT
    https_port: int | None = None
    access_log: Path | None = None
    distribution: str = ""
    debug: bool = False
    window_port: int | None = None
    keep: bool = False


def main(options: Options) -> int:
    """Serves until Ctrl-C or SIGTERM, then returns 0. Raises LocalError."""
    hide()
    logging.basicConfig(format="%(asctime)s %(message)s", datefmt="%H:%M:%S", stream=sys.stdout)
    # No line shows them. logging's HOWTO, "Optimization".
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    for name in ("aws", "cloudfront", "functions"):
        logging.getLogger(name).setLevel(logging.INFO)
    asyncio.run(_until_stopped(options))
    print("\nStopped. Nothing is left running.")
    return 0


async def _until_stopped(options: Options) -> None:
    """The first signal cancels the serving task, and the task cleans up. Later signals are ignored."""
    serving = asyncio.create_task(_serve(options))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, lambda: serving.cancelling() or serving.cancel())
    with contextlib.suppress(asyncio.CancelledError):
        await serving


async def _serve(options: Options) -> None:
    _refuse_one_port_for_two(options)
    project = _project(options)
    real_aws, access_log = _real_aws(options), access_logs.checked(options.access_log)
    debug = debugging.debug(attach=options.debug, free_ports=options.port == 0)
    await installation.python()  # first, so that its lines stand apart from those of the steps
    async with contextlib.AsyncExitStack() as undo:
        undo.enter_context(running.claimed(project.template.parent))
        project.clear()
        listener = undo.enter_context(bound(options.port, "PORT"))
        https_port = options.https_port
        https_listener = None if https_port is None else undo.enter_context(bound(https_port, "HTTPS_PORT"))
        kept_data = _kept_data(undo, project) if options.keep else None
        linted = await undo.enter_async_context(template_lint.running(project.template))
        with _step("Start the embedded AWS (ministack)"):
            aws = await undo.enter_async_context(ministack.running(options.aws_port, project.region, kept_data))
        undo.enter_context(environment_file.written(project.folder, aws.endpoint))
        with _step("Lint the template"):
            found = await linted
        for warning in found.warnings:
            _say(f"  {warning}")
        before = deploying.parts(options.templates[:-1], options.parameter_overrides)
        made = await deploying.deployed(project, before, options.distribution, aws.endpoint, found, Told(_step, _say))
        project, stack, functions = made.project, made.stack, made.functions
        for link in functions.links_out():
            _say(f"  Warning: {link} leads out of the project. `sam build` copies its target into the zip.")
        url = f"http://{HOST}:{port_of(listener)}" if stack.distributions else ""
        window_listener = _window_listener(undo, options) if stack.distributions else None
        window = f"http://{HOST}:{port_of(window_listener)}/" if window_listener else ""
        described = functools.partial(_description, options, url=url, window=window, endpoint=aws.endpoint)
        undo.enter_context(running.described(described(project, stack, made.built_at)))
        to_try = await _seed(project, aws.endpoint)
        with _step("Serve the distribution" if len(stack.distributions) == 1 else "Serve the distributions"):
            served = await undo.enter_async_context(
                laptop.running(
                    aws.endpoint,
                    stack,
                    functions,
                    options.edge_region,
                    options.record,
                    project.login,
                    real_aws,
                    access_log,
                    aws.key_value_stores.of,
                    debug=debug,
                )
            )
            https, told = _https(https_listener, served)
            addresses = await _listen(undo, stack, served, listener, https, options.viewer)
            found_functions = await served.prepare()
            if window_listener:
                ids = await asyncio.to_thread(deployment.logical_ids, aws.endpoint, project.stack_name)
                await undo.enter_async_context(
                    window_of_project.opened(
                        window_listener, addresses, served, found_functions, project, options.record, ids
                    )
                )
            runtimes = {function.runtime for function in found_functions}
            substitutes = await asyncio.to_thread(interpreter.substitutes, runtimes)
        aws.invalidations.follow(served.invalidate)

        def deployed(project: Project, built_at: int) -> None:
            running.write(described(project, stack, built_at))
            for line in certificates.certify(https.context, served.names) if https else ():
                log.info("%s", line)

        redeployment = Redeployment(made.given, made.parameters, aws.endpoint, served, options.distribution, deployed)
        await undo.enter_async_context(watch.watching(project, aws.endpoint, served, redeployment))
        told += [debugging.told(debug, function) for function in found_functions if debug.ports]
        print(*(f"  {line}\n" for line in told), sep="", end="")
        print(welcome.text(addresses, aws.endpoint, stack, substitutes, to_try, window), flush=True)
        gc.collect()
        gc.freeze()  # All that is there by now stays. Collections that look through it would hold requests up.
        await aws.ended()


def _refuse_one_port_for_two(options: Options) -> None:
    """Raises LocalError. The system would notice only when the second server begins to listen."""
    ports = {"PORT": options.port, "HTTPS_PORT": options.https_port, "AWS_PORT": options.aws_port}
    for name, port in ports.items():
        if port and (others := [other for other in ports if other != name and ports[other] == port]):
            raise LocalError(f"{name} and {others[0]} are both {port}. Choose another port for one of them.")


def _project(options: Options) -> Project:
    for template in options.templates:
        if not template.is_file():
            raise LocalError(
                f"There is no template {template}. Name its path with --template, or run the command in its folder."
            )
    return Project(options.templates[-1].resolve(), tuple(options.parameter_overrides))


def _kept_data(undo: contextlib.AsyncExitStack, project: Project) -> Path:
    """The file that keeps data. The terminal says now, and once the embedded AWS has ended, how much the file has."""
    path, line = kept_data_file.opened(project.folder)
    _say(line)
    undo.callback(lambda: _say(f"\nKept: {kept_data_file.summary(path)}."))
    return path


def _https(listener: socket.socket | None, served: laptop.Laptop) -> tuple[Https | None, list[str]]:
    """HTTPS on the listener's port, if there is one and something to serve, and lines for the terminal."""
    if listener is None or not served.served:
        return None, []
    context, told = certificates.server_context(served.names)
    return Https(listener, context), told


async def _listen(
    undo: contextlib.AsyncExitStack,
    stack: Deployment,
    served: laptop.Laptop,
    listener: socket.socket,
    https: Https | None,
    viewer: Viewer,
) -> list[Address]:
    """Answers viewers, of the first distribution on the given ports, of the others on free ones.

    Returns the addresses.
    """
    addresses: list[Address] = []
    for logical_id, distribution in zip(stack.distributions, served.distributions, strict=True):
        if addresses:
            listener = bound(0, "PORT")
            https = https and Https(bound(0, "HTTPS_PORT"), https.context)
        others = [other for other in served.distributions if other is not distribution]
        await undo.enter_async_context(laptop.listening(distribution, listener, viewer, https, others))
        secure = [f"https://{HOST}:{port_of(https.listener)}"] if https else []
        urls = [f"http://{HOST}:{port_of(listener)}", *secure]
        addresses.append(Address(logical_id, distribution.config, urls))
    return addresses


def _window_listener(undo: contextlib.AsyncExitStack, options: Options) -> socket.socket | None:
    """The window's socket, if there is to be a window."""
    if options.window_port is None:
        return None
    taken = {options.port, options.https_port, options.aws_port}
    return undo.enter_context(window_server.listener(options.window_port, taken))


def _real_aws(options: Options) -> RealAws | None:
    if not options.pass_through:
        return None
    real_aws = RealAws.of_developer()
    print(
        "Pass-through: requests to buckets and function URLs that are not in this stack go to the real AWS, signed "
        f"with your own credentials (from: {real_aws.credentials.method}).",
        flush=True,
    )
    return real_aws


async def _seed(project: Project, endpoint: Endpoint) -> list[str]:
    """Runs the project's seed command, if it has one. Returns the lines that the command prints on standard output."""
    if not project.seed:
        return []
    with _step(f"Seed ({project.seed})"):
        return await seed.run(project.seed, project.template.parent, endpoint.environment())


def _description(
    options: Options, project: Project, stack: Deployment, built_at: int, url: str, window: str, endpoint: Endpoint
) -> running.RunningStack:
    return running.RunningStack(
        pid=os.getpid(),
        url=url,
        endpoint_url=endpoint.url,
        stack_name=project.stack_name,
        region=project.region,
        edge_region=options.edge_region,
        distributions=dict(stack.distributions),
        template=str(project.template),
        build_dir=str(project.build_dir),
        built_at=built_at,
        parameter_overrides=list(project.parameter_overrides),
        deployment=project.deployment,
        window=window,
    )


def _say(text: str) -> None:
    print(text, flush=True)


@contextlib.contextmanager
def _step(name: str) -> Iterator[None]:
    """Prints a step's name when it begins, and the seconds that it took when it ends."""
    print(f"{name} ".ljust(60, "."), end=" ", flush=True)
    started = time.perf_counter()
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    print(f"{time.perf_counter() - started:4.1f} s", flush=True)
