"""Pictures, which only a model that sees can read."""

from collections.abc import Iterator

from runtime.knowledge.reading import Given, Item, Kind, NotRead, Scan, Unread
from runtime.knowledge.reading._jpeg import jpeg
from runtime.lang import Text

BEGINS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"BM", b"II*\x00", b"MM\x00*")
FORMATS = ("JPEG", "PNG", "GIF", "BMP", "WEBP", "TIFF")
MOST_PIXELS = 50_000_000


def _read(given: Given) -> Iterator[Item]:
    if not given.scans:
        yield Unread("unseen")
        return
    yield _shown(given)


def _shown(given: Given) -> Scan:
    from PIL import Image, UnidentifiedImageError  # late: only where there is a picture

    Image.MAX_IMAGE_PIXELS = None  # ours counts, and is looked at first
    given.file.seek(0)
    try:
        with Image.open(given.file, formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise NotRead("pixels")
            return Scan(jpeg(picture))
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError):
        raise NotRead("broken") from None


def _is_it(given: Given) -> bool:
    return given.head.startswith(BEGINS) or (given.head[:4] == b"RIFF" and given.head[8:12] == b"WEBP")


KIND = Kind(
    Text("图片", "Picture"),
    ("png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff"),
    40,
    _is_it,
    _read,
    _shown,
)
