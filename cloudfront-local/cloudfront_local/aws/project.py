"""What is deployed here: a SAM template, the settings beside it, and the folder for what is built of them."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cloudfront_local.aws import samconfig
from cloudfront_local.errors import LocalError

# The region of every stack with edge functions, where samconfig.toml names none.
DEFAULT_REGION = "us-east-1"
# What `[tool.cloudfront-local]` may say: defaults of the options of `serve`, and what a project wants besides.
SETTINGS = frozenset({"port", "aws-port", "edge-region", "parameter-overrides", "seed", "login"})


@dataclass(frozen=True)
class Project:
    """A SAM template, `samconfig.toml` beside it if there is one, and the folder for what is built of them here.

    `parameter_overrides`, such as `Name=Value`, replace those of samconfig.toml, as they do for sam.
    """

    template: Path
    parameter_overrides: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """Beside the template, as `sam build` has it, but apart from the user's own `.aws-sam/build`."""
        return self.template.parent / ".aws-sam" / "local"

    @property
    def build_dir(self) -> Path:
        """Holds the transformed template, and a folder a function, named by its logical id."""
        return self.folder / "build"

    @functools.cached_property
    def samconfig(self) -> Mapping[str, Any]:
        """The environment `local` of samconfig.toml, else `default`; empty without such a file."""
        environments = samconfig.environments(self.template.parent)
        return environments.get("local") or environments.get("default") or {}

    @functools.cached_property
    def settings(self) -> Mapping[str, Any]:
        """`[tool.cloudfront-local]` of pyproject.toml beside the template; empty without it. Raises LocalError."""
        path = self.template.with_name("pyproject.toml")
        found: Mapping[str, Any] = samconfig.read_toml(path).get("tool", {}).get("cloudfront-local", {})
        if unknown := sorted(found.keys() - SETTINGS):
            raise LocalError(
                f"{path}: [tool.cloudfront-local] has no setting {', '.join(unknown)}. "
                f"It may have: {', '.join(sorted(SETTINGS))}."
            )
        return found

    @property
    def seed(self) -> str:
        """The command to run once the stack is deployed; empty for none."""
        return str(self.settings.get("seed", ""))

    @property
    def login(self) -> str:
        """`user:password` that recorded events may show; empty for none."""
        return str(self.settings.get("login", ""))

    def parameters(self, command: str) -> dict[str, Any]:
        """What samconfig.toml says for a command of sam."""
        return samconfig.parameters(self.samconfig, command)

    @property
    def stack_name(self) -> str:
        return str(self.parameters("deploy").get("stack_name", "local"))

    @property
    def region(self) -> str:
        return str(self.parameters("deploy").get("region", DEFAULT_REGION))

    def write_samconfig(self) -> Path:
        """The settings for the embedded AWS: the user's own as far as they make sense there."""
        build = {k: v for k, v in self.parameters("build").items() if k not in ("profile", "stack_name", "region")}
        deploy = {k: v for k, v in self.parameters("deploy").items() if k in ("parameter_overrides", "tags")}
        deploy |= {
            "stack_name": self.stack_name,
            "capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
            "resolve_s3": True,
            "confirm_changeset": False,
            "fail_on_empty_changeset": False,
        }
        settings = {"version": 0.1, "default": {"build": {"parameters": build}, "deploy": {"parameters": deploy}}}
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / "samconfig.yaml"
        path.write_text(json.dumps(settings, indent=2) + "\n")  # JSON is YAML, and sam reads no JSON as such.
        return path
