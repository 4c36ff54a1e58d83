"""The requests whose events are under events/router: see tests/events/record.py."""

from tests.events.visit import Visit

VISITS = (
    Visit(
        "router/found", "`/files/lighthouse`", "the request, to the file's bucket", "/files/lighthouse", asks_aws=True
    ),
    Visit(
        "router/nearest",
        "`/files/globe`, of three copies",
        "the request, to the nearest",
        "/files/globe",
        asks_aws=True,
    ),
    Visit("router/unknown-file", "`/files/none`", "404, kept for some seconds", "/files/none", asks_aws=True),
    Visit("router/malformed-id", "`/files/a.b`", "400, kept for a minute", "/files/a.b"),
    Visit("router/wrong-method", "DELETE of `/files/lighthouse`", "405 with `Allow`", "/files/lighthouse", "DELETE"),
)
