"""Run an agent's tests: one JSON line a case, and JUnit's file for a CI."""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.agents.agent import Agent
from runtime.agents.beside import files_folder
from runtime.agents.library import Library
from runtime.cli.knowledge_search import LOADING
from runtime.cli.parsing import command, count
from runtime.errors import NotFound, NotSaved
from runtime.knowledge.search.searching import Searching
from runtime.lang import Text, listed
from runtime.media.kept import KeptMedia
from runtime.models.routed import RoutedModels
from runtime.network.egress import Egress
from runtime.senses.senses import Senses
from runtime.settings import Settings
from runtime.store.control.control import Control
from runtime.templating.prompts import prompts_of
from runtime.testing.attaching import Attached
from runtime.testing.junit import junit
from runtime.testing.kept_runs import KeptRuns, record, subject_of
from runtime.testing.running import AT_ONCE, Ran, run
from runtime.testing.suite import Suite, suite_of
from runtime.turn.turn import Services

if TYPE_CHECKING:
    from runtime.cli.parsing import Parsers

MISSED = 1
"""How the program ends when a case is not passed."""
NO_CASE = Text("没有「{id}」这个测试；有：{known}", "There is no case {id!r}; there are: {known}")
NOT_WRITTEN = Text("写不了「{file}」（{why}）。", "Cannot write {file!r} ({why}).")


@needs(Permission.AGENTS_RUN)
def test(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Ends with 1 when a case is not passed. Raises NotFound, BadAgent, NotSaved."""
    library = Library(settings.agents, settings.templates / "agents", settings.data)
    agent = library.whole(options.agent)
    suite = _chosen(suite_of(options.agent, settings.agents), options.cases)
    ran = asyncio.run(_run(suite, agent, settings, options.at_once))
    about = {"at": time.time(), "by": who.id, "version": "draft", "model": ""}
    subject = subject_of(library.get(options.agent).agent, settings.home)
    KeptRuns(settings.data).keep(agent.id, record(ran, **about, subject=subject))
    if options.junit:
        _write(Path(options.junit), junit(agent.id, ran, agent.language))
    if not all(one.ok for one in ran):
        raise SystemExit(MISSED)


def _chosen(suite: Suite, ids: Sequence[str]) -> Suite:
    """Raises NotFound."""
    known = [case.id for case in suite.cases]
    for id in ids:
        if id not in known:
            raise NotFound(NO_CASE.fill(id=id, known=listed(known)), field="--case")
    cases = [case for case in suite.cases if not ids or case.id in ids]
    return suite.model_copy(update={"cases": cases})


async def _run(suite: Suite, agent: Agent, settings: Settings, at_once: int) -> list[Ran]:
    """In the order of the file."""
    control = Control.in_folder(settings.data, settings.secret_key)
    egress = Egress(settings.egress_allow, proxy=settings.proxy)
    kept = KeptMedia(settings.data / "media")
    models = RoutedModels(control, http=egress, kept=kept.read, policy=control.policy)
    searching = Searching(settings.data / "knowledge", models.ranks, patience=LOADING)
    services = Services(
        models=models,
        budgets=models.budgets,
        prompts=prompts_of(settings.home),
        http=egress,
        secrets=control.secrets,
        knowledge=searching,
        reads=kept.read,
    )
    senses = Senses(models, models.sound, kept, control.usual_models)
    attached = Attached(senses, files_folder(agent.id, settings.agents))
    ran = []
    try:
        async with aclosing(run(suite, agent, services, at_once=at_once, attached=attached)) as cases:
            async for one in cases:
                sys.stdout.write(json.dumps(one.to_json(agent.language), ensure_ascii=False) + "\n")
                sys.stdout.flush()
                ran.append(one)
    finally:
        for part in (searching, models, egress):
            await part.close()
    order = {case.id: place for place, case in enumerate(suite.cases)}
    return sorted(ran, key=lambda one: order[one.case.id])


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as e:
        raise NotSaved(NOT_WRITTEN.fill(file=str(path), why=e.strerror), field="--junit") from None


def add_testing(every: "Parsers") -> None:
    """…and how it is asked for."""
    testing = command(every, "test", test, "run an agent's tests, agents/tests/AGENT.json")
    testing.add_argument("agent", metavar="AGENT")
    testing.add_argument("--junit", metavar="FILE", help="write what came of it as JUnit's XML")
    what = "only this one; may be given several times"
    testing.add_argument("--case", metavar="ID", action="append", default=[], dest="cases", help=what)
    what = "how many run side by side"
    testing.add_argument("--at-once", metavar="N", type=count, default=AT_ONCE, help=what)
