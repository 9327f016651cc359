"""Web pages: their text without scripts and menus, in time proportional to their length."""

import re
from collections.abc import Iterator

from runtime.knowledge.reading import Given, Item, Kind
from runtime.knowledge.reading._decoded import is_text, whole
from runtime.knowledge.reading._html import sections
from runtime.lang import Text

BEGINS = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
TAGS = re.compile(rb"<(?:p|div|h[1-6]|table|ul|span|br)\b", re.IGNORECASE)
DECLARED = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([\w-]{1,40})", re.IGNORECASE)


def _read(given: Given) -> Iterator[Item]:
    text, unread = whole(given)
    declared = DECLARED.search(given.head)
    if declared is not None and declared[1].lower() in (b"big5", b"big5-hkscs"):
        given.file.seek(0)
        text = given.file.read().decode("big5hkscs", "replace")
    yield from sections(text)
    yield from unread


def _is_it(given: Given) -> bool:
    if not is_text(given.head):
        return False
    if BEGINS.match(given.head):
        return True
    return given.ending in ("html", "htm", "xhtml") and TAGS.search(given.head) is not None


KIND = Kind(Text("网页（HTML）", "Web page (HTML)"), ("html", "htm", "xhtml"), 60, _is_it, _read)
