"""Files that a person sent, as templates and models see them: what is in them is data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runtime.lang import NOTHING, Text
from runtime.marked import marked


@dataclass(frozen=True)
class SentFile:
    """`text`: what is in it in words, as much as templates see; `why`: why there is none, or not all.

    `shown`: what a model is given of it, "" for nothing; `is_whole`: that is all there is.
    """

    name: str
    kind: str
    size: int = 0
    pages: int | None = None
    text: str = ""
    why: Text = NOTHING
    shown: str = ""
    is_whole: bool = True

    def view(self, lang: str) -> dict[str, Any]:
        """Plain data."""
        return {
            "name": self.name,
            "kind": self.kind,
            "size": self.size,
            "pages": self.pages,
            "text": self.text,
            "reason": self.why.to(lang),
        }

    def told(self, lang: str) -> str:
        """As a model is told of it."""
        part = "all" if self.is_whole else "passages that fit the question"
        reason = self.why.to(lang)
        text = self.shown or reason or (EMPTY if self.is_whole else NO_ROOM).to(lang)
        return marked(
            "file", text, name=self.name, pages=self.pages, part=part, unread=reason if self.shown else ""
        )


@dataclass(frozen=True)
class Files:
    """`now`: with this message; `earlier`: before it in the conversation, oldest first."""

    now: Sequence[SentFile] = ()
    earlier: Sequence[SentFile] = ()

    def views(self, lang: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Plain data: those of now, and the earlier ones."""
        return [one.view(lang) for one in self.now], [one.view(lang) for one in self.earlier]

    def told(self, lang: str, *, with_earlier: bool) -> str:
        """What a model is told of all that can be read; "" when there is none."""
        files = [*(self.earlier if with_earlier else ()), *self.now]
        return "\n\n".join(file.told(lang) for file in files if file.kind == "file")


def of_data(data: Mapping[str, Any]) -> list[SentFile]:
    """As a message's data has them, of which nothing was opened."""
    files = data.get("files")
    found = [one for one in files if isinstance(one, Mapping)] if isinstance(files, list) else []
    return [
        SentFile(
            str(one.get("name", "")),
            str(one.get("kind", "file")),
            one["bytes"] if isinstance(one.get("bytes"), int) else 0,
            text=str(one.get("described", "")),
        )
        for one in found
    ]


NO_ROOM = Text("（这里放不下，没有给出内容）", "(no room for what is in it)")
EMPTY = Text("（里面没有文字）", "(no text in it)")
