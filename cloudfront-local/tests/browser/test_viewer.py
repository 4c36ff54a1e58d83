"""A browser as a viewer in another country."""

from cloudfront_local.distribution.policies import OriginRequestPolicy, Selection


async def test_chosen_viewer(edge, serve, page) -> None:
    """A browser chooses its country for a test: the header reaches no origin."""
    name = "cloudfront-viewer-country"
    headers = Selection("allViewerAndWhitelistCloudFront", frozenset({name}))
    at = edge(origin_request_policy=OriginRequestPolicy(headers))
    at.origin.reply(200, b"hello")
    await page.set_extra_http_headers({"X-Local-Viewer-Country": "NZ"})
    await page.goto(f"http://127.0.0.1:{await serve(at)}/")
    sent = at.origin.requests[0].headers
    assert (sent[name], "X-Local-Viewer-Country" in sent) == ("NZ", False)
