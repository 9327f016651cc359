"""What was thought of answers in the playground, as lessons.

How the agent stood then is not kept, nor what it kept from models: all that looks like a person's is hidden.
"""

from collections.abc import Iterable

from runtime.lessons.lessons import LONGEST, How, Knows, Lesson
from runtime.trying.rated import Rated

PLAYGROUND = "playground"
"""Stands for the publication, so that it is told apart from what real people thought."""


def tried_lessons(found: Iterable[Rated], agent: str, knows: Knows) -> list[Lesson]:
    """The oldest first; of one agent, of all for ""."""
    made = (_lesson(one, knows) for one in found if agent in ("", one.agent))
    return [one for one in made if one][::-1]


def _lesson(one: Rated, knows: Knows) -> Lesson | None:
    """None where nobody says what is right."""
    how: How = "liked" if one.good else "base"
    answer = one.answer if one.good else knows(one.question)
    if not answer.strip() or not one.question.strip():
        return None
    instead = one.answer if not one.good and one.answer.strip() != answer.strip() else ""
    texts = (one.question[:LONGEST], answer[:LONGEST], instead[:LONGEST])
    return Lesson(0, PLAYGROUND, f"{one.by} {one.chat}", None, how, one.before, *texts)
