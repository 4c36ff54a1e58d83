"""docs/private-content.md, to the letter: its parts in the template, its commands, its answers."""

import re
import textwrap
from pathlib import Path

import pytest

from tests.end_to_end.conftest import RunningStack

pytestmark = pytest.mark.long

DOCUMENT = Path(__file__).parents[2] / "docs" / "private-content.md"


def blocks(language: str) -> list[str]:
    found = re.findall(rf"^( *)```{language}\n(.*?)\n *```", DOCUMENT.read_text(), re.DOTALL | re.MULTILINE)
    return [textwrap.dedent(re.sub(rf"^{indent}", "", text, flags=re.MULTILINE)) for indent, text in found]


def test_private_content(project) -> None:
    """The variant is deployed on this machine, and its signed URLs and cookies open the files."""
    keys, *_ = blocks("sh")
    made = project.run("sh", "-ec", keys)
    assert made.returncode == 0, made.stderr
    public = made.stdout.strip().splitlines()
    resources, behavior = blocks("yaml")
    resources = resources.replace(
        "-----BEGIN PUBLIC KEY-----\n",
        "\n".join(f"{'' if not n else ' ' * 10}{line}" for n, line in enumerate(public[:-1])) + "\n",
    )
    template = project.folder / "template.yaml"
    text = template.read_text()
    text = text.replace("\nResources:\n", f"\nResources:\n{textwrap.indent(resources, '  ')}\n", 1)
    if not re.search(r"^        CacheBehaviors:", text, re.MULTILINE):
        text = re.sub(r"^(        DefaultCacheBehavior:)", r"        CacheBehaviors:\n\1", text, flags=re.MULTILINE)
    text = re.sub(
        r"^(        CacheBehaviors:.*\n)",
        lambda found: found[1] + textwrap.indent(behavior, " " * 10) + "\n",
        text,
        count=1,
        flags=re.MULTILINE,
    )
    template.write_text(text)
    (project.folder / "site" / "private").mkdir()
    (project.folder / "site" / "private" / "report.txt").write_text("for some only")

    stack = RunningStack(project, project.await_ready(project.start("make", "local")))
    refused = stack.get("/private/report.txt")
    assert (refused.status, b"<Code>MissingKey</Code>" in refused.content) == (403, True)

    signed = stack.command("sign-url", "/private/report.txt", "--hours", "1", "--key", "private-key.pem")
    assert signed.stdout.startswith(stack.description.url), signed.stderr
    path = signed.stdout.strip().removeprefix(stack.description.url)
    assert stack.get(path).body == "for some only"
    assert stack.get(path.replace("report", "other")).status == 403

    cookies = stack.command("sign-cookies", "/private/*", "--hours", "1", "--key", "private-key.pem").stdout.strip()
    assert stack.get("/private/report.txt", headers={"Cookie": cookies}).body == "for some only"
    assert "The Signature is not that of the URL" in project.output
    assert cookies.rpartition("Signature=")[2][:40] not in project.output
