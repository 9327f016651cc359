"""Running a suite: begun once for all who click, looked at meanwhile, cancelled, kept when it is over."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from builder.actions import Notice, excuse, pair
from builder.actions.counting import count
from builder.actions.history import going_on
from builder.actions.lasting import begins, brief
from builder.actions.made_of import was_forgotten
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.agents.agent import Agent
from runtime.agents.beside import files_folder
from runtime.agents.nesting import gathered
from runtime.errors import HongyanError, Invalid
from runtime.lang import Text
from runtime.newest import Newest
from runtime.testing.attaching import Attached
from runtime.testing.kept_runs import FOLDER, KeptRuns, outcome, subject_of
from runtime.testing.running import run
from runtime.testing.suite import Suite
from runtime.testing.suites import Suites
from runtime.testing.under_way import UnderWay

Json = dict[str, Any]
DRAFT = "draft"
AT_ONCE = 4
MOST_AT_ONCE = 16
MOST_SIDES = 4
AGENTS = 50
"""Whose newest run is remembered."""
OFTEN, SELDOM = 0.5, 5.0
"""Seconds between two looks at whether it is to end, and between two words that it goes on."""
ENDS = 15.0
"""Seconds within which a run of another instance ends that is to."""

NOTHING = Text("没有可以运行的测试。", "There is no test to run.")
SIDES = Text("一次最多比较 {most} 个。", "{most} at most are compared at once.")
CANCELLED = Text("已取消，运行完的结果留下了。", "Cancelled; what had ended is kept.")

log = logging.getLogger("hongyan.builder")


@dataclass
class Side:
    """What is tested: a version, with the model that it names or another one."""

    version: str
    model: str
    agent: Agent
    subject: str
    cases: dict[str, Json] = field(default_factory=dict)

    def light(self) -> Json:
        some = {id: {name: one[name] for name in ("ok", "seconds", "yuan")} for id, one in self.cases.items()}
        return {"version": self.version, "model": self.model, "cases": some}


@dataclass
class Running:
    began: float
    by: str
    cases: Sequence[str]
    sides: Sequence[Side]
    trouble: Text | None = None
    cancelled: bool = False
    task: "asyncio.Task[None] | None" = None

    @property
    def is_over(self) -> bool:
        return self.task is None or self.task.done()

    def to_json(self) -> Json:
        return {
            "began": self.began,
            "cases": list(self.cases),
            "sides": [side.light() for side in self.sides],
            "done": sum(len(side.cases) for side in self.sides),
            "all": len(self.cases) * len(self.sides),
            "over": self.is_over,
            "cancelled": self.cancelled,
            "trouble": pair(self.trouble) if self.trouble else None,
        }


RUNNING = Newest[tuple[str, str], Running](AGENTS)
"""By the installation and the agent."""


@needs(Permission.AGENTS_RUN, on="id")
@begins(seen="look_tests", ended="cancel_tests")
async def begin_tests(
    studio: Studio,
    who: Actor,
    id: str,
    cases: Sequence[str] = (),
    sides: Sequence[Json] = (),
    at_once: int = AT_ONCE,
) -> Json:
    """`cases`: ids, none: all; `sides`: {version, model} each, none: the draft.

    Where they run already, whoever began that: how far it is, with `joined`.
    Raises Invalid, NotFound, BadAgent, NotSaved.
    """
    suite = await asyncio.to_thread(_chosen, studio, id, cases)
    if len(sides) > MOST_SIDES:
        raise Invalid(SIDES.fill(most=MOST_SIDES))
    wanted = sides or [{"version": DRAFT, "model": ""}]
    made = [await asyncio.to_thread(_side, studio, id, one) for one in wanted]
    begun = Running(time.time(), who.id, [one.id for one in suite.cases], made)
    room = max(1, min(int(at_once), MOST_AT_ONCE) // len(made))
    going = _going(studio, id)
    if not await asyncio.to_thread(going.begin):
        return {**(await running(studio, id) or begun.to_json()), "over": False, "joined": True}
    work = _run(studio, id, begun, suite, room, going)
    begun.task = asyncio.get_running_loop().create_task(work, name=f"tests of {id}")
    RUNNING[(str(studio.settings.data), id)] = begun
    return begun.to_json()


@needs(Permission.AGENTS_VIEW, on="id")
@brief("how far it is, is in memory")
async def look_tests(studio: Studio, id: str) -> Json | None:
    """How far the newest run is, whichever instance has it; None when there was none."""
    return await running(studio, id)


@needs(Permission.AGENTS_RUN, on="id")
@brief("it only stops")
async def cancel_tests(studio: Studio, id: str) -> Notice:
    """What has ended is kept."""
    found = RUNNING.get((str(studio.settings.data), id))
    if found is not None and found.task is not None and not found.is_over:
        found.cancelled = True
        found.task.cancel()
        await asyncio.wait({found.task}, timeout=10)
    else:
        await _cancel_elsewhere(_going(studio, id))
    return Notice(CANCELLED)


async def _cancel_elsewhere(going: UnderWay) -> None:
    told = await asyncio.to_thread(going.how_far)
    if told is None or told.get("over"):
        return
    await asyncio.to_thread(going.stop, told["began"])
    try:
        async with asyncio.timeout(ENDS):
            while told and not told.get("over"):
                await asyncio.sleep(OFTEN)
                told = await asyncio.to_thread(going.how_far)
    except TimeoutError:  # it ends once its instance is heard of again
        return


async def running(studio: Studio, id: str) -> Json | None:
    """Of this instance or another one."""
    found = RUNNING.get((str(studio.settings.data), id))
    if found is not None and not found.is_over:
        return found.to_json()
    told = await asyncio.to_thread(_going(studio, id).how_far)
    newest = found is not None and (told is None or told.get("began", 0.0) <= found.began)
    return found.to_json() if found is not None and newest else told


def _going(studio: Studio, id: str) -> UnderWay:
    return UnderWay(studio.settings.data / FOLDER, id)


def _chosen(studio: Studio, id: str, cases: Sequence[str]) -> Suite:
    suite, _ = Suites(studio.library.folder, studio.settings.data).open(id)
    chosen = [one for one in suite.cases if not cases or one.id in cases]
    if not chosen:
        raise Invalid(NOTHING)
    return suite.model_copy(update={"cases": chosen})


def _side(studio: Studio, id: str, wanted: Json) -> Side:
    key, model = str(wanted.get("version") or DRAFT), str(wanted.get("model") or "")
    home = studio.settings.home
    is_draft = key == DRAFT
    saved = studio.library.get(id).agent if is_draft else Agent.load(going_on(studio, id, key))
    return Side(key, model, gathered(saved, home), subject_of(saved, home))


async def _run(studio: Studio, id: str, begun: Running, suite: Suite, room: int, going: UnderWay) -> None:
    """Whatever happens, what has ended is kept, and others may run them again."""
    me = asyncio.current_task()
    telling = asyncio.create_task(_tell(going, begun, me.cancel if me else lambda: False))
    try:
        async with asyncio.TaskGroup() as group:
            for side in begun.sides:
                group.create_task(_run_side(studio, id, side, suite, room, begun.by))
    except* HongyanError as e:
        begun.trouble = next(one.text for one in e.exceptions if isinstance(one, HongyanError))
    except* Exception:  # noqa: BLE001 # somebody looks on and is told; the bug is logged
        begun.trouble = excuse("tests")
    finally:
        telling.cancel()
        try:
            await asyncio.to_thread(_keep, studio, id, begun)
        except HongyanError as e:
            begun.trouble = e.text
        finally:
            await asyncio.to_thread(going.end, {**begun.to_json(), "over": True})


async def _tell(going: UnderWay, begun: Running, cancel: Callable[[], object]) -> None:
    """Others of how far it is, as soon as it changes; and whether one of them wants it to end."""
    said, at = None, 0.0
    while True:
        how_far = begun.to_json()
        try:
            if how_far["done"] != said or time.time() - at > SELDOM:
                await asyncio.to_thread(going.tell, how_far)
                said, at = how_far["done"], time.time()
            if await asyncio.to_thread(going.is_to_stop, begun.began):
                begun.cancelled = True
                cancel()
                return
        except HongyanError as e:
            log.warning("how far tests are is not told: %s", e.text.en)
        await asyncio.sleep(OFTEN)


async def _run_side(studio: Studio, id: str, side: Side, suite: Suite, room: int, by: str) -> None:
    attached = Attached(studio.senses, files_folder(id, studio.library.folder))
    ended = run(suite, side.agent, studio.services, at_once=room, model=side.model, attached=attached)
    async with studio.trying(by, long=True), aclosing(ended) as cases:
        async for one in cases:
            side.cases[one.case.id] = outcome(one)
            await count(studio, side.agent, one.paid, by)


def _keep(studio: Studio, id: str, begun: Running) -> None:
    kept = KeptRuns(studio.settings.data)
    for number, side in enumerate(begun.sides):
        if side.cases:
            about = {"of": begun.began, "by": begun.by, "version": side.version, "model": side.model}
            at = round(begun.began + number / 1000, 3)
            more = {"cancelled": begun.cancelled, "subject": side.subject, "cases": side.cases}
            kept.keep(id, {"at": at, **about, **more})
            whose = [who for one in side.cases.values() for who in one.get("made_of", ())]
            was_forgotten(studio.settings.agents, studio.settings.data, whose)
