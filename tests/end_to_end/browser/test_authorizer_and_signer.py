"""Who signed in, as the demo's pages say it."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.mark.demo("index.html", "/assets/scripts/overview.js")
def test_signed_in(page):
    """The overview says who one is."""
    page.goto("/")
    expect(page.locator("#user")).to_have_text("demo")


@pytest.mark.demo("index.html", "/assets/scripts/user.js")
@pytest.mark.parametrize(("country", "name"), [(None, "United States"), ("NZ", "New Zealand")])
def test_country(viewer, country, name):
    """The overview says where one is: the API behind the signer gets CloudFront's header."""
    page = viewer(extra_http_headers={"X-Local-Viewer-Country": country} if country else {})
    page.goto("/")
    expect(page.locator("#country")).to_have_text(name)


@pytest.mark.demo("books.html", "/assets/scripts/books.js")
def test_last_change(page):
    """A book says who changed it last."""
    page.goto("/books.html")
    page.get_by_label("Title").fill("Dune")
    page.get_by_label("Author").fill("Frank Herbert")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("tbody [data-label='Last change']")).to_have_text(re.compile("^demo, "))
    page.get_by_role("button", name="Delete Dune").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.locator("#empty")).to_be_visible()
