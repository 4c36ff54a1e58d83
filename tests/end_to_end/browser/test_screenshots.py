"""Pictures of the demo's pages in use, in artifacts/."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.demo("index.html", "/assets/scripts/overview.js"),
    pytest.mark.demo("books.html", "/assets/scripts/books.js"),
    pytest.mark.demo("files.html", "/assets/scripts/files.js"),
    pytest.mark.demo("demo/other.html", "/assets/scripts/other.js"),
]

REPOSITORY = Path(__file__).parents[3]
PAGES = {
    "overview": "/",
    "books": "/books.html",
    "files": "/files.html",
    "redirect": "/demo/index.html",
    "other": "/demo/other.html?name=octocat",
}
OCTOCAT = {"login": "octocat", "name": "The Octocat", "location": "San Francisco", "public_repos": 8, "company": None}
BOOKS = [
    {"title": "The Left Hand of Darkness", "author": "Ursula K. Le Guin", "year": 1969},
    {"title": "Flatland", "author": "Edwin A. Abbott", "year": 1884},
]


@pytest.fixture
def books(running_stack):
    """Two books on the shelf."""
    headers = {"Content-Type": "application/json"}
    made = [
        running_stack.get("/api/books", "demo:demo", "POST", headers, json.dumps(book).encode()).json for book in BOOKS
    ]
    yield
    for book in made:
        assert running_stack.get(f"/api/books/{book['id']}", "demo:demo", "DELETE").status == 204


@pytest.mark.usefixtures("books")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("device", "width", "height"), [("phone", 390, 844), ("desktop", 1200, 800)])
def test_screenshots(viewer, scheme, device, width, height):
    """Every page fits the screen's width; pictures of them in artifacts/."""
    page = viewer(color_scheme=scheme, viewport={"width": width, "height": height})
    answer = {"headers": {"Access-Control-Allow-Origin": "*"}, "json": OCTOCAT}
    page.route("https://api.github.com/**", lambda route: route.fulfill(**answer))
    for name, path in PAGES.items():
        page.goto(path, wait_until="networkidle")
        if name == "files":
            for file in ("hello", "sails", "lighthouse"):
                page.get_by_label("File id").fill(file)
                page.get_by_role("button", name="Show").click()
                expect(page.locator(f"li[data-id={file}]")).to_be_visible()
            page.wait_for_load_state("networkidle")
        page.screenshot(path=REPOSITORY / "artifacts" / f"{name}-{scheme}-{device}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
