"""Agents in a folder, such as one in git, and those of the store: one line an agent that is not alike."""

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from runtime.access.actor import Actor
from runtime.access.audit.declared import recorded
from runtime.access.permissions import Permission, needs
from runtime.agents import powers
from runtime.agents.beside import FOLDER
from runtime.agents.history import History
from runtime.agents.in_folder import InFolder, within
from runtime.agents.in_store import InStore
from runtime.agents.library import Library
from runtime.agents.syncing import Notes, Step, bring
from runtime.cli.importing import TO_ALLOW
from runtime.cli.parsing import Command, command
from runtime.cli.printing import control_of, library_of, say
from runtime.cli.spoken import spoken
from runtime.errors import Conflict
from runtime.lang import Text, listed
from runtime.settings import Settings
from runtime.testing.syncing import SuitesInFolder, SuitesInStore, suites_brought

if TYPE_CHECKING:
    from runtime.cli.parsing import Parsers

LEFT = Text(
    "这些没有动：{agents}。原因在上面各行。", "These were left alone: {agents}. The lines above say why."
)


@needs(Permission.AGENTS_VIEW)
@recorded()
def pull(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """The store's into the folder. Raises Conflict when something was left alone, BadSettings, NotSaved."""
    folder, store, notes, _ = _both(options, settings, who)
    told = [("agent", bring(store, folder, notes, options.take, delete=options.delete))]
    here, there, noted = _tests(options, settings)
    told.append(("tests", suites_brought(there, here, noted, options.take, delete=options.delete)))
    tell_steps(told, "pulled", "to_push")


@needs(Permission.AGENTS_EDIT)
def push(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """The folder's into the store; what was there is kept among its versions. Raises as `pull`."""
    if options.delete:
        who.must(Permission.AGENTS_DELETE)
    folder, store, notes, library = _both(options, settings, who)

    def told() -> Iterator[Step]:
        for step in bring(folder, store, notes, options.take, delete=options.delete):
            yield step
            if step.state == "brought":
                for key, words in powers.to_allow(library.get(step.agent).agent):
                    _complain(TO_ALLOW.fill(what=words, id=step.agent, key=key))

    here, there, noted = _tests(options, settings)
    tests = suites_brought(here, there, noted, options.take, delete=options.delete)
    tell_steps([("agent", told()), ("tests", tests)], "pushed", "to_pull")


def _both(
    options: argparse.Namespace, settings: Settings, who: Actor
) -> tuple[InFolder, InStore, Notes, Library]:
    library = library_of(settings)
    folder = Path(options.folder).expanduser()
    control = control_of(settings)
    inside = InFolder(folder, settings.agents)
    store = InStore(library, History(settings.data / "history"), who.id)
    return inside, store, Notes(folder, control.mark("folder of agents")[:16]), library


def _tests(options: argparse.Namespace, settings: Settings) -> tuple[SuitesInFolder, SuitesInStore, Notes]:
    """Those of the folder, those of the store, and what is noted of them."""
    folder = Path(options.folder).expanduser()
    store = control_of(settings).mark("folder of agents")[:16]
    notes = Notes(within(folder, FOLDER), store)
    return SuitesInFolder(folder), SuitesInStore(settings.agents, settings.data), notes


def tell_steps(
    told: Iterable[tuple[str, Iterator[Step]]], brought: str, other_way: str, whole: str = "agent"
) -> None:
    """What is not the `whole` itself is named beside it. Raises Conflict when something was left alone."""
    words, left = {"brought": brought, "other_way": other_way}, list[str]()
    for what, steps in told:
        for step in steps:
            line: dict[str, object] = {whole: step.agent, "state": words.get(step.state, step.state)}
            if what != whole:
                line["what"] = what
            if step.text:
                line["text"] = step.text.by_language()
            say(line)
            if step.is_trouble:
                left.append(step.agent)
    if left:
        raise Conflict(LEFT.fill(agents=listed(left)))


def add_syncing(every: "Parsers", pull: Command, push: Command, where: str) -> None:
    """How both are asked for. `where`: what of the folder is brought."""
    for name, run, what in (
        ("pull", pull, f"bring {where}, such as one in git, to where the store is"),
        ("push", push, f"bring the store to where {where} is"),
    ):
        syncing = command(every, name, run, what)
        syncing.add_argument("folder", metavar="FOLDER")
        what = "also where both were changed"
        syncing.add_argument("--take", metavar="ID", action="append", default=[], help=what)
        what = "what is gone on the other side goes here, too"
        syncing.add_argument("--delete", action="store_true", help=what)


def _complain(text: Text) -> None:
    sys.stderr.write(f"{spoken(text)}\n")
