"""What the API behind the signer knows of who signed in."""

import json

import pytest

BOOK = json.dumps({"title": "Dune", "author": "Frank Herbert"}).encode()


def test_without_credentials(running_stack) -> None:
    """Nobody reaches the API without a password, whatever the method."""
    for method in ("GET", "POST", "DELETE"):
        assert running_stack.get("/api/books", method=method).status == 401


def test_me(running_stack) -> None:
    """The API knows who signed in, and from which country: the running stack's viewers are in the USA."""
    assert running_stack.get("/api/me", "demo:demo").json == {"user": "demo", "country": "US"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Authenticated-User": "root"},
        {"X_Authenticated_User": "root"},
        {"x-authenticated_user": "root", "X-AUTHENTICATED-USER": "root"},
        {"X-Forwarded-User": "root", "X-Amz-User-Agent": "x"},
    ],
)
def test_user_is_who_signed_in(running_stack, headers: dict[str, str]) -> None:
    """Whatever name a viewer sends along, a book's is that of who signed in."""
    sent = {"Content-Type": "application/json", **headers}
    created = running_stack.get("/api/books", "demo:demo", "POST", sent, BOOK)
    assert (created.json["created_by"], created.json["updated_by"]) == ("demo", "demo")
    assert running_stack.get(f"/api/books/{created.json['id']}", "demo:demo", "DELETE").status == 204
