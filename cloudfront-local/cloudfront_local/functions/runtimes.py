"""The runtimes of CloudFront Functions. Source: CloudFront Developer Guide, functions-javascript-runtime-features."""

JS_1, JS_2 = "cloudfront-js-1.0", "cloudfront-js-2.0"
RUNTIMES = (JS_1, JS_2)
