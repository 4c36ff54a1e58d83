"""The demo's page of books, as a person uses them."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.demo("books.html", "/assets/scripts/books.js")]


ARTIFACTS = Path(__file__).parents[3] / "artifacts"


@pytest.fixture
def shelf(running_stack) -> Iterator[Callable[..., Any]]:
    """The books API as another client uses it: `shelf("POST", "", {...})`. Leaves no book behind."""

    def call(method: str, path: str = "", document: object = None) -> Any:
        body = None if document is None else json.dumps(document).encode()
        headers = {"Content-Type": "application/json"} if body else {}
        answer = running_stack.get(f"/api/books{path}", "demo:demo", method, headers, body)
        assert answer.status < 300, answer
        return answer.json if answer.content else None

    yield call
    while books := call("GET")["books"]:
        for book in books:
            call("DELETE", f"/{book['id']}")


# Two by three red pixels.
COVER = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAADCAIAAAA2iEnWAAAAEElEQVR4nGP4z8AARAwoFABE0AX7pM/egAAAAABJRU5ErkJggg=="
)


def message(page):
    return page.locator("#message")


def titles(page):
    return page.locator("tbody [data-label=Title]")


def delete(page, title):
    page.get_by_role("button", name=f"Delete {title}").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()


def test_life_of_a_book(page, shelf):
    """Added, listed, edited, still there after a reload, deleted: nothing but the page needed."""
    page.goto("/books.html")
    expect(page.locator("#empty")).to_be_visible()
    page.get_by_label("Title").fill("Dune")
    page.get_by_label("Author").fill("Frank Herbert")
    page.get_by_label("Year").fill("1965")
    page.get_by_role("button", name="Save").click()
    expect(message(page)).to_have_text("Saved “Dune”.")
    row = page.locator("tbody tr")
    expect(row.locator("td")).to_have_text(["", "Dune", "Frank Herbert", "1965", re.compile(", "), "EditDelete"])

    page.get_by_role("button", name="Edit Dune").click()
    expect(page.get_by_label("Title")).to_be_focused()
    page.get_by_label("Title").fill("Dune Messiah")
    page.get_by_role("button", name="Save").click()
    expect(message(page)).to_have_text("Saved “Dune Messiah”.")
    page.reload()
    expect(titles(page)).to_have_text("Dune Messiah")
    (book,) = shelf("GET")["books"]
    assert (book["title"], book["version"]) == ("Dune Messiah", 2)

    delete(page, "Dune Messiah")
    expect(message(page)).to_have_text("Deleted “Dune Messiah”.")
    expect(page.locator("#empty")).to_be_visible()
    assert shelf("GET") == {"books": []}


@pytest.mark.usefixtures("shelf")
def test_api_error_is_shown_as_the_api_tells_it(page, findings):
    """A year that is none: the API's own sentence stands at the field, which has the focus. Saving removes it."""
    page.goto("/books.html")
    page.get_by_label("Title").fill("Dune")
    page.get_by_label("Author").fill("Frank Herbert")
    page.get_by_label("Year").fill("soon")
    with page.expect_response(lambda answer: answer.request.method == "POST") as refused:
        page.get_by_role("button", name="Save").click()
    problem = refused.value.json()
    assert (problem["status"], problem["field"]) == (400, "year")
    year = page.get_by_label("Year")
    expect(year).to_have_accessible_description(problem["detail"])
    expect(year).to_be_focused()
    expect(year).to_have_attribute("aria-invalid", "true")
    below = page.locator("#year-error").bounding_box()["y"] - year.bounding_box()["y"]
    assert 0 < below < 100
    assert findings(page) == []
    year.fill("1965")
    page.get_by_role("button", name="Save").click()
    expect(message(page)).to_have_text("Saved “Dune”.")
    expect(year).to_have_accessible_description("")


def test_conflict_is_explained_and_loses_nothing(page, shelf):
    """Somebody else was faster: told so, one sees their version, keeps one's own text, and may save it after all."""
    book = shelf("POST", "", {"title": "Ulysses", "author": "Joyce"})
    page.goto("/books.html")
    page.get_by_role("button", name="Edit Ulysses").click()
    page.get_by_label("Title").fill("Ulysses, mine")
    shelf("PUT", f"/{book['id']}", {"title": "Ulysses, theirs", "author": "Joyce", "version": 1})
    page.get_by_role("button", name="Save").click()
    expect(message(page)).to_contain_text("Somebody changed this book after you opened it.")
    expect(titles(page)).to_have_text("Ulysses, theirs")
    expect(page.get_by_label("Title")).to_have_value("Ulysses, mine")
    page.get_by_role("button", name="Save").click()
    expect(message(page)).to_have_text("Saved “Ulysses, mine”.")
    assert [(one["title"], one["version"]) for one in shelf("GET")["books"]] == [("Ulysses, mine", 3)]


def test_conflict_over_a_deletion(page, shelf):
    """A book that somebody changed meanwhile is not deleted unseen. The message does not speak of the form."""
    book = shelf("POST", "", {"title": "Ulysses", "author": "Joyce"})
    page.goto("/books.html")
    expect(page.get_by_role("button", name="Delete Ulysses")).to_be_visible()
    shelf("PUT", f"/{book['id']}", {"title": "Ulysses, theirs", "author": "Joyce", "version": 1})
    delete(page, "Ulysses")
    expect(message(page)).to_contain_text("Somebody changed this book after this page listed it.")
    expect(message(page)).not_to_contain_text("form")
    expect(titles(page)).to_have_text("Ulysses, theirs")
    expect(page.get_by_role("button", name="Delete Ulysses, theirs")).to_be_focused()
    assert [one["title"] for one in shelf("GET")["books"]] == ["Ulysses, theirs"]
    delete(page, "Ulysses, theirs")
    expect(message(page)).to_have_text("Deleted “Ulysses, theirs”.")


def test_deletion_is_confirmed(page, shelf, findings):
    """A book is deleted once a person confirms it. The focus stays on the button, and then moves to the next book's."""
    for title in ("Antigone", "Beowulf", "Candide"):
        shelf("POST", "", {"title": title, "author": "Somebody"})
    page.goto("/books.html")
    second = page.get_by_role("button", name="Delete Beowulf")
    second.click()
    dialog = page.get_by_role("dialog", name="Delete “Beowulf”?")
    expect(dialog.get_by_role("button", name="Keep")).to_be_focused()
    assert findings(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(second).to_be_focused()
    assert len(shelf("GET")["books"]) == 3
    for title, focused in (("Beowulf", "Delete Candide"), ("Candide", "Delete Antigone")):
        delete(page, title)
        expect(page.get_by_role("button", name=focused)).to_be_focused()
    delete(page, "Antigone")
    expect(page.get_by_role("heading", name="All books")).to_be_focused()
    assert shelf("GET") == {"books": []}


def test_every_action_keeps_the_focus(page, shelf):
    """Save keeps the focus; Cancel returns it to the book's Edit button; the last More books passes it to the list."""
    for number in range(21):
        shelf("POST", "", {"title": f"Book {number:02}", "author": "Somebody"})
    page.goto("/books.html")
    page.get_by_role("button", name="More books").click()
    expect(titles(page)).to_have_count(21)
    expect(page.get_by_role("heading", name="All books")).to_be_focused()
    page.get_by_role("button", name="Edit Book 07").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Edit Book 07")).to_be_focused()
    page.get_by_role("button", name="Edit Book 07").press("Enter")
    page.get_by_label("Title").fill("Book 99")
    page.get_by_role("button", name="Save").click()
    expect(message(page)).to_have_text("Saved “Book 99”.")
    expect(page.get_by_role("button", name="Save")).to_be_focused()


def test_book_deleted_elsewhere(page, shelf):
    """The list drops a book that somebody else deleted, and its edit can be saved as a new book."""
    book = shelf("POST", "", {"title": "Ulysses", "author": "Joyce"})
    page.goto("/books.html")
    page.get_by_role("button", name="Edit Ulysses").click()
    page.get_by_label("Title").fill("Ulysses, mine")
    shelf("DELETE", f"/{book['id']}")
    page.get_by_role("button", name="Save").click()
    expect(message(page)).to_contain_text("Somebody deleted this book after you opened it.")
    expect(page.locator("#empty")).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value("Ulysses, mine")
    page.get_by_role("button", name="Save").click()
    expect(message(page)).to_have_text("Saved “Ulysses, mine”.")
    (again,) = shelf("GET")["books"]
    shelf("DELETE", f"/{again['id']}")
    delete(page, "Ulysses, mine")
    expect(message(page)).to_have_text("Somebody else has already deleted “Ulysses, mine”.")
    expect(page.locator("#empty")).to_be_visible()


def test_cover(page, shelf, findings):
    """A cover is sent with its book, and the list shows it. A file that is no image is refused at its field."""
    page.goto("/books.html")
    page.get_by_label("Title").fill("Dune")
    page.get_by_label("Author").fill("Frank Herbert")
    field = page.get_by_label("Cover")
    field.set_input_files({"name": "dune.txt", "mimeType": "text/plain", "buffer": b"no image"})
    page.get_by_role("button", name="Save").click()
    expect(message(page)).to_have_text("Saved “Dune” without its cover.")
    expect(field).to_have_accessible_description(re.compile("Send one of these content types"))
    expect(field).to_be_focused()
    field.set_input_files({"name": "dune.png", "mimeType": "image/png", "buffer": COVER})
    page.get_by_role("button", name="Save").click()
    expect(message(page)).to_have_text("Saved “Dune”.")
    expect(page.get_by_alt_text("Cover of Dune")).to_have_js_property("naturalWidth", 2)
    (book,) = shelf("GET")["books"]
    assert (book["cover_type"], book["version"]) == ("image/png", 3)
    assert findings(page) == []


@pytest.mark.usefixtures("shelf")
def test_cover_that_is_too_large(page):
    """Of a cover above the API's limit, the page says so at the field."""
    page.goto("/books.html")
    page.get_by_label("Title").fill("Dune")
    page.get_by_label("Author").fill("Frank Herbert")
    too_large = {"name": "dune.png", "mimeType": "image/png", "buffer": bytes(300 * 1024)}
    page.get_by_label("Cover").set_input_files(too_large)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Cover")).to_have_accessible_description("The body has 307200 bytes; the limit is 262144.")


@pytest.mark.parametrize("width", [390, 1200])
def test_long_title_fits(viewer, shelf, width):
    """A title of 200 letters without a space fits the list, the heading, the dialog and the message."""
    title = "W" * 200
    shelf("POST", "", {"title": title, "author": "Somebody", "year": 1965})
    page = viewer(viewport={"width": width, "height": 800})
    page.goto("/books.html")
    page.get_by_role("button", name="Edit").click()
    page.get_by_role("button", name="Save").click()
    expect(message(page)).to_contain_text(title)
    page.get_by_role("button", name="Edit").click()
    page.screenshot(path=ARTIFACTS / f"books-long-{width}.png", full_page=True)
    page.get_by_role("button", name="Delete").click()
    page.screenshot(path=ARTIFACTS / f"books-delete-{width}.png")
    too_wide = "all => all.filter(one => one.getBoundingClientRect().right > innerWidth).map(one => one.outerHTML)"
    assert page.locator("main *").evaluate_all(too_wide) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_title_stays_text(page, shelf):
    """Markup in a book's title is shown as it was written."""
    markup = '<img src="x" onerror="alert(1)">'
    shelf("POST", "", {"title": markup, "author": "<b>Somebody</b>"})
    page.goto("/books.html")
    expect(titles(page)).to_have_text(markup)
    expect(page.locator("main img")).to_have_count(0)
