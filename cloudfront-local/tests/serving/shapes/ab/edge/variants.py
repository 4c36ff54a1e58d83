"""The cookie `variant` is `a` or `b`. A visitor without the cookie gets `b` if the address ends in an even digit."""

import http.cookies


def cookie(request):
    jar = http.cookies.SimpleCookie()
    for header in request["headers"].get("cookie", []):
        jar.load(header["value"])
    return jar["variant"].value if "variant" in jar and jar["variant"].value in ("a", "b") else ""


def assign(event, context):
    request = event["Records"][0]["cf"]["request"]
    if not cookie(request):
        variant = "b" if request["clientIp"][-1] in "02468" else "a"
        request["headers"]["cookie"] = [{"key": "Cookie", "value": f"variant={variant}"}]
    return request


def choose(event, context):
    request = event["Records"][0]["cf"]["request"]
    request["origin"]["custom"]["path"] = f"/{cookie(request)}"
    return request


def remember(event, context):
    cf = event["Records"][0]["cf"]
    cf["response"]["headers"]["set-cookie"] = [
        {"key": "Set-Cookie", "value": f"variant={cookie(cf['request'])}; Path=/; Secure; HttpOnly"}
    ]
    return cf["response"]
