"""What `make local` says of this project's stack. How it starts and ends is the tool's own test."""

import sys
import time

from cloudfront_local.aws.project import Project
from cloudfront_local.lambda_edge import interpreter


def test_make_local(running_stack):
    """It says what it does and how long that took, then where to look.

    That SIGTERM ends it all is asserted where the stack is ended: in the fixture.
    """
    stack, project = running_stack.description, Project(running_stack.project.folder / "template.yaml")
    for _ in range(600):
        if "Press Ctrl-C to stop." in running_stack.project.output:
            break
        time.sleep(0.05)
    steps, _, rest = running_stack.project.output.partition("\n\n")
    names = ["Start the embedded AWS (ministack)", "Lint the template", "sam build"]
    names += [f"sam deploy (stack {project.stack_name})", f"Seed ({project.seed})", "Serve the distribution"]
    assert [line.partition(" ..")[0] for line in steps.splitlines()] == names
    assert all(line.endswith(" s") for line in steps.splitlines())
    version = ".".join(map(str, sys.version_info[:3]))
    stands_in = f"Edge functions run on Python {version} here, and on python3.13 on AWS."
    welcome, end, _ = rest.partition("Press Ctrl-C to stop.\n")
    others = ("Not emulated: ", "Try:", "  curl ")
    lines = [line for line in (welcome + end).splitlines() if line and not line.startswith(others)]
    assert [line.strip().partition("  ")[0] for line in lines] == [
        f"{stack.url}/",
        stack.window,
        stack.endpoint_url,
        "A viewer's plain HTTP counts as HTTPS here. `--https` serves both.",
        *([] if interpreter.find("python3.13") else [stands_in]),
        "Press Ctrl-C to stop.",
    ]
