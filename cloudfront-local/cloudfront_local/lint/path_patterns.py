"""Path patterns of behaviors. `*` stands for any number of characters, `?` for one; a leading slash may be left out.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html
"""

import re


def covers(pattern: str, other: str) -> bool:
    """Whether a pattern surely matches every path that the other matches. A path counts as a pattern of its own.

    Each `*` of the other needs a `*` here. Some pairs with several wildcards are not recognized.
    """
    wildcards = {"*": ".*", "?": r"[^*]"}
    own = "".join(wildcards.get(character, re.escape(character)) for character in pattern.removeprefix("/"))
    return re.fullmatch(own, other.removeprefix("/"), re.DOTALL) is not None
