"""Pictures that stand in a document, for a model that sees; without one it is said that there are some."""

import hashlib
import io
from collections.abc import Iterator

from runtime.knowledge.reading import Given, NotRead, Scan, Unread
from runtime.knowledge.reading._jpeg import jpeg
from runtime.knowledge.reading._zipped import Zipped

MOST = 200
"""Of one document."""
LARGEST = 20 << 20
SHORT, SMALL = 80, 30_000
"""Pixels of the shorter side and of all of it, below which it is a logo, a bullet or a line."""
MOST_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG", "GIF", "BMP", "WEBP", "TIFF")


class Pictures:
    """Each once, however often it is shown."""

    def __init__(self, given: Given, zipped: Zipped) -> None:
        self._wanted, self._zipped = given.scans, zipped
        self._met: set[bytes] = set()
        self._unseen = 0

    def of(self, name: str, page: int | None = None, headings: tuple[str, ...] = ()) -> Iterator[Scan]:
        """The one with that name in the ZIP. Raises NotRead when the whole is too large."""
        info = self._zipped.names.get(name)
        if info is None or info.file_size > LARGEST or len(self._met) >= MOST:
            return
        content = self._zipped.read(name)
        digest = hashlib.sha256(content).digest()
        if digest in self._met:
            return
        try:
            picture = _pictured(content, self._wanted)
        except NotRead:
            return  # a drawing of Windows, or none at all: the text around it is read all the same
        self._met.add(digest)
        if picture is None:
            self._unseen += 1
        else:
            yield Scan(picture, page, headings, within=int.from_bytes(digest[:6]) + 1)

    def rest(self) -> Iterator[Unread]:
        """What nobody looked at."""
        if self._unseen:
            yield Unread("pictures", detail=str(self._unseen))


def _pictured(content: bytes, wanted: bool) -> bytes | None:
    """As a JPEG if it is `wanted`. Raises NotRead for what is none, or too small to say anything."""
    from PIL import Image, UnidentifiedImageError  # late: only where there is a picture

    Image.MAX_IMAGE_PIXELS = None  # ours counts, and is looked at first
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            size = picture.width * picture.height
            if min(picture.size) < SHORT or not SMALL <= size <= MOST_PIXELS:
                raise NotRead("pixels")
            return jpeg(picture) if wanted else None
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError):
        raise NotRead("broken") from None
