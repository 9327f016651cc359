"""Run an agent's tests: one JSON line a case, and JUnit's file for a CI."""

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.agents.agent import Agent
from runtime.agents.beside import files_folder
from runtime.cli.parsing import amount, command, count
from runtime.cli.printing import control_of, say
from runtime.cli.spoken import spoken
from runtime.cli.tested_version import DRAFT, tested
from runtime.errors import NotFound, NotSaved
from runtime.knowledge.search.searching import Searching
from runtime.lang import NOTHING, Text, listed
from runtime.media.kept import KeptMedia
from runtime.models.prices import YUAN
from runtime.models.routed import RoutedModels
from runtime.network.egress import Egress
from runtime.safety.words.lists import WordLists
from runtime.senses.senses import Senses
from runtime.settings import Settings
from runtime.store.messages.sealed_files import SealedFiles
from runtime.templating.prompts import prompts_of
from runtime.testing.attaching import Attached
from runtime.testing.junit import junit
from runtime.testing.kept_runs import KeptRuns, record
from runtime.testing.running import AT_ONCE, Ran, run
from runtime.testing.suite import Suite, suite_of
from runtime.turn.turn import Services

if TYPE_CHECKING:
    from runtime.cli.parsing import Parsers

MISSED, STOPPED = 1, 3
"""How the program ends when a case is not passed, and when a limit ended it before all were run."""
NO_CASE = Text("没有「{id}」这个测试；有：{known}", "There is no case {id!r}; there are: {known}")
TOO_LONG = Text(
    "到了 {seconds} 秒的限制，没有跑完。", "The limit of {seconds} s ended it before all were run."
)
TOO_DEAR = Text(
    "花了 {spent} 元，到了 {yuan} 元的限制，没有跑完。",
    "{spent} yuan are spent, the limit of {yuan} ended it before all were run.",
)
NO_PRICE = Text(
    "有模型不知道价格，守不住花费的限制：请在「模型」页填上价格，或去掉 --yuan。",
    "A model's price is unknown, so no limit of costs can be kept: enter it on the Models page, or leave "
    "--yuan out.",
)
BY_WORDS = Text(
    "判断意思的部分没有就绪，有的测试只按字面比较，结果可能和平时不同。",
    "What tells meanings was not there: some tests compared words only, and may end otherwise another time.",
)
NOT_WRITTEN = Text("写不了「{file}」（{why}）。", "Cannot write {file!r} ({why}).")


@needs(Permission.AGENTS_RUN)
def test(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Ends with 1 when a case is not passed, with 3 when a limit ended it.

    Raises NotFound, BadAgent, NotSaved.
    """
    which = tested(options.agent, options.version, settings)
    agent, model = which.agent, options.model
    suite = _chosen(suite_of(options.agent, settings.agents), options.cases)
    limit = Limit(options.seconds, options.yuan)
    ran = asyncio.run(run_suite(suite, agent, settings, limit, model=model, at_once=options.at_once))
    about = {"at": time.time(), "by": who.id, "version": which.key, "model": model}
    KeptRuns(settings.data).keep(options.agent, record(ran, **about, subject=which.subject))
    left = [case for case in suite.cases if case.id not in {one.case.id for one in ran}]
    for case in left if limit.why else ():
        say({"case": case.id, "title": case.title, "ok": False, "not_run": limit.why.to(agent.language)})
    if any(one.by_words for one in ran):
        sys.stderr.write(f"{spoken(BY_WORDS)}\n")
    if options.junit:
        _write(Path(options.junit), junit(options.agent, ran, agent.language, left, limit.why))
    if not all(one.ok for one in ran):
        raise SystemExit(MISSED)
    if left:
        sys.stderr.write(f"{spoken(limit.why)}\n")
        raise SystemExit(STOPPED)


@dataclass
class Limit:
    """Of all cases together; 0: none. `why`: what ended them, once it did."""

    seconds: float
    yuan: float
    why: Text = NOTHING
    spent: float = 0.0

    def count(self, ran: Ran) -> bool:
        """Whether no other case may begin after that one."""
        if self.yuan and ran.dollars is None:
            self.why = NO_PRICE
        elif self.yuan:
            self.spent += (ran.dollars or 0.0) * YUAN
            if self.spent >= self.yuan:
                self.why = TOO_DEAR.fill(yuan=self.yuan, spent=round(self.spent, 4))
        return self.why is not NOTHING


def _chosen(suite: Suite, ids: Sequence[str]) -> Suite:
    """Raises NotFound."""
    known = [case.id for case in suite.cases]
    for id in ids:
        if id not in known:
            raise NotFound(NO_CASE.fill(id=id, known=listed(known)), field="--case")
    cases = [case for case in suite.cases if not ids or case.id in ids]
    return suite.model_copy(update={"cases": cases})


async def run_suite(
    suite: Suite, agent: Agent, settings: Settings, limit: Limit, *, model: str = "", at_once: int
) -> list[Ran]:
    """In the order of the file; what a limit ended is not in it."""
    control = control_of(settings)
    egress = Egress(settings.egress_allow, proxy=settings.proxy)
    kept = KeptMedia(settings.data / "media", SealedFiles(settings.data / "messages.db"))
    models = RoutedModels(control, http=egress, kept=kept.read, policy=control.policy)
    searching = Searching(settings.data / "knowledge", models.ranks)
    models.routing.meanings = searching.meanings
    services = Services(
        models=models,
        budgets=models.budgets,
        prompts=prompts_of(settings.home),
        http=egress,
        secrets=control.secrets,
        knowledge=searching,
        reads=kept.read,
        lists=WordLists(settings.home),
    )
    senses = Senses(models, models.sound, kept, control.usual_models)
    attached = Attached(senses, files_folder(agent.id, settings.agents))
    ran: list[Ran] = []
    running = run(suite, agent, services, at_once=at_once, model=model, attached=attached)
    try:
        async with asyncio.timeout(limit.seconds or None), aclosing(running) as cases:
            async for one in cases:
                say(one.to_json(agent.language))
                ran.append(one)
                if limit.count(one):
                    break
    except TimeoutError:
        limit.why = TOO_LONG.fill(seconds=limit.seconds)
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
    what = "PUBLICATION.NUMBER, or the note of one of its history, instead of the saved draft"
    testing.add_argument("--version", metavar="VERSION", default=DRAFT, help=what)
    what = "ask this one instead of the agent's own; whoever judges stays"
    testing.add_argument("--model", metavar="NAME/MODEL", default="", help=what)
    what = "end after so many seconds, with 3 if not all were run"
    testing.add_argument("--seconds", metavar="N", type=amount, default=0.0, help=what)
    what = "begin no case once so many yuan are spent, and end with 3 if not all were run"
    testing.add_argument("--yuan", metavar="N", type=amount, default=0.0, help=what)
    what = "how many run side by side"
    testing.add_argument("--at-once", metavar="N", type=count, default=AT_ONCE, help=what)
