"""DynamoDB with concurrent writers, and DynamoDB that fails."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

WRITERS = 8
TURNS = 2


def test_no_update_is_lost(books, books_of):
    """Many writers add themselves to one book's title and retry after a 409: no change is lost."""
    path = f"/books/{books.create(title='0')['id']}"

    def add_one(api):
        while True:
            book = api("GET", path).json
            change = {"title": str(int(book["title"]) + 1), "author": "A", "version": book["version"]}
            answer = api("PUT", path, change)
            if answer.status != 409:
                return answer.status

    with ThreadPoolExecutor(WRITERS) as pool:
        statuses = list(pool.map(add_one, [books_of(f"user-{n % WRITERS}") for n in range(WRITERS * TURNS)]))
    book = books("GET", path).json
    assert statuses == [200] * WRITERS * TURNS
    assert (book["title"], book["version"]) == (str(WRITERS * TURNS), 1 + WRITERS * TURNS)


def test_of_many_with_one_version_one_wins(books, books_of):
    """Of writers that all read version 1, one gets 200 and the others 409 with version 2."""
    path = f"/books/{books.create()['id']}"

    def replace(number):
        change = {"title": f"by {number}", "author": "A", "version": 1}
        return books_of(f"user-{number}")("PUT", path, change)

    with ThreadPoolExecutor(WRITERS) as pool:
        answers = list(pool.map(replace, range(WRITERS)))
    [winner] = [answer for answer in answers if answer.status == 200]
    losers = [answer for answer in answers if answer is not winner]
    assert [(loser.status, loser.json["current_version"]) for loser in losers] == [(409, 2)] * (WRITERS - 1)
    assert books("GET", path).json == winner.json


def test_covers_and_fields_do_not_undo_each_other(books):
    """Concurrent covers without a version all count, and the last one is stored complete."""
    path = f"/books/{books.create()['id']}"
    images = [bytes([number]) * 1000 for number in range(WRITERS)]

    def send(image):
        return books("PUT", f"{path}/cover", image, content_type="image/png").json["version"], image

    with ThreadPoolExecutor(WRITERS) as pool:
        sent = sorted(pool.map(send, images))
    assert [version for version, _ in sent] == list(range(2, 2 + WRITERS))
    assert books("GET", f"{path}/cover").body == sent[-1][1]


REQUESTS = [
    ("GET", "/books", None),
    ("POST", "/books", {"title": "T", "author": "A"}),
    ("GET", "/books/{id}", None),
    ("PUT", "/books/{id}", {"title": "T", "author": "A", "version": 1}),
    ("DELETE", "/books/{id}", None),
]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "ThrottlingException"),
        (400, "ProvisionedThroughputExceededException"),
        (500, "InternalServerError"),
        (503, "ServiceUnavailable"),
        (400, "AccessDeniedException"),
        (400, "ResourceNotFoundException"),
    ],
)
def test_dynamodb_refuses(books, dynamodb, caplog, status, code):
    """An error of DynamoDB is a 503 with Retry-After and without details. The log has the cause."""
    dynamodb.refusal = status, code
    answer = books("GET", "/books")
    assert answer.headers["retry-after"] == "1"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json == {
        "title": "Service Unavailable",
        "status": 503,
        "detail": "The books table does not answer. Try again.",
    }
    assert code in caplog.text


@pytest.mark.parametrize(("method", "path", "body"), REQUESTS)
def test_every_operation_without_dynamodb(books, dynamodb, method, path, body):
    """If the connection closes without an answer, every operation is a 503 and changes nothing."""
    book = books.create()
    dynamodb.silent = True
    assert books(method, path.format(**book), body).status == 503
    dynamodb.silent = False
    assert books("GET", f"/books/{book['id']}").json == book


def test_a_create_whose_first_answer_is_lost(books, dynamodb):
    """boto3 repeats a create, and there is one book."""
    dynamodb.answers_to_lose = 1
    book = books.create()
    assert books("GET", "/books").json == {"books": [book]}


def test_a_replacement_whose_first_answer_is_lost(books, dynamodb):
    """boto3 repeats a replacement, whose condition then fails: the answer is 200, with one version more."""
    path = f"/books/{books.create(year=1884)['id']}"
    dynamodb.answers_to_lose = 1
    answer = books("PUT", path, {"title": "T", "author": "A", "version": 1})
    assert (answer.status, answer.json["version"]) == (200, 2)
    assert books("GET", path).json == answer.json


def test_a_cover_whose_first_answer_is_lost(books, dynamodb):
    """The same holds for a cover with a version."""
    path = f"/books/{books.create()['id']}/cover"
    dynamodb.answers_to_lose = 1
    answer = books("PUT", f"{path}?version=1", b"image", content_type="image/png")
    assert (answer.status, answer.json["version"]) == (200, 2)
    assert books("GET", path).body == b"image"


def test_a_stale_replacement_whose_first_answer_is_lost(books, dynamodb):
    """A replacement with an old version stays a 409, even if the stored fields are equal."""
    path = f"/books/{books.create()['id']}"
    change = {"title": "T", "author": "A", "version": 1}
    books("PUT", path, change)
    dynamodb.answers_to_lose = 1
    assert books("PUT", path, change).status == 409


def test_each_request_is_logged(books, capsys):
    """Each request logs one JSON line with method, path and status."""
    path = f"/books/{books.create()['id']}"
    books("DELETE", f"{path}?version=2")
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [
        {"method": "POST", "path": "/books", "status": 201},
        {"method": "DELETE", "path": path, "status": 409},
    ]


def test_a_fault_of_ours(books, monkeypatch, caplog):
    """A bug is a 500 without details, and the log has the traceback."""
    monkeypatch.delenv("BOOKS_TABLE")
    answer = books("GET", "/books")
    assert answer.json == {
        "title": "Internal Server Error",
        "status": 500,
        "detail": "The books API failed. Its log has the cause.",
    }
    assert answer.headers["cache-control"] == "no-store"
    assert "KeyError: 'BOOKS_TABLE'" in caplog.text
    assert "BOOKS_TABLE" not in json.dumps(answer.json)
