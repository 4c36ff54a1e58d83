def forward(request):
    request["headers"].pop("Authorization".lower(), None)
    del request["headers"]["authorization"]
    return request
