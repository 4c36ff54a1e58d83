"""The template's Lambda@Edge functions, run from their source folders without a build."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cloudfront_local.errors import LocalError
from cloudfront_local.lambda_edge import interpreter
from cloudfront_local.lambda_edge.artifact import Artifact
from cloudfront_local.lambda_edge.function import Function
from cloudfront_local.lambda_edge.source_folder import Source, fingerprint
from cloudfront_local.testing.template_alone.values import Values, function_arn

# Lambda's defaults.
TIMEOUT = 3.0
MEMORY = 128


class TemplateFunctions:
    """`folder` is the template's. `scratch` is a folder for code that is in the template itself."""

    def __init__(self, values: Values, folder: Path, scratch: Path) -> None:
        self._found = dict(values.resources("AWS::Lambda::Function"))
        self._folder = folder
        self._scratch = scratch

    def function(self, arn: str) -> Function:
        """The function of a version's ARN. Raises LocalError."""
        name = arn.split(":")[6] if arn.count(":") == 7 else ""
        if name not in self._found:
            raise LocalError(
                f"The distribution runs the function {arn or 'without a name'}, of which the template has no version. "
                "Name the Version of a function of the template, or use the fixture `distribution`."
            )
        properties = self._found[name]
        runtime = str(properties.get("Runtime", ""))
        return Function(
            arn=arn,
            handler=str(properties.get("Handler", "")),
            runtime=runtime,
            timeout=float(properties.get("Timeout", TIMEOUT)),
            memory_size=int(properties.get("MemorySize", MEMORY)),
            role=f"{function_arn(name)}:role",
            artifact=_artifact(self._source(name, properties, runtime), name, self._scratch),
            logical_id=name,
            program=interpreter.program(runtime),
        )

    def _source(self, name: str, properties: Mapping[str, Any], runtime: str) -> Path:
        match properties.get("Code"):
            case str(code) if (self._folder / code).is_dir():
                return _without_packages(self._folder / code, name, runtime)
            case {"ZipFile": str(text)}:
                folder = self._scratch / name
                folder.mkdir(parents=True, exist_ok=True)
                (folder / ("index.mjs" if runtime.startswith("nodejs") else "index.py")).write_text(text)
                return folder
            case code:
                raise LocalError(
                    f"The code of {name} is {code}, which is no folder beside the template. Use the fixture "
                    "`distribution`."
                )


def _without_packages(source: Path, name: str, runtime: str) -> Path:
    """The folder, if the function needs no build. Raises LocalError."""
    requirements = source / "requirements.txt"
    if runtime.startswith("python") and requirements.is_file():
        lines = [line.partition("#")[0].strip() for line in requirements.read_text("utf-8").splitlines()]
        if any(lines):
            raise LocalError(
                f"{requirements} names packages, which `sam build` installs. `edge_distribution` runs {name} from its "
                "source without a build. Use the fixture `distribution`."
            )
    return source


def _artifact(source: Path, name: str, scratch: Path) -> Artifact:
    async def copied(folder: Path) -> Path:
        return Path(shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__")))

    return Artifact(Source(source), copied, built=source, built_from=fingerprint(source), scratch=scratch)
