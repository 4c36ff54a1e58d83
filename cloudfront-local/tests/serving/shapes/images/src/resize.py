import base64


def handler(event, context):
    width = int(event.get("queryStringParameters", {}).get("width", "0"))
    if not 1 <= width <= 2000:
        return {"statusCode": 400, "headers": {"Content-Type": "text/plain"}, "body": "width is 1 to 2000"}
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "image/gif", "Cache-Control": "max-age=600"},
        "body": base64.b64encode(b"GIF89a" + width.to_bytes(2, "little")).decode(),
        "isBase64Encoded": True,
    }
