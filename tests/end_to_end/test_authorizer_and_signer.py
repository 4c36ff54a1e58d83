"""What the API behind the signer knows of who signed in."""

import pytest

DEMO = ("demo", "demo")
BOOK = {"title": "Dune", "author": "Frank Herbert"}


def test_without_credentials(distribution) -> None:
    """Nobody reaches the API without a password, whatever the method."""
    for method in ("GET", "POST", "DELETE"):
        assert distribution.request(method, "/api/books").status == 401


def test_me(distribution) -> None:
    """The API knows who signed in, and from which country."""
    assert distribution.get("/api/me", user=DEMO, country="NZ").json == {"user": "demo", "country": "NZ"}


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
def test_user_is_who_signed_in(distribution, headers: dict[str, str]) -> None:
    """Whatever name a viewer sends along, a book's is that of who signed in."""
    created = distribution.post("/api/books", user=DEMO, headers=headers, json=BOOK)
    assert (created.json["created_by"], created.json["updated_by"]) == ("demo", "demo")
