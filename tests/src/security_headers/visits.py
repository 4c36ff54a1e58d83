"""The requests whose events are under events/security_headers: see tests/events/record.py."""

from tests.events.visit import Visit

VISITS = (
    Visit("security_headers/html-page", "`/index.html`", "the response with six headers more", "/index.html"),
    Visit("security_headers/missing-page", "`/none.html`", "the 404 of S3 with them", "/none.html"),
)
