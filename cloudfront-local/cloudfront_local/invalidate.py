"""`cloudfront-local invalidate PATH ...`: removes objects from the cache of the running distribution."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from pathlib import Path

from cloudfront_local.distribution.cache.invalidation import invalidation
from cloudfront_local.errors import LocalError
from cloudfront_local.serving import running


def main(paths: Sequence[str], distribution: str = "") -> int:
    """Makes an invalidation, as `aws cloudfront create-invalidation` does. Returns 0. Raises LocalError.

    `distribution` is the distribution's logical id; empty means the first.
    """
    try:
        invalidation(paths)
    except ValueError as error:
        raise LocalError(str(error)) from None
    stack = running.read(Path.cwd())
    if stack is None:
        raise LocalError(running.NOT_RUNNING)
    if distribution and distribution not in stack.distributions:
        raise LocalError(f"{distribution} is not served. Served are: {', '.join(stack.distributions)}.")
    distribution_id = stack.distributions.get(distribution, stack.distribution_id)
    batch = {"Paths": {"Quantity": len(paths), "Items": list(paths)}, "CallerReference": uuid.uuid4().hex}
    client = running.endpoint(stack).client("cloudfront")
    made = client.create_invalidation(DistributionId=distribution_id, InvalidationBatch=batch)
    print(f"Invalidation {made['Invalidation']['Id']} of {' '.join(paths)}: see the terminal of the running stack.")
    return 0
