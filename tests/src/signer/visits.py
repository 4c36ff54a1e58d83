"""The requests whose events are under events/signer: see tests/events/record.py."""

from tests.events.visit import Visit

# One pixel.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63f8ffff3f0005fe02fedccc59e70000000049454e44ae426082"
)

VISITS = (
    Visit("signer/get-list", "`/api/books?limit=5`", "the request for `/books?limit=5`, signed", "/api/books?limit=5"),
    Visit(
        "signer/post-json",
        "POST of a book to `/api/books`",
        "the request, signed with its body",
        "/api/books",
        "POST",
        headers={"Content-Type": "application/json"},
        body=b'{"title": "Ulysses", "author": "James Joyce", "year": 1922}',
    ),
    Visit(
        "signer/put-binary",
        "PUT of a cover to `/api/books/{id}/cover`",
        "the request, signed with its body",
        "/api/books/00000000-0000-4000-8000-000000000000/cover",
        "PUT",
        headers={"Content-Type": "image/png"},
        body=PNG,
    ),
    Visit(
        "signer/truncated-body",
        "PUT of a cover of 1 MB and a byte",
        "413: the function sees and signs at most 1 MB",
        "/api/books/00000000-0000-4000-8000-000000000000/cover",
        "PUT",
        headers={"Content-Type": "image/png"},
        body=PNG.ljust((1 << 20) + 1, b"\0"),
    ),
    Visit(
        "signer/forged-signature",
        "`/api/books?X-Amz-Signature=...` with `X-Amz-*` headers",
        "the request without any of them, signed",
        "/api/books?limit=5&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0123456789abcdef",
        headers={"X-Amz-Date": "20000101T000000Z", "X-Amz-Content-Sha256": "UNSIGNED-PAYLOAD", "X-Signer-Mode": "none"},
    ),
)
