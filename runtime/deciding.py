"""A yes or no that somebody taps: what their card says, and what a tap says.

The value of a button holds what nobody can guess, so that no list of choices of an agent's can be taken for
one; who tapped it is what the platform says, and whether they may is in the row that waits.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runtime.choices import Choice, Choices, written
from runtime.lang import Text

YES = Text("同意", "Yes")
NO = Text("不同意", "No")
ON_CARD = 60
"""Characters of a question that fit on a card; a longer one is a message of its own before it."""
MOST_BYTES = 1800
"""Of a question in UTF-8 that goes into a message of its own: the rest is read elsewhere."""
REST = Text("……\n（全文请到「洞察 → 等待中」看）", "…\n(Read the whole under Insights, Waiting)")
BY = Text("{what}（{by}）", "{what} ({by})")
LATE = Text("已过期", "Too late")
CANCELLED = Text("已取消", "Cancelled")
ABOVE = Text("请决定（内容见上一条）", "Please decide, see above")
BELOW = Text("（请在下一条里决定）", "(Decide in the next message)")
VALUE = re.compile(r"decide\.([A-Za-z0-9_-]{32})\.(yes|no)")


@dataclass(frozen=True)
class Tap:
    token: str
    yes: bool


def tap_of(value: str) -> Tap | None:
    found = VALUE.fullmatch(value)
    return Tap(found[1], found[2] == "yes") if found else None


def options(token: str, lang: str, by: str = "") -> Choices:
    """`by`: who chose one of them, for the card that says so."""
    pairs = ((YES, "yes"), (NO, "no"))
    named = {text: BY.fill(what=text, by=by) if by else text for text, _ in pairs}
    return Choices(
        "", tuple(Choice(named[text].to(lang), f"decide.{token}.{value}") for text, value in pairs)
    )


def settled(kind: str, data: Mapping[str, Any], lang: str) -> str:
    """What the others' cards say once that came."""
    if kind != "decision":
        return (CANCELLED if kind == "cancelled" else LATE).to(lang)
    return f"✓ {BY.fill(what=YES if data['yes'] else NO, by=data['by']).to(lang)}"


def asked(through: str, members: Sequence[str], question: str, token: str, lang: str) -> dict[str, Any]:
    """The data of a wait for one of these: who may decide, and what each of them is told on the publication
    `through`: Markdown, in order."""
    title = question if len(question) <= ON_CARD else ABOVE.to(lang)
    card = f"{title}\n{written(options(token, lang).options)}"
    # What somebody wrote stands in the question: in front of another line it is no list to choose from.
    texts = [card] if title == question else [f"{_cut(question, lang)}\n\n{BELOW.to(lang)}", card]
    tells = [[through, member, text] for member in members for text in texts]
    return {"through": through, "members": list(members), "lang": lang, "tells": tells}


def _cut(question: str, lang: str) -> str:
    """As much of it as one message of any surface holds."""
    if len(whole := question.encode()) <= MOST_BYTES:
        return question
    return whole[:MOST_BYTES].decode(errors="ignore") + REST.to(lang)


def may_decide(data: Mapping[str, Any], publication: str, sender: str) -> bool:
    """Whether whoever the platform says it was is one of those who were asked."""
    return data.get("through") == publication and sender in data.get("members", ())
