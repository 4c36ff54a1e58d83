"""How a file's id looks, to all that read or write one: the router, the lookup API, `files add`."""

import re

FILE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
