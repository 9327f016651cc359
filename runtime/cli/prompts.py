"""Prompt templates: which there are, one as it is, and bringing over those of a folder."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.agents.in_folder import InFolder, within
from runtime.agents.syncing import Notes, bring
from runtime.cli.agent_folder import add_syncing, tell_steps
from runtime.cli.parsing import command
from runtime.cli.printing import control_of, library_of, say
from runtime.errors import BadTemplate, NotFound
from runtime.lang import Text, listed
from runtime.prompt_library.library import PromptLibrary
from runtime.prompt_library.syncing import FOLDER, PromptsInFolder, PromptsInStore
from runtime.prompt_library.using import using
from runtime.settings import Settings

if TYPE_CHECKING:
    from runtime.cli.parsing import Parsers

NOT_WRITTEN_IN = Text(
    "「{id}」没有这种语言的，有：{there}", "{id!r} is not written in that language; it is in: {there}"
)


@needs(Permission.AGENTS_VIEW)
def list_prompts(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """One line a template: the owner's first, then the given ones; a broken one with what is wrong."""
    prompts, users = PromptLibrary(settings.home), using(library_of(settings))
    own, given = prompts.own.ids() - prompts.own.given(), prompts.own.given()
    for id in [*sorted(own), *sorted(given)]:
        line = {"id": id, "given": id in given, "used_by": [one.id for one in users.get(id, [])]}
        try:
            line["titles"] = {code: one.title for code, one in prompts.own.get(id).items()}
        except BadTemplate as e:
            line["broken"] = e.text.by_language()
        say(line)


@needs(Permission.AGENTS_VIEW)
def show_prompt(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Its file. Raises NotFound, BadTemplate."""
    found = PromptLibrary(settings.home).own.get(options.id)
    language = options.lang or next(iter(found))
    if language not in found:
        raise NotFound(NOT_WRITTEN_IN.fill(id=options.id, there=listed(found)), field="--lang")
    sys.stdout.write(found[language].to_file())


@needs(Permission.AGENTS_VIEW)
def pull(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """The store's into the folder. Raises Conflict when something was left alone, BadSettings, NotSaved."""
    folder, store, notes = _both(options, settings, who)
    steps = bring(store, folder, notes, options.take, delete=options.delete)
    tell_steps([("prompt", steps)], "pulled", "to_push", "prompt")


@needs(Permission.AGENTS_EDIT)
def push(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """The folder's into the store; what was there is kept among its versions. Raises as `pull`."""
    if options.delete:
        who.must(Permission.AGENTS_DELETE)
    folder, store, notes = _both(options, settings, who)
    steps = bring(folder, store, notes, options.take, delete=options.delete)
    tell_steps([("prompt", steps)], "pushed", "to_pull", "prompt")


def _both(
    options: argparse.Namespace, settings: Settings, who: Actor
) -> tuple[PromptsInFolder, PromptsInStore, Notes]:
    folder = Path(options.folder).expanduser()
    InFolder(folder, settings.agents)
    inside = within(folder, FOLDER)
    InFolder(inside, settings.home / FOLDER)
    control = control_of(settings)
    store = PromptsInStore(PromptLibrary(settings.home), who.id)
    return (
        PromptsInFolder(inside),
        store,
        Notes(inside, control.mark("folder of agents")[:16]),
    )


def add_prompts(prompt: "Parsers") -> None:
    """…and how they are asked for."""
    command(prompt, "list", list_prompts, "the templates there are, and who uses them")
    showing = command(prompt, "show", show_prompt, "print one, as its file is")
    showing.add_argument("id", metavar="ID")
    showing.add_argument(
        "--lang", metavar="LANGUAGE", default="", help="zh or en; the first there is if omitted"
    )
    add_syncing(prompt, pull, push, "FOLDER/prompts")
