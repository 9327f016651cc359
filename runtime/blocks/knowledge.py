"""Find the passages of a text that fit a question."""

import asyncio
import functools
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar, Literal

from runtime.blocks import Block
from runtime.knowledge.search import Indexes
from runtime.lang import Text
from runtime.schema import About, setting
from runtime.turn.turn import Turn

LONGEST = 1_000_000
"""Characters of a text."""


class Knowledge(Block):
    """Searches text pasted into the agent, by its own words and by others, without model or network."""

    about: ClassVar[About] = About(
        Text("查资料", "Look up"),
        Text("从贴进来的资料里找出相关段落", "Finds fitting passages in pasted text"),
        "book",
        "#0891b2",
    )
    type: Literal["knowledge"]
    text: str = setting(
        title=Text("资料", "Text"),
        hint=Text(
            "直接粘贴，一段写一件事，用空行分开；标题会带进它下面的每一段",
            "Paste it; one topic a paragraph, blank lines between. Headings go with what stands under them",
        ),
        widget="text",
        min_length=1,
        max_length=LONGEST,
    )
    query: str = setting("{{ message.text }}", title=Text("查什么", "Query"), widget="template")
    top: int = setting(3, title=Text("取几段", "Passages"), ge=1, le=20)

    async def run(self, turn: Turn) -> dict[str, Any]:
        query, loop = turn.render(self.query), asyncio.get_running_loop()
        found = await loop.run_in_executor(_thread(), search, self.text, query, self.top)
        turn.addresses.read(*found)
        return {"text": "\n\n".join(found), "passages": found}

    def outputs(self) -> dict[str, Text]:
        return {
            "text": Text("找到的段落", "the passages"),
            "passages": Text("段落列表", "the passages, a list"),
        }

    def sample(self) -> dict[str, Any] | None:
        return {"text": "1", "passages": ["1"]}


@functools.cache
def _indexes() -> Indexes:
    return Indexes()


@functools.cache
def _thread() -> ThreadPoolExecutor:
    """Its own: a large text that is read for the first time holds up only others who look something up."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="knowledge")


def search(text: str, query: str, top: int) -> list[str]:
    """The best passages, best first; none when nothing fits. Takes milliseconds, for a new text longer."""
    return _indexes().of(text).search(query, top)


BLOCK = Knowledge
