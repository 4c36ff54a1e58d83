"""The README of what is left."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

from only.choice import Choice

TEXT = """\
# {title} at CloudFront's edge

{functions}

```sh
make local   # .venv, an embedded AWS, sam build and deploy of template.yaml, CloudFront on http://127.0.0.1:8080
make test    # every test that needs no Docker and no browser; those in Chromium: make test-browser
make lint    # style, types, and what Lambda@Edge refuses in the template
```

You need Python 3.11 or later, git and make; no AWS account, no Docker. Edit anything under `src/` while `make local`
runs: the next request uses it. `make` alone lists every target.

## Deploy to AWS

```sh
sam build && sam deploy              # the stack that samconfig.toml names, in us-east-1, where edge functions live
{first_steps}```

Run it with `.venv` active (`. .venv/bin/activate`). `make logs` and `make destroy` see the stack through its life.

## Add a function

`src/<function>/handler.py` with `handler(event, context)`; a line in `src/Makefile`; in `template.yaml` the function
with `AutoPublishAlias`, a role that both services may assume, and the association; tests with the fixture `edge`, which
fails on what CloudFront would refuse.

## More

{documents}
"""
DOCUMENTS = {
    "local/README.md": "what `make local` does and does not, and the rules that functions are held to",
    "lint/README.md": "what `make lint` finds in a template",
    "docs/deployment.md": "deploying, updating, logs, destroying",
    "docs/configuration.md": "how a function is told anything, without environment variables",
    "docs/troubleshooting.md": "when something does not work",
}


def readme(root: Path, choice: Choice) -> str:
    """Links to the documents that are there."""
    return TEXT.format(
        title=" and ".join(name.replace("_", " ") for name in choice.kept).capitalize(),
        functions="\n".join(
            textwrap.fill(f"- **`src/{part.packages[0]}`**: {part.does}", 120, subsequent_indent="  ")
            for part in choice.staying
        ),
        first_steps="".join(_first_steps(choice)),
        documents="\n".join(_documents(root, choice)),
    )


def _first_steps(choice: Choice) -> Iterator[str]:
    yield "make site                            # uploads site/\n"
    if "users" in (command for part in choice.staying for command in part.commands):
        yield "python -m stack users add alice      # asks for a password\n"
    yield "make urls                            # what to open, and what is still missing\n"


def _documents(root: Path, choice: Choice) -> Iterator[str]:
    own = {f"docs/{name.replace('_', '-')}.md": f"the function `{name}`" for name in choice.kept}
    for path, about in {**own, **DOCUMENTS}.items():
        if (root / path).is_file():
            yield f"- [{path}]({path}): {about}"
