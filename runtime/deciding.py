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


def options(token: str, lang: str) -> Choices:
    pairs = ((YES, "yes"), (NO, "no"))
    return Choices("", tuple(Choice(text.to(lang), f"decide.{token}.{value}") for text, value in pairs))


def asked(through: str, members: Sequence[str], question: str, token: str, lang: str) -> dict[str, Any]:
    """The data of a wait for one of these: who may decide, and what each of them is told on the publication
    `through`: Markdown, in order."""
    title = question if len(question) <= ON_CARD else ABOVE.to(lang)
    card = f"{title}\n{written(options(token, lang).options)}"
    # What somebody wrote stands in the question: in front of another line it is no list to choose from.
    texts = [card] if title == question else [f"{question}\n\n{BELOW.to(lang)}", card]
    tells = [[through, member, text] for member in members for text in texts]
    return {"through": through, "members": list(members), "lang": lang, "tells": tells}


def may_decide(data: Mapping[str, Any], publication: str, sender: str) -> bool:
    """Whether whoever the platform says it was is one of those who were asked."""
    return data.get("through") == publication and sender in data.get("members", ())
