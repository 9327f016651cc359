"""Office files that are only told apart: under a password, or of before 2007."""

from collections.abc import Iterator

from runtime.knowledge.reading import Given, Item, Kind, NotRead
from runtime.knowledge.reading._ole import holds
from runtime.knowledge.reading._zipped import OLE
from runtime.lang import Text


def _read(given: Given) -> Iterator[Item]:
    if holds(given, "EncryptedPackage"):
        raise NotRead("encrypted")
    for name, new in (("WordDocument", "docx"), ("PowerPoint Document", "pptx")):
        if holds(given, name):
            raise NotRead("old", new)
    raise NotRead("unknown", given.ending)
    yield  # a reader is an iterator


KIND = Kind(Text("旧版 Office", "Old Office"), (), 30, lambda given: given.head.startswith(OLE), _read)
