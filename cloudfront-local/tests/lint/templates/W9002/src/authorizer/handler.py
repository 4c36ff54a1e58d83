from authorizer.decision import forward


def handler(event, _context):
    return forward(event["Records"][0]["cf"]["request"])
