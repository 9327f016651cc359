"""Find the passages of a text that fit a question."""

import functools
import math
import re
from collections import Counter
from typing import Any, ClassVar, Literal

from runtime.blocks import Block
from runtime.lang import Text
from runtime.schema import About, setting
from runtime.turn import Turn

LONGEST = 400
"""Characters of one passage."""


class Knowledge(Block):
    """Searches text pasted into the agent by words and Chinese character pairs, without model or network."""

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
            "直接粘贴，一段写一件事，用空行分开", "Paste it; one topic a paragraph, blank lines between"
        ),
        widget="text",
        min_length=1,
    )
    query: str = setting("{{ message.text }}", title=Text("查什么", "Query"), widget="template")
    top: int = setting(3, title=Text("取几段", "Passages"), ge=1, le=20)

    async def run(self, turn: Turn) -> dict[str, Any]:
        found = search(self.text, turn.render(self.query), self.top)
        turn.addresses.read(*found)
        return {"text": "\n\n".join(found), "passages": found}

    def outputs(self) -> dict[str, Text]:
        return {
            "text": Text("找到的段落", "the passages"),
            "passages": Text("段落列表", "the passages, a list"),
        }

    def sample(self) -> dict[str, Any] | None:
        return {"text": "1", "passages": ["1"]}


def search(text: str, query: str, top: int) -> list[str]:
    """The best passages, best first, by BM25 (k1 1.2, b 0.75); none when nothing fits."""
    passages = _indexed(text)
    mean = sum(sum(counts.values()) for _, counts in passages) / len(passages) if passages else 1
    containing = Counter(term for _, counts in passages for term in counts)

    def score(counts: Counter[str]) -> float:
        length = sum(counts.values())
        total = 0.0
        for term in set(terms(query)):
            rare = math.log(1 + (len(passages) - containing[term] + 0.5) / (containing[term] + 0.5))
            total += rare * counts[term] * 2.2 / (counts[term] + 1.2 * (0.25 + 0.75 * length / mean))
        return total

    scored = sorted(((score(counts), passage) for passage, counts in passages), key=lambda pair: -pair[0])
    return [passage for points, passage in scored[:top] if points > 0]


def terms(text: str) -> list[str]:
    """Words in lower case; runs of Chinese as overlapping pairs, since words in it have no borders."""
    found = []
    for run in re.findall(r"[\u4e00-\u9fff]+|[a-z0-9_]+", text.lower()):
        chinese = run[0] >= "\u4e00"
        found += [run[i : i + 2] for i in range(len(run) - 1)] or [run] if chinese else [run]
    return found


@functools.lru_cache(maxsize=64)
def _indexed(text: str) -> list[tuple[str, Counter[str]]]:
    passages = [part for paragraph in re.split(r"\n\s*\n", text) for part in _split(paragraph.strip())]
    return [(passage, Counter(terms(passage))) for passage in passages]


def _split(paragraph: str) -> list[str]:
    """Cut a long paragraph after sentences."""
    parts = [""]
    for sentence in re.findall(r"[^。！？!?\n]*[。！？!?\n]?", paragraph):
        if parts[-1] and len(parts[-1]) + len(sentence) > LONGEST:
            parts.append("")
        parts[-1] += sentence
    return [part.strip() for part in parts if part.strip()]


BLOCK = Knowledge
