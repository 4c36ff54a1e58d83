"""The demo's page of files, as a person asks for them."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.demo("files.html", "/assets/scripts/files.js")]

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


def test_text_file_and_missing_file(page, findings):
    """A text is shown as text. For an unknown id, the error stands at the field, and the shown file stays."""
    page.goto("/files.html")
    field = page.get_by_label("File id")
    for name in ("hello", "nothing-here"):
        field.fill(name)
        page.get_by_role("button", name="Show").click()
    expect(field).to_have_accessible_description(re.compile("nothing-here: .+"))
    expect(field).to_be_focused()
    text = (REPOSITORY / "demo/files/everywhere/hello.txt").read_text().strip()
    expect(page.locator("li[data-id=hello] p")).to_have_text(text)
    assert findings(page) == []


def test_links_to_the_files_of_the_demo(page):
    """Nobody has to type an id: each link shows its file, and the address names the file after a reload."""
    page.goto("/files.html")
    links = page.locator(".lead a")
    for name in links.all_text_contents():
        links.filter(has_text=name).click()
        expect(page.locator(f"li[data-id={name}]")).to_be_visible()
    assert {path.stem for path in (REPOSITORY / "demo/files").glob("*/*")} == set(links.all_text_contents())
    page.reload()
    expect(page.locator("#files > li")).to_have_count(1)
    page.get_by_text("Skip to the content").press("Enter")
    expect(page.locator(".field-error")).to_be_empty()
