"""The demo's page of books, as a person uses them."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.demo("books.html", "/scripts/books.js")]


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
    for book in call("GET")["books"]:
        call("DELETE", f"/{book['id']}")


def message(page):
    return page.locator("#message")


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
    expect(row.locator("td")).to_have_text(["Dune", "Frank Herbert", "1965", re.compile(", "), "EditDelete"])

    page.get_by_role("button", name="Edit Dune").click()
    expect(page.get_by_label("Title")).to_be_focused()
    page.get_by_label("Title").fill("Dune Messiah")
    page.get_by_role("button", name="Save").click()
    expect(message(page)).to_have_text("Saved “Dune Messiah”.")
    page.reload()
    expect(row.locator("td").first).to_have_text("Dune Messiah")
    (book,) = shelf("GET")["books"]
    assert (book["title"], book["version"]) == ("Dune Messiah", 2)

    page.get_by_role("button", name="Delete Dune Messiah").click()
    expect(message(page)).to_have_text("Deleted “Dune Messiah”.")
    expect(page.locator("#empty")).to_be_visible()
    assert shelf("GET") == {"books": []}


def test_api_error_is_shown_as_the_api_tells_it(page):
    """A year that is none: the API's own sentence, and the field it names marked and focused."""
    page.goto("/books.html")
    page.get_by_label("Title").fill("Dune")
    page.get_by_label("Author").fill("Frank Herbert")
    page.get_by_label("Year").fill("soon")
    with page.expect_response(lambda answer: answer.request.method == "POST") as refused:
        page.get_by_role("button", name="Save").click()
    problem = refused.value.json()
    assert (problem["status"], problem["field"]) == (400, "year")
    expect(message(page)).to_have_text(problem["detail"])
    expect(page.get_by_label("Year")).to_be_focused()
    expect(page.get_by_label("Year")).to_have_attribute("aria-invalid", "true")


def test_conflict_is_explained_and_loses_nothing(page, shelf):
    """Somebody else was faster: told so, one sees their version, keeps one's own text, and may save it after all."""
    book = shelf("POST", "", {"title": "Ulysses", "author": "Joyce"})
    page.goto("/books.html")
    page.get_by_role("button", name="Edit Ulysses").click()
    page.get_by_label("Title").fill("Ulysses, mine")
    shelf("PUT", f"/{book['id']}", {"title": "Ulysses, theirs", "author": "Joyce", "version": 1})
    page.get_by_role("button", name="Save").click()
    expect(message(page)).to_contain_text("Somebody changed this book after you opened it.")
    expect(page.locator("tbody td").first).to_have_text("Ulysses, theirs")
    expect(page.get_by_label("Title")).to_have_value("Ulysses, mine")
    page.get_by_role("button", name="Save").click()
    expect(message(page)).to_have_text("Saved “Ulysses, mine”.")
    assert [(one["title"], one["version"]) for one in shelf("GET")["books"]] == [("Ulysses, mine", 3)]


def test_conflict_over_a_deletion(page, shelf):
    """What somebody changed meanwhile is not deleted unseen."""
    book = shelf("POST", "", {"title": "Ulysses", "author": "Joyce"})
    page.goto("/books.html")
    expect(page.get_by_role("button", name="Delete Ulysses")).to_be_visible()
    shelf("PUT", f"/{book['id']}", {"title": "Ulysses, theirs", "author": "Joyce", "version": 1})
    page.get_by_role("button", name="Delete Ulysses").click()
    expect(message(page)).to_contain_text("Somebody changed this book")
    expect(page.locator("tbody td").first).to_have_text("Ulysses, theirs")
    assert [one["title"] for one in shelf("GET")["books"]] == ["Ulysses, theirs"]


def test_title_stays_text(page, shelf):
    """Markup in a book's title is shown as it was written."""
    markup = '<img src="x" onerror="alert(1)">'
    shelf("POST", "", {"title": markup, "author": "<b>Somebody</b>"})
    page.goto("/books.html")
    expect(page.locator("tbody td").first).to_have_text(markup)
    expect(page.locator("main img")).to_have_count(0)
