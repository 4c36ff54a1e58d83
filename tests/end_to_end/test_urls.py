"""What `make urls` prints of the running stack."""

import re


def test_every_address_answers(running_stack):
    """Every address that the command prints answers, and a behavior has an address, for the demo has files for each."""
    printed = running_stack.command("urls").stdout
    addresses = re.findall(r"^(\S+)", printed, re.MULTILINE)
    paths = [address.removeprefix(running_stack.description.url) for address in addresses]
    answers = {path: running_stack.get(path, "demo:demo").status for path in paths}
    # only: sign_in
    # Programs without a session, such as this test, are not sent to sign in.
    assert answers.pop("/members/index.html") == 401
    # end
    assert set(answers.values()) == {200}, printed
    template = (running_stack.project.folder / "template.yaml").read_text()
    assert len(set(paths)) == 1 + template.count("PathPattern:")
