"""The command `sam`, as this tool runs it.

`sam build` builds functions of runtimes that AWS has ended, too, and of Pythons that this machine lacks: they run here
all the same, on the Python that is here. Applications of the Serverless Application Repository are left out.

The Python of the environment that has samcli runs this file by its path; it has no package of this project.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import Any

# By language, a runtime whose builder builds the ended ones.
BUILDERS = {"nodejs": "nodejs16.x", "python": "python3.8"}


def main() -> None:
    from samcli.cli.main import cli  # type: ignore[import-not-found]

    if sys.argv[1:2] == ["build"]:
        build_all_runtimes()
    if sys.argv[1:2] in (["build"], ["deploy"]):
        leave_applications_out()
    cli(prog_name="sam")


def build_all_runtimes() -> None:
    """Takes the runtimes of Node.js and Python off samcli's list of ended ones, and chooses their builders."""
    from aws_lambda_builders.architecture import ARM64, X86_64  # type: ignore[import-not-found]
    from aws_lambda_builders.supported_runtimes import RUNTIME_ARCHITECTURES  # type: ignore[import-not-found]
    from samcli.lib.build import app_builder  # type: ignore[import-not-found]
    from samcli.lib.build.constants import DEPRECATED_RUNTIMES  # type: ignore[import-not-found]

    ended = {
        runtime: builder
        for language, builder in BUILDERS.items()
        for runtime in DEPRECATED_RUNTIMES
        if runtime.startswith(language)
    }
    known = app_builder.get_workflow_config

    def workflow(runtime: str | None, *arguments: Any, **options: Any) -> Any:
        return known(ended.get(runtime or "", runtime), *arguments, **options)

    RUNTIME_ARCHITECTURES.update({runtime: [ARM64, X86_64] for runtime in ended})
    DEPRECATED_RUNTIMES.difference_update(ended)
    app_builder.get_workflow_config = workflow
    patched = app_builder.patch_runtime
    app_builder.patch_runtime = lambda runtime: _present(patched(runtime))


def leave_applications_out() -> None:
    """Asks nobody for applications of the Serverless Application Repository: the deployment leaves them out."""
    from samtranslator.plugins.application.serverless_app_plugin import (  # type: ignore[import-not-found]
        ServerlessAppPlugin,
    )

    ServerlessAppPlugin._sar_service_call = lambda *_: {"TemplateUrl": "left-out", "Status": "ACTIVE"}


def _present(runtime: str) -> str:
    """The runtime; or this Python's, if the machine lacks the runtime's Python."""
    if runtime.startswith("python") and not _starts(runtime):
        return "python{}.{}".format(*sys.version_info)
    return runtime


def _starts(python: str) -> bool:
    """Whether the command starts a Python. A version manager's command may be there and fail."""
    command = shutil.which(python)
    return command is not None and subprocess.run([command, "-c", ""], capture_output=True, check=False).returncode == 0  # noqa: S603


if __name__ == "__main__":
    main()
