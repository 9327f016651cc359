"""A picture as a model is sent it."""

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

SIDE = 1600
"""Pixels of the longer side: small print of a page can be read."""


def jpeg(picture: "Image") -> bytes:
    """Small enough to be sent."""
    picture.thumbnail((SIDE, SIDE))
    made = io.BytesIO()
    picture.convert("RGB").save(made, "JPEG", quality=80)
    return made.getvalue()
