"""Clicks on the secret word by which a phone shows how answers come about."""

from builder.actions import Notice
from builder.actions.taking_away import for_good
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.lang import Text
from runtime.publish.debug_word import USUAL, remove_word, set_word

SET = Text("已设置，之前的词不再有效。", "Set; the word before counts no more.")
CLEARED = Text("已去掉。", "Removed.")


@needs(Permission.AGENTS_PUBLISH, on="publication")
def set_debug(
    studio: Studio, who: Actor, publication: str, word: str = "", hours: float = USUAL, draft: bool = False
) -> Notice:
    """The word is in this answer and nowhere else. Raises BadSettings, NotFound."""
    made = set_word(studio.control, publication, word, hours=hours, draft=draft, by=who)
    return Notice(SET, {"say": f"debug {made}"})


@needs(Permission.AGENTS_PUBLISH, on="publication")
@for_good("debug.clear.hint")
def clear_debug(studio: Studio, who: Actor, publication: str) -> Notice:
    """Raises NotFound, also where there is none."""
    remove_word(studio.control, publication)
    return Notice(CLEARED)
