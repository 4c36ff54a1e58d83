"""The program of the embedded AWS: ministack behind the door. ministack's own Python runs this file by its path.

The environment gives it the root key (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY), in NOTES the path of a FIFO, and in
KEPT_DATA the path of the file that keeps data, if there is one. The FIFO gets one line for each request that the door
refuses, and for each invalidation. The modules of this folder use the standard library, ministack and what it depends
on: ministack's Python has no other package of this project.
"""

import contextlib
import os
import sys
from pathlib import Path

# Packages that Lambda gives to functions, and this Python or Node.js does not.
LAMBDA_PACKAGES = Path(__file__).with_name("lambda_packages")


def main() -> None:
    import ministack.app  # type: ignore[import-not-found]

    # ministack must not find the packages that lie beside cloudfront_local.
    packages = str(Path(__file__).parents[3])
    sys.path.append(packages)
    from cloudfront_local.aws.embedded import (
        api_signatures,
        cloudfront_functions,
        data_planes,
        iam,
        invalidations,
        kept_data,
        key_value_stores,
        resources,
        runtime_management,
        snapshot,
    )
    from cloudfront_local.aws.embedded.door import Door
    from cloudfront_local.aws.embedded.hidden import hide
    from cloudfront_local.aws.embedded.signature import Key

    sys.path.remove(packages)
    hide()
    resources.install()
    iam.install()
    data_planes.install()
    api_signatures.install()
    runtime_management.install()
    # Only the processes of functions read these.
    os.environ["PYTHONPATH"] = os.environ["NODE_PATH"] = str(LAMBDA_PACKAGES)
    # They stay in the environment, where ministack finds them; its functions get their role's keys in their place.
    key = Key(os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"])
    notes = os.environ.pop("NOTES")
    invalidations.install(lambda line: _write(notes, line))
    cloudfront_functions.install()
    key_value_stores.install(lambda line: _write(notes, line))
    app = snapshot.answering(data_planes.noting(ministack.app.app))
    if path := os.environ.pop("KEPT_DATA", ""):
        app = kept_data.KeptData(app, Path(path), lambda line: _write(notes, line))
    ministack.app.app = Door(app, key, lambda line: _write(notes, line))
    ministack.app.main()


def _write(fifo: str, line: str) -> None:
    """Writes a line; drops the line if nobody reads the FIFO, or if the FIFO is full."""
    with contextlib.suppress(OSError):
        file = os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
        try:
            os.write(file, f"{line}\n".encode())
        finally:
            os.close(file)


if __name__ == "__main__":
    main()
