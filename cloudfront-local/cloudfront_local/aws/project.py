"""A project: a SAM template, the settings in its folder, and the folder for its builds on this machine."""

from __future__ import annotations

import functools
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cloudfront_local.aws import private_file, samconfig
from cloudfront_local.errors import LocalError

# The Region if samconfig.toml names none. Stacks with edge functions must be in this Region.
DEFAULT_REGION = "us-east-1"
STACK = "CLOUDFRONT_LOCAL_STACK"
# The keys that `[tool.cloudfront-local]` takes: defaults of the options of `serve`, and the project's commands.
SETTINGS = frozenset(
    {
        "access-log",
        "aws-port",
        "distribution",
        "edge-region",
        "https",
        "https-port",
        "keep",
        "login",
        "parameter-overrides",
        "pass-through",
        "port",
        "seed",
        "viewer-country",
        "viewer-device",
        "watch",
        "window",
        "window-port",
    }
)


def state_folder(template_folder: Path) -> Path:
    """The folder for a running stack's builds, settings and description, below `.aws-sam`, sam's own folder.

    It is called `local`. The variable CLOUDFRONT_LOCAL_STACK has another name, so that another stack can run from the
    same folder: tests run one for each worker.
    """
    return template_folder / ".aws-sam" / (os.environ.get(STACK) or "local")


@dataclass(frozen=True)
class Project:
    """A project. `template` is the path of its SAM template. Beside it may be `samconfig.toml` and `pyproject.toml`.

    `parameter_overrides`, such as `Name=Value`, replace those of samconfig.toml, as they do for sam. `deployment` is
    the number of the deployment while a stack runs: each has builds of its own. `part` tells the stacks of several
    templates apart; it is empty for the one that is served.
    """

    template: Path
    parameter_overrides: tuple[str, ...] = ()
    deployment: int = 1
    part: str = ""

    @property
    def folder(self) -> Path:
        """The folder for builds and settings, apart from the user's own `.aws-sam/build`."""
        return state_folder(self.template.parent) / self.part

    @property
    def build_dir(self) -> Path:
        """The folder that `sam build` writes: the built template, and one folder for each function's logical id."""
        return self._builds / "build"

    @property
    def rebuilt(self) -> Path:
        """The folder for builds of functions that were edited after `sam build`, and for code out of the template."""
        return self._builds / "rebuilt"

    @property
    def _builds(self) -> Path:
        return self.folder / f"deployment-{self.deployment}"

    def clear(self) -> None:
        """Removes the folders that earlier runs left. Only the holder of the folder's lock may call this."""
        for folder in self.folder.iterdir() if self.folder.is_dir() else ():
            if folder.is_dir():
                shutil.rmtree(folder, ignore_errors=True)

    @functools.cached_property
    def samconfig(self) -> Mapping[str, Any]:
        """The environment `local` of samconfig.toml, else the environment `default`; empty without the file."""
        environments = samconfig.environments(self.template.parent)
        return environments.get("local") or environments.get("default") or {}

    @functools.cached_property
    def settings(self) -> Mapping[str, Any]:
        """The table `[tool.cloudfront-local]` of the pyproject.toml beside the template; empty without the table.

        Raises LocalError for a setting that is unknown.
        """
        path = self.template.with_name("pyproject.toml")
        found: Mapping[str, Any] = samconfig.read_toml(path).get("tool", {}).get("cloudfront-local", {})
        if unknown := sorted(found.keys() - SETTINGS):
            raise LocalError(
                f"{path}: [tool.cloudfront-local] has no setting {', '.join(unknown)}. "
                f"Its settings are: {', '.join(sorted(SETTINGS))}."
            )
        return found

    @property
    def seed(self) -> str:
        """The command that runs after the deployment, such as `python -m stack seed`; empty for none."""
        return str(self.settings.get("seed", ""))

    @property
    def watch(self) -> Mapping[str, str]:
        """The commands that run when a folder beside the template has changed, or a file of a pattern such as
        `src/*/*.js`, by folder and pattern. Raises LocalError."""
        watch = self.settings.get("watch", {})
        if not isinstance(watch, dict) or not all(isinstance(command, str) for command in watch.values()):
            raise LocalError(
                f"{self.template.with_name('pyproject.toml')}: in [tool.cloudfront-local], `watch` is a table of "
                'folders and their commands, such as watch = { "site" = "python upload.py" }. Correct it.'
            )
        return watch

    @property
    def login(self) -> str:
        """The `user:password` that recorded events may show; empty for none."""
        return str(self.settings.get("login", ""))

    def parameters(self, command: str) -> dict[str, Any]:
        """The parameters in samconfig.toml for a command of sam, such as `deploy`."""
        return samconfig.parameters(self.samconfig, command)

    @property
    def stack_name(self) -> str:
        name = str(self.parameters("deploy").get("stack_name", "local"))
        return f"{name}-{self.part}" if self.part else name

    @property
    def region(self) -> str:
        return str(self.parameters("deploy").get("region", DEFAULT_REGION))

    def write_samconfig(self) -> Path:
        """Writes the settings for sam and the embedded AWS, which may hold secrets. Returns the file's path.

        They hold those of the user's settings that also apply to the embedded AWS: no profile, no bucket.
        """
        build = {k: v for k, v in self.parameters("build").items() if k not in ("profile", "stack_name", "region")}
        deploy = {k: v for k, v in self.parameters("deploy").items() if k in ("parameter_overrides", "tags")}
        deploy |= {
            "stack_name": self.stack_name,
            "capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
            "resolve_s3": True,
            "confirm_changeset": False,
            "fail_on_empty_changeset": False,
        }
        if self.parameter_overrides:
            build["parameter_overrides"] = deploy["parameter_overrides"] = list(self.parameter_overrides)
        settings = {"version": 0.1, "default": {"build": {"parameters": build}, "deploy": {"parameters": deploy}}}
        path = self.folder / "samconfig.yaml"
        private_file.write(
            path, json.dumps(settings, indent=2) + "\n"
        )  # sam reads YAML but not JSON; JSON is valid YAML.
        return path
