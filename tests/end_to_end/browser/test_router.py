"""The demo's page of files, as a person asks for them."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.demo("files.html", "/scripts/files.js")]

REPOSITORY = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("name", "region"), [("lighthouse", "us-east-1"), ("hills", "eu-west-1"), ("sails", "ap-southeast-2")]
)
def test_file_shows_with_its_region(page, name, region):
    """An image by its id, drawn, with the Region it came from and the time it took."""
    page.goto("/files.html")
    page.get_by_label("File id").fill(name)
    page.get_by_role("button", name="Show").click()
    card = page.locator(f"li[data-id={name}]")
    expect(card.locator(".region")).to_have_text(region)
    expect(card).to_contain_text(re.compile(r"\d+ ms, \w+ from cloudfront"))
    expect(card.get_by_alt_text(f"The image {name}")).to_have_js_property("complete", value=True)
    assert card.locator("img").evaluate("image => image.naturalWidth") > 0


def test_text_file_and_missing_file(page):
    """A text is shown as text; an id that nobody knows is said to be that, and what was shown stays."""
    page.goto("/files.html")
    for name in ("hello", "nothing-here"):
        page.get_by_label("File id").fill(name)
        page.get_by_role("button", name="Show").click()
    expect(page.locator("#message")).to_contain_text("nothing-here: ")
    text = (REPOSITORY / "demo/files/everywhere/hello.txt").read_text().strip()
    expect(page.locator("li[data-id=hello] p")).to_have_text(text)
