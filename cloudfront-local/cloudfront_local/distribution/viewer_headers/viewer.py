"""The viewer that the distribution sees, as the developer chose it."""

from __future__ import annotations

from dataclasses import dataclass

from cloudfront_local.distribution.viewer_headers import places
from cloudfront_local.distribution.viewer_headers.devices import Device
from cloudfront_local.distribution.viewer_headers.places import Place


@dataclass(frozen=True)
class Viewer:
    """Where the viewer is, and its device. With None, the User-Agent tells the device."""

    place: Place = places.DEFAULT
    device: Device | None = None


DEFAULT = Viewer()
