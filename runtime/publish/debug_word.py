"""The secret word by which whoever looks after a publication sees on their own phone how it answers."""

import math
import secrets

from runtime.access.actor import SYSTEM, Actor
from runtime.access.permissions import Permission
from runtime.access.still import may_still
from runtime.errors import BadSettings, NotFound
from runtime.lang import Text
from runtime.publish.publications import the_publication
from runtime.store.control.beside_publications import DebugWord
from runtime.store.control.control import Control

LETTERS = "abcdefghjkmnpqrstvwxyz23456789"
"""Without those that are taken for others; small ones, as a phone types them."""
MADE = 12
"""Letters of one that we make: 58 bits."""
LEAST, MOST = 8, 64
LEAST_DIFFERENT, LEAST_DIGITS = 5, 12
"""Of one that somebody thinks of: different characters, and how long one of digits alone must be."""
LONGEST = 24.0
USUAL = 4.0
"""Hours."""
NO_WORD = Text(
    "这个词要有 {least}–{most} 个字，不能有空格。", "The word has {least}–{most} characters and no spaces."
)
GUESSED = Text(
    "这个词太好猜：至少要有 {different} 个不同的字，只用数字时要 {digits} 位以上。不填就由我们想一个。",
    "That word is guessed too easily: it needs {different} different characters, and {digits} digits where "
    "it has nothing else. Leave it empty and we make one.",
)
NO_HOURS = Text("时间是 0.25 到 24 小时。", "The time is 0.25 to 24 hours.")
NONE = Text("没有设置调试词。", "There is no debug word.")


def set_word(
    control: Control,
    id: str,
    word: str = "",
    *,
    hours: float = USUAL,
    draft: bool = False,
    by: Actor = SYSTEM,
) -> str:
    """The word, ours where none is given; it is told here and kept nowhere. The one before counts no more.

    `hours`: for which whoever said it is shown how answers come about; `draft`: the saved agent answers them.
    Raises NotFound, BadSettings (`field`: word, hours).
    """
    the_publication(control, id)
    word = word.strip()
    if not math.isfinite(hours) or not 0.25 <= hours <= LONGEST:
        raise BadSettings(NO_HOURS, field="hours")
    if word and (not LEAST <= len(word) <= MOST or len(word.split()) > 1):
        raise BadSettings(NO_WORD.fill(least=LEAST, most=MOST), field="word")
    if word and (
        len(set(word.casefold())) < LEAST_DIFFERENT or (len(word) < LEAST_DIGITS and word.isdecimal())
    ):
        raise BadSettings(GUESSED.fill(different=LEAST_DIFFERENT, digits=LEAST_DIGITS), field="word")
    word = word or "".join(secrets.choice(LETTERS) for _ in range(MADE))
    control.debug_words.put(id, word, hours, draft=draft, by=by.id)
    return word


def while_allowed_to(control: Control) -> None:
    """From now on a word counts as long as whoever set it may publish that agent: they know it for good."""

    def stands(word: DebugWord) -> bool:
        found = control.publication(word.id)
        return found is not None and may_still(control, word.by, Permission.AGENTS_PUBLISH, agent=found.agent)

    control.debug_words.stands = stands


def remove_word(control: Control, id: str) -> None:
    """Nobody is shown anything any more. Raises NotFound, also where there is none."""
    the_publication(control, id)
    if not control.debug_words.remove(id):
        raise NotFound(NONE)
