"""What people thought and operators corrected, taken along for tuning a model."""

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.cli.parsing import command, count
from runtime.cli.printing import control_of, say
from runtime.cli.spoken import spoken
from runtime.knowledge.sources.bases import Bases
from runtime.lang import Text
from runtime.lessons.answered import knowing
from runtime.lessons.exporting import exported
from runtime.lessons.hidden import Hiding
from runtime.lessons.lessons import Lesson, lessons, scored
from runtime.lessons.tried import tried_lessons
from runtime.publish.changing import ask_scores, let_judge
from runtime.settings import Settings
from runtime.store.control.control import Control
from runtime.store.messages.beside import is_there
from runtime.store.messages.insights import Insights
from runtime.trying.rated import rated

if TYPE_CHECKING:
    from runtime.cli.parsing import Parsers

DAY = 86_400.0
DAYS = 90
ASK_AFTER = 30
PATIENCE = 120.0
"""Seconds in which the store is read."""
NONE = Text(
    "没有可导出的：还没有人工写过回答，也没有被赞的，或踩过的问题在资料库的问答表里还没有答案。",
    "Nothing to export: no operator wrote an answer yet, none was liked, and no table of a base answers what "
    "was disliked.",
)
NO_POINTS = Text(
    "没有可导出的：还没有人打过分。要请人打分，用 feedback ask。",
    "Nothing to export: nobody gave points yet. To have people asked, use feedback ask.",
)
NO_PAIRS = Text(
    "没有成对的：要有智能体答过、又由人工或问答表给出更好答案的问题。",
    "No pairs: these are questions that the agent had answered, and an operator or a table answered better.",
)


@needs(Permission.CONVERSATIONS_EXPORT)
def export(
    options: argparse.Namespace, settings: Settings, who: Actor, clock: Callable[[], float] = time.time
) -> None:
    """A line a lesson. Raises TooSlow, Unreadable."""
    control, insights = _opened(settings)
    publications = [one.id for one in control.publications() if options.agent in ("", one.agent)]
    now = clock()
    knows = knowing(Bases(settings.home))
    found: list[Lesson] = []
    if is_there(insights.path):
        with insights.reading() as db:
            take = partial(scored, db) if options.form == "scored" else partial(lessons, db, knows=knows)
            found = take(publications, now - options.days * DAY, now + 1)
    if options.form != "scored":
        tried = rated(settings.data, now - options.days * DAY, now + 1)
        found = [*found, *tried_lessons(tried, options.agent, knows)]
    number = 0
    for line in exported(found, options.form, Hiding(control)):
        sys.stdout.write(f"{line}\n")
        number += 1
    if not number:
        none = NO_POINTS if options.form == "scored" else NO_PAIRS if found else NONE
        sys.stderr.write(f"{spoken(none)}\n")


def _opened(settings: Settings) -> tuple[Control, Insights]:
    control = control_of(settings)
    return control, Insights(settings.data / "messages.db", PATIENCE)


@needs(Permission.AGENTS_PUBLISH)
def thumbs(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Raises NotFound, BadSettings."""
    control, _ = _opened(settings)
    done = let_judge(control, options.publication, judged=options.switch == "on", by=who)
    say({"publication": done.id, "thumbs": done.judged})


@needs(Permission.AGENTS_PUBLISH)
def ask(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Raises NotFound, BadSettings."""
    control, _ = _opened(settings)
    done = ask_scores(control, options.publication, 0 if options.off else options.after, by=who)
    say({"publication": done.id, "ask_after_minutes": done.score_after})


def add_feedback(kept: "Parsers") -> None:
    what = "whether a thumb that somebody types judges the answer before it; off at first"
    switching = command(kept, "thumbs", thumbs, what)
    switching.add_argument("publication", metavar="PUBLICATION")
    switching.add_argument("switch", choices=("on", "off"))
    what = "whether people are asked for 1 to 5 points after a conversation; off at first"
    asking = command(kept, "ask", ask, what)
    asking.add_argument("publication", metavar="PUBLICATION")
    silence = f"minutes of silence; {ASK_AFTER}. When an operator gives somebody back, they are asked at once"
    asking.add_argument("--after", type=count, default=ASK_AFTER, metavar="MINUTES", help=silence)
    asking.add_argument("--off", action="store_true", help="nobody is asked any more")
    what = "answers that were right, as JSON lines to tune a model by"
    taking = command(kept, "export", export, what)
    forms = (
        "sft: conversations with the right answer; dpo: pairs of a chosen and a rejected one; scored: "
        "conversations with the points that people gave"
    )
    taking.add_argument("--as", dest="form", choices=("sft", "dpo", "scored"), required=True, help=forms)
    taking.add_argument("--agent", default="", metavar="AGENT", help="of this one alone")
    taking.add_argument("--days", type=count, default=DAYS, help=f"of so many days; {DAYS}")
