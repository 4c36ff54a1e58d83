"""Paths and methods, tested through the function URL."""

import pytest

ID = "3f2b8c1e-5a77-4c1d-9e0a-0123456789ab"


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/book", "/books/", "//books", "/Books", "/api/books", "/books\n"),
        *("/books/1", f"/books/{ID.upper()}", f"/books/{ID}/", f"/books/{ID}/covers", f"/books/{ID}%2Fcover"),
        *("/books/00000000-0000-1000-8000-000000000000", "/books/..", f"/books/{ID}\n"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "DELETE", "BREW"])
def test_paths_that_lead_nowhere(books, path, method):
    """An unknown path or a malformed id is a 404 for every method."""
    answer = books(method, path)
    assert answer.json == {"title": "Not Found", "status": 404, "detail": f"There is nothing at {path}."}


@pytest.mark.parametrize(
    ("path", "methods", "allow"),
    [
        ("/books", ["PUT", "PATCH", "DELETE", "OPTIONS", "get", "BREW"], "GET, HEAD, POST"),
        (f"/books/{ID}", ["POST", "PATCH", "OPTIONS"], "DELETE, GET, HEAD, PUT"),
        (f"/books/{ID}/cover", ["POST", "DELETE", "PATCH", "OPTIONS"], "GET, HEAD, PUT"),
        ("/me", ["POST", "PUT", "DELETE", "OPTIONS"], "GET, HEAD"),
    ],
)
def test_methods_that_are_not_allowed(books, path, methods, allow):
    """A 405 lists the allowed methods in Allow and in its text."""
    for method in methods:
        answer = books(method, path)
        assert answer.headers["allow"] == allow
        detail = f"The methods of this path are {allow}."
        assert answer.json == {"title": "Method Not Allowed", "status": 405, "detail": detail}
