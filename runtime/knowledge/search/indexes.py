"""The indexes that are searched: opened when first asked, those used last stay open."""

import logging
import threading
from collections import OrderedDict
from pathlib import Path

from runtime.knowledge.cutting import cut
from runtime.knowledge.index.index import Index
from runtime.knowledge.index.tables import erase

MOST = 32
"""Files that are open."""
MOST_TEXTS = 64
MOST_CHARACTERS = 4_000_000
"""Of pasted texts whose indexes are kept, in memory."""
PASTED = "text"
"""The one source of a pasted text."""

log = logging.getLogger(__name__)


class Indexes:
    """Thread-safe. What falls out of it is closed when nobody uses it any longer."""

    def __init__(self, folder: Path | None, most_texts: int = MOST_TEXTS) -> None:
        """`folder`: with one file a base; None: there are none."""
        self._folder, self._most_texts = folder, most_texts
        self._files: OrderedDict[str, tuple[int, Index]] = OrderedDict()
        self._texts: OrderedDict[str, Index] = OrderedDict()
        self._lock = threading.Lock()

    def path(self, base: str) -> Path | None:
        """Where a base's file is, or would be. A name with a way in it is none."""
        if self._folder is None or not base or Path(base).name != base:
            return None
        return self._folder / f"{base}.sqlite"

    def of_base(self, base: str) -> Index | None:
        """None when there is no such base, or nothing of it is indexed yet. Raises StoreFailed."""
        path = self.path(base)
        with self._lock:
            try:
                file = path.stat().st_ino if path else 0
            except OSError:
                file = 0
            kept = self._files.pop(base, None)
            if path is None or not file:
                return None
            # Another file of that name: it was removed, or made anew.
            index = kept[1] if kept and kept[0] == file else Index(path)
            self._files[base] = (path.stat().st_ino, index)
            while len(self._files) > MOST:
                self._files.popitem(last=False)
        return index

    def of_text(self, text: str) -> Index:
        """Of what is pasted into an agent. Made when first asked for: a second for a million characters."""
        with self._lock:
            index = self._texts.pop(text, None)
            if index is None:
                index = Index()
                index.replace(PASTED, "", (), cut(text), PASTED)
            self._texts[text] = index
            while len(self._texts) > 1 and (
                len(self._texts) > self._most_texts or sum(map(len, self._texts)) > MOST_CHARACTERS
            ):
                self._texts.popitem(last=False)
        return index

    def forget_damaged(self, base: str) -> None:
        """A file that turned out to be damaged goes; it is made anew from its sources."""
        path = self.path(base)
        with self._lock:
            self._files.pop(base, None)
            if path:
                log.warning("%s is damaged: it is made anew from its sources", path)
                erase(path)
