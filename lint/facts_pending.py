"""Facts that belong to local/cloudfront/facts.py, and move there when both are on one branch."""

# Runtime families at the edge. guide: lambda-at-edge-function-restrictions
FUNCTION_RUNTIMES = ("python", "nodejs")

# The viewer's headers that a managed policy puts in the cache key and sends to the origin. By the policy's
# id: its name, HeaderBehavior, headers in lower case. guide: using-managed-cache-policies
MANAGED_CACHE_POLICY_HEADERS = {
    "658327ea-f89d-4fab-a63d-7e88639e58f6": ("CachingOptimized", "none", ()),
    "b2884449-e4de-46a7-ac36-70bc7f1ddd6d": ("CachingOptimizedForUncompressedObjects", "none", ()),
    "4135ea2d-6df8-44a3-9df3-4b5a84be39ad": ("CachingDisabled", "none", ()),
    "83da9c7e-98b4-4e11-a168-04f0df8e2c65": (
        "UseOriginCacheControlHeaders",
        "whitelist",
        ("host", "origin", "x-http-method-override", "x-http-method", "x-method-override"),
    ),
    "4cc15a8a-d715-48a4-82b8-cc0b614638fe": (
        "UseOriginCacheControlHeaders-QueryStrings",
        "whitelist",
        ("host", "origin", "x-http-method-override", "x-http-method", "x-method-override"),
    ),
    "08627262-05a9-4f76-9ded-b50ca2e3a84f": ("Elemental-MediaPackage", "whitelist", ("origin",)),
    "2e54312d-136d-493c-8eb9-b001f22f67d2": (
        "Amplify",
        "whitelist",
        ("authorization", "cloudfront-viewer-country", "host"),
    ),
}

# The viewer's headers that a managed policy sends to the origin. guide: using-managed-origin-request-policies
MANAGED_ORIGIN_REQUEST_POLICY_HEADERS = {
    "216adef6-5c7f-47e4-b989-5492eafa07d3": ("AllViewer", "allViewer", ()),
    "b689b0a8-53d0-40ab-baf2-68738e2966ac": ("AllViewerExceptHostHeader", "allExcept", ("host",)),
    "33f36d7e-f396-46d9-90e0-52428a34d9dc": (
        "AllViewerAndCloudFrontHeaders-2022-06",
        "allViewerAndWhitelistCloudFront",
        (),
    ),
    "59781a5b-3903-41f3-afcb-af62929ccde1": ("CORS-CustomOrigin", "whitelist", ("origin",)),
    "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf": (
        "CORS-S3Origin",
        "whitelist",
        ("origin", "access-control-request-headers", "access-control-request-method"),
    ),
    "775133bc-15f2-49f9-abea-afb2e0bf67d2": (
        "Elemental-MediaTailor-PersonalizedManifests",
        "whitelist",
        (
            "origin",
            "access-control-request-headers",
            "access-control-request-method",
            "user-agent",
            "x-forwarded-for",
        ),
    ),
    "bf0718e1-ba1e-49d1-88b1-f726733018ae": ("HostHeaderOnly", "whitelist", ("host",)),
    "acba4595-bd28-49b8-b9fe-13317c0390fa": (
        "UserAgentRefererHeaders",
        "whitelist",
        ("user-agent", "referer"),
    ),
}
