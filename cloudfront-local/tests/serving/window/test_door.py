"""The window answers programs and pages of this machine, and no page of another site."""

import pytest

MARKED = {"X-Local-Window": "1", "Content-Type": "application/json"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "attacker.example"},
        {"Host": "127.0.0.1.attacker.example"},
        {"Host": "127.0.0.1:8081@attacker.example"},
        {"Origin": "http://attacker.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize("path", ["/", "/requests", "/requests/stream", "/distribution", "/cache", "/openapi.json"])
async def test_hostile(edge, opened, headers, path):
    """A domain name that leads to this machine, and pages of other sites, read nothing."""
    window = await opened(edge())
    async with window.session.get(f"{window.url}{path}", headers=headers) as answer:
        assert answer.status == 403
        assert (await answer.text()).startswith("The window ")
        assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Local-Window": "1"},
        {"Content-Type": "application/json"},
        {**MARKED, "Content-Type": "text/plain"},
        {**MARKED, "Origin": "http://attacker.example"},
    ],
)
async def test_changes_need_the_mark(edge, opened, headers):
    """A form or a simple request of another site changes nothing."""
    at = edge(default_root_object="")
    at.origin.reply()
    await at.get("/page")
    window = await opened(at)
    async with window.session.post(f"{window.url}/invalidations", data=b'{"paths": ["/*"]}', headers=headers) as answer:
        assert answer.status == 403
    assert len(await window.get("/cache")) == 1


async def test_own_page(edge, opened):
    """The window's own page, at any name of this machine, may read and change."""
    window = await opened(edge())
    host = window.url.removeprefix("http://127.0.0.1")
    own = {"Host": f"localhost{host}", "Origin": f"http://localhost{host}", "Sec-Fetch-Site": "same-origin", **MARKED}
    async with window.session.post(f"{window.url}/invalidations", json={"paths": ["/*"]}, headers=own) as answer:
        assert (answer.status, await answer.json()) == (200, {"removed": 0})


async def test_headers(edge, opened):
    """Each answer forbids frames, other sites' scripts and guesses about its type; errors, too."""
    window = await opened(edge())
    for path, status in (("/requests", 200), ("/requests/none", 404), ("/none/at/all", 404)):
        async with window.session.get(f"{window.url}{path}") as answer:
            assert answer.status == status
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Cache-Control"] == "no-store"


async def test_no_path_leads_out(edge, opened):
    """Only the page's own files are served."""
    window = await opened(edge())
    for path in ("/..%2Fserver.py", "/%2e%2e/server.py", "/server.py", "/openapi.json/../server.py"):
        async with window.session.get(f"{window.url}{path}") as answer:
            assert answer.status == 404
