def handler(event, context):
    request = event["Records"][0]["cf"]["request"]
    request["headers"]["x-greeted"] = [{"key": "X-Greeted", "value": "yes"}]
    return request
