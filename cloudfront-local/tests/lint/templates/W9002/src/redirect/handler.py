def handler(_event, _context):
    return {"status": "302", "headers": {"location": [{"value": "/"}]}}
