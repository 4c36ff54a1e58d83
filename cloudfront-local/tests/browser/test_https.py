"""Chromium follows the redirect to HTTPS, and keeps a Secure cookie that HTTPS alone may set."""

from cloudfront_local.aws.ports import bound
from cloudfront_local.distribution.policies import CachePolicy, OriginRequestPolicy, Selection
from cloudfront_local.serving import certificates
from cloudfront_local.serving.server import Https

PAGE = b'<!doctype html><link rel=icon href="data:,"><p id=url></p><script>url.textContent = location.href</script>'


async def test_redirect_and_cookie(edge, serve, page, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("CLOUDFRONT_LOCAL_DATA", str(tmp_path))
    context, _ = certificates.server_context([])
    at = edge(
        viewer_protocol_policy="redirect-to-https",
        cache_policy=CachePolicy(0, 0, 0),
        origin_request_policy=OriginRequestPolicy(cookies=Selection("all")),
    )
    at.origin.reply(headers={"Content-Type": "text/html", "Set-Cookie": "__Host-a=1; Secure; Path=/"}, body=PAGE)
    port = await serve(at, Https(bound(0, "HTTPS_PORT"), context))
    answer = await page.goto(f"http://localhost:{port}/a?b=c")
    url = await page.text_content("#url")
    assert (answer.status, url.startswith("https://localhost:"), url.endswith("/a?b=c")) == (200, True, True)
    (cookie,) = await page.context.cookies(url)
    assert (cookie["name"], cookie["secure"]) == ("__Host-a", True)
