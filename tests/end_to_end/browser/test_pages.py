"""Every page there is."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.end_to_end.browser.conftest import sign_in

pytestmark = pytest.mark.browser

REPOSITORY = Path(__file__).parents[3]
SITE = REPOSITORY / "site"
PAGES = [f"/{path.relative_to(SITE).as_posix()}" for path in sorted(SITE.rglob("*.html"))]


@pytest.mark.demo("index.html", "/assets/scripts/overview.js")
def test_overview(page):
    """The demo's overview says what served it, and which request it tells of."""
    page.goto("/")
    expect(page.locator("dt", has=page.locator("xpath=following-sibling::dd[1][@id='cache']"))).to_have_text(
        "A second request was a"
    )
    expect(page.locator("#host")).to_have_text(urlsplit(page.url).netloc)
    expect(page.locator("#cache")).to_have_text(re.compile("from cloudfront"))
    expect(page.locator("#pop")).to_have_text("IAD1-P1")


@pytest.mark.demo("index.html", "/assets/scripts/overview.js")
@pytest.mark.parametrize("part", ["nav", "main"])
def test_overview_leads_on(page, part):
    """The overview's navigation and its cards lead to each page beside it, and to the first page of each folder."""
    page.goto("/")
    hrefs = page.locator(f"{part} a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    pages = {f"{href}index.html" if href.endswith("/") else href for href in hrefs}
    first_pages = {path for path in PAGES if path.count("/") == 1 or re.fullmatch("/[^/]+/index.html", path)}
    assert pages | {"/index.html"} == first_pages


@pytest.mark.parametrize("path", PAGES)
def test_no_page_complains(page, complaints, path):
    """No page writes a warning or an error to the console; every link, script, sheet and icon it names is there."""
    _open(page, path)
    hrefs = page.locator("[href^='/']").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    answers = {href: page.request.get(href).status for href in hrefs}
    assert complaints == []
    assert set(answers.values()) == {200}, answers


@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_fits(viewer, path, width):
    """No page is wider than a phone's screen, or a desktop's; pictures of them in artifacts/."""
    page = viewer(viewport={"width": width, "height": 800})
    _open(page, path)
    name = path.removesuffix(".html").strip("/").replace("/", "-")
    page.screenshot(path=REPOSITORY / "artifacts" / "pages" / f"{name}-{width}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(viewer, findings, path, scheme):
    """axe-core finds no fault on any page, in light and dark colors."""
    page = viewer(color_scheme=scheme)
    _open(page, path)
    assert findings(page) == []


def test_open_pages_need_no_password(viewer, running_stack):
    """A page that answers anonymous visitors loads everything without a password, too."""
    open_pages = [path for path in PAGES if running_stack.get(path).status == 200]
    page, refused = viewer(http_credentials=None), []
    page.on("response", lambda answer: answer.status == 401 and refused.append(answer.url))
    for path in open_pages:
        page.goto(path, wait_until="networkidle")
    assert open_pages
    assert refused == []


def _open(page: Page, path: str) -> None:
    """Opens the page as the demo user, who has also signed in as somebody who may see every page of the members."""
    other = page.context.new_page()
    other.goto("/members/")
    sign_in(other, "ada")
    other.close()
    page.goto(path, wait_until="networkidle")
