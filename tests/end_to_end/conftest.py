"""A copy of this repository, and its stack, run on this machine by `make local` as its users run it."""

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cloudfront_local.serving import running
from cloudfront_local.testing.workplace import Workplace

REPOSITORY = Path(__file__).parents[2]
PARTS = (
    ".github",
    "Makefile",
    "cloudfront-local",
    "demo",  # only: router
    "events",  # only: attach
    "pipeline.yaml",
    "pyproject.toml",
    "regional.yaml",  # only: router
    "requirements-dev.txt",
    "requirements.txt",
    "samconfig.toml",
    "site",  # only: distribution
    "src",
    "stack",
    "template.yaml",
)


class Project(Workplace):
    """A copy of this repository's parts, with this Python in its `.venv`."""

    def __init__(self, folder: Path) -> None:
        # Built with the realm that recorded events have, whatever realm a person has chosen.
        super().__init__(folder, PYTHONPATH=str(folder / "project" / "cloudfront-local"))
        self.environment["AUTHORIZER_REALM"] = ""  # only: authorizer
        for part in filter(lambda part: (REPOSITORY / part).exists(), PARTS):
            copy = shutil.copytree if (REPOSITORY / part).is_dir() else shutil.copy2
            copy(REPOSITORY / part, self.folder / part)
        self._make_venv()

    def _make_venv(self) -> None:
        program = self.folder / ".venv" / "bin" / "python"
        program.parent.mkdir(parents=True)
        program.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
        program.chmod(0o755)
        for mark in (".installed", ".installed-dev"):
            (self.folder / ".venv" / mark).touch()


@contextmanager
def edited(path: Path, text: str) -> Iterator[None]:
    """A file holds this text for as long. Afterwards it is as old as before: nothing built from it is out of date."""
    original, times = path.read_text(), path.stat()
    path.write_text(text)
    try:
        yield
    finally:
        path.write_text(original)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def refuses_connections(url: str) -> bool:
    """Whether nobody listens there any more."""
    host, port = url.removeprefix("http://").split(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) != 0


@dataclass(frozen=True)
class Answer:
    """`headers` by lower-case name."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def body(self) -> str:
        return self.content.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.content)


def send(url: str, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
    """A request as it is given: nothing in the path is escaped, a `Host` given stands."""
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)
    try:
        connection.request(method, path, body, headers=dict(headers))
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, response.read())
    finally:
        connection.close()


@dataclass(frozen=True)
class RunningStack:
    """The stack that is up, for all the tests of a session: leave it as you found it."""

    project: Project
    description: running.RunningStack

    def get(
        self,
        path: str = "/",
        user: str = "",
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        """A viewer's request. `user` such as `demo:demo`."""
        sent = dict(headers or {})
        if user:
            sent["Authorization"] = f"Basic {b64encode(user.encode()).decode()}"
        return send(self.description.url, method, path, sent, body)

    def output(self, key: str) -> str:
        """An output of the stack."""
        (stack,) = self.client("cloudformation").describe_stacks(StackName=self.description.stack_name)["Stacks"]
        return str(next(item["OutputValue"] for item in stack["Outputs"] if item["OutputKey"] == key))

    def client(self, service: str, region: str | None = None) -> Any:
        """A boto3 client of the embedded AWS, as its root."""
        return running.endpoint(self.description).client(service, region)

    def physical_id(self, logical_id: str) -> str:
        resource = self.client("cloudformation").describe_stack_resource(
            StackName=self.description.stack_name, LogicalResourceId=logical_id
        )
        return str(resource["StackResourceDetail"]["PhysicalResourceId"])

    def command(self, *arguments: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
        """`python -m stack --local ...`"""
        return self.project.run(sys.executable, "-m", "stack", "--local", *arguments, stdin=stdin)

    def log(self, request_id: str) -> list[dict[str, object]]:
        """The JSON lines that edge functions wrote to the terminal about one request."""
        lines = [
            line[line.index("{") :] for line in self.project.output.splitlines() if request_id in line and "{" in line
        ]
        return [json.loads(line) for line in lines]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    project = Project(tmp_path)
    yield project
    project.end()


@pytest.fixture(scope="session")
def running_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """`make local`, on free ports, until the session's end, when SIGTERM ends it all, whatever the tests did to it."""
    project = Project(tmp_path_factory.mktemp("running"))
    process = project.start("make", "local")
    try:
        stack = project.await_ready(process)
        yield RunningStack(project, stack)
    finally:
        project.end()
    assert "Stopped. Nothing is left running." in project.output
    assert project.leftovers() == []
    assert not stack.url or refuses_connections(stack.url)
    assert refuses_connections(stack.endpoint_url)
