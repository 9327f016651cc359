"""The page of test sets: what it shows, what it saves, how it runs them and what it tells of that."""

import asyncio
import json
import time
from dataclasses import replace

import pytest
from builder_world import ASK, add

from builder.actions import bound, click, suite_runs
from builder.actions.publish import create_key, go_live
from builder.actions.publish import overview as publish_page
from builder.actions.suite_runs import RUNNING
from builder.pages.tests import ACTIONS
from runtime.access.actor import OWNER, Actor
from runtime.access.permissions import Permission
from runtime.publish import publish
from runtime.testing import under_way
from runtime.testing.under_way import UnderWay
from script import Script, says


def case(id="greets", text="好", says="在吗"):
    return {"id": id, "lines": [{"says": says, "checks": [{"type": "contains", "text": text}]}]}


class Stuck(Script):
    """Answers once; whoever asks again waits."""

    def __init__(self, answers):
        super().__init__(answers)
        self.asked = asyncio.Event()

    async def complete(self, request, on_text=None, on_reset=None):
        if self.requests:
            self.asked.set()
            await asyncio.Event().wait()
        return await super().complete(request, on_text, on_reset)


class Page:
    def __init__(self, studio):
        self.studio, self.actions = studio, bound(studio, *ACTIONS)

    async def ask(self, name, who=OWNER, **args):
        return await click(self.actions, {"action": name, "args": {"id": "shop", **args}}, who)

    async def value(self, name, **args):
        answer = await self.ask(name, **args)
        assert answer["ok"], answer["text"]
        return answer["value"]

    async def keep(self, *cases, revision=None, **more):
        revision = (await self.value("overview"))["revision"] if revision is None else revision
        return await self.ask("save_suite", suite={"cases": cases, **more}, revision=revision)

    async def ran(self, **wish):
        await self.value("begin_tests", **wish)
        await RUNNING[str(self.studio.settings.data), "shop"].task
        return await self.value("look_tests")


@pytest.fixture
def page(studio):
    return Page(studio)


async def test_what_is_wrong_is_told_by_its_field_and_what_another_saved_stays(page, studio):
    add(studio)
    wrong = {"id": "a", "lines": [{"says": "在吗", "checks": [{"type": "within", "seconds": 0}]}]}
    assert (await page.keep(wrong))["field"] == "cases.0.lines.0.checks.0.seconds"
    saved = await page.keep(case())
    assert saved["value"]["standing"]["unknown"] == ["greets"]
    assert (await page.keep(case("other"), revision=""))["code"] == "Conflict"
    opened = await page.value("overview")
    assert [one["id"] for one in opened["suite"]["cases"]] == ["greets"]
    assert set(opened["forms"]["checks"]) >= {
        "contains",
        "json",
        "calls",
        "cites",
        "passes",
        "within",
        "costs",
    }
    assert opened["known"]["blocks"] == [{"value": "say", "title": "回复"}]


async def test_a_run_is_kept_with_what_changed_since_the_one_before_and_the_way_of_what_fails(page, studio):
    add(studio)
    await page.keep(case(), case("bad", "不"))
    now = await page.ran()
    assert (now["done"], now["all"], now["trouble"]) == (2, 2, None)
    await page.keep(case(text="不"), case("bad"))
    await page.ran()
    runs = (await page.value("overview"))["runs"]
    told = [{id: (one["ok"], one["was"], one["differs"]) for id, one in run["cases"].items()} for run in runs]
    assert told == [
        {"greets": (False, True, False), "bad": (True, False, False)},
        {"greets": (True, None, False), "bad": (False, None, False)},
    ]
    await page.ran(cases=["bad"])
    opened = await page.value("overview")
    assert (len(opened["runs"][0]["cases"]), opened["standing"]["failing"]) == (1, ["greets"])
    found = await page.value("outcome", at=runs[0]["at"], case="greets")
    assert (found["answers"], found["missed"][0]["says"]["en"]) == (["好"], "the answer is: 好")
    assert [one["type"] for one in found["lines"][0]][:2] == ["block_started", "block_finished"]


async def test_versions_and_models_stand_side_by_side_and_what_they_take_is_counted(page, studio, script):
    add(studio, ASK)
    await page.keep(case(text="九点"))
    published = publish(studio.control, studio.library.get("shop").agent, "api", {})
    script.answers = [says("九点", cost=0.5), says("十点", cost=0.25)]
    sides = [{"version": f"{published.publication}.1"}, {"version": "draft", "model": "other/one"}]
    now = await page.ran(sides=sides, at_once=1)
    assert {one.model for one in script.requests} == {"default", "other/one"}
    assert sorted(one["cases"]["greets"]["yuan"] for one in now["sides"]) == [1.775, 3.55]
    assert sum(one.cost for one in script.paid) == 0.75
    opened = await page.value("overview")
    assert {(one["version"], one["model"]) for one in opened["runs"]} == {
        ("draft", "other/one"),
        (sides[0]["version"], ""),
    }
    assert len({one["of"] for one in opened["runs"]}) == 1
    assert (await page.ask("begin_tests", sides=sides * 3))["ok"] is False


async def test_a_run_is_cancelled_and_what_had_ended_is_kept(page, studio):
    add(studio, ASK)
    stuck = Stuck([says("好")])
    studio.services = replace(studio.services, models=stuck)
    await page.keep(case(), case("second"))
    await page.value("begin_tests", at_once=1)
    await stuck.asked.wait()
    joined = await page.value("begin_tests", cases=["second"])  # another tab
    assert (joined["joined"], joined["over"], joined["cases"]) == (True, False, ["greets", "second"])
    await page.value("cancel_tests")
    now = await page.value("look_tests")
    assert (now["over"], now["cancelled"], now["trouble"], now["done"]) == (True, True, None, 1)
    [kept] = (await page.value("overview"))["runs"]
    assert (kept["cancelled"], [*kept["cases"]]) == (True, ["greets"])


async def test_another_instance_sees_how_far_it_is_and_can_cancel_it(page, studio, monkeypatch):
    monkeypatch.setattr(suite_runs, "OFTEN", 0.01)
    add(studio, ASK)
    stuck = Stuck([says("好")])
    studio.services = replace(studio.services, models=stuck)
    await page.keep(case(), case("second"))
    await page.value("begin_tests", at_once=1)
    await stuck.asked.wait()
    mine = RUNNING.pop((str(studio.settings.data), "shop"), None)  # whoever looks now is another instance
    for _ in range(10_000):
        if (await page.value("look_tests") or {}).get("done"):
            break
    joined = await page.value("begin_tests", cases=["second"])
    assert (joined["joined"], joined["over"], joined["cases"]) == (True, False, ["greets", "second"])
    assert (await page.value("overview"))["running"]["done"] == 1
    await page.value("cancel_tests")
    now = await page.value("look_tests")
    assert (mine.task.done(), now["over"], now["cancelled"], now["done"]) == (True, True, True, 1)
    assert len((await page.value("overview"))["runs"]) == 1
    assert "joined" not in await page.value("begin_tests", cases=["greets"])
    await page.value("cancel_tests")


async def test_a_run_whose_instance_died_is_over_and_another_may_begin(page, studio, monkeypatch):
    add(studio)
    await page.keep(case())
    going = UnderWay(studio.settings.data / "tests", "shop")
    assert going.begin()
    going.tell(
        {"began": 1.0, "cases": ["greets"], "sides": [], "done": 0, "all": 1, "over": False, "trouble": None}
    )
    monkeypatch.setattr(under_way, "SILENT", -1.0)
    assert (await page.value("look_tests"))["over"] is False  # its lock is held
    going._lock.give_back()
    seen = await page.value("look_tests")
    assert (seen["over"], "broke off" in seen["trouble"]["en"]) == (True, True)
    going._told.write_text(json.dumps({"began": 1.0, "over": False, "told": time.time() + 1e6}), "utf-8")
    assert going.how_far()["over"] is True  # whose clock was ahead has died, too
    assert (await page.ran())["done"] == 1


async def test_whoever_may_only_look_runs_and_changes_nothing(page, studio):
    add(studio)
    await page.keep(case())
    looks = Actor("looks", frozenset({Permission.AGENTS_VIEW}))
    opened = await page.ask("overview", looks)
    assert opened["value"]["may"] == {"edit": False, "run": False}
    refused = [await page.ask(name, looks, suite={}, revision="") for name in ("save_suite",)]
    refused += [await page.ask(name, looks) for name in ("begin_tests", "cancel_tests")]
    assert {one["code"] for one in refused} == {"agents.edit", "agents.run"}


async def test_the_publish_page_tells_how_the_tests_ended_and_what_blocks_is_not_published(page, studio):
    studio.checkups = None
    add(studio)
    publishing = bound(studio, go_live, create_key, publish_page)

    async def publishes(action="go_live", **more):
        args = {"agent": "shop", **({"channel": "api", "given": {}} if action == "go_live" else {})}
        return await click(publishing, {"action": action, "args": {**args, **more}}, OWNER)

    await page.keep(case(text="不"), gate="block")
    refused = [await publishes(), await publishes("create_key")]
    assert [(one["code"], one["field"]) for one in refused] == [("Conflict", "tests")] * 2
    await page.ran()
    seen = (await publishes("overview"))["value"]["tests"]
    assert (seen["well"], seen["says"]["en"]) == (False, "1 of 1 tests fail (greets).")
    await page.keep(case(text="不"))
    assert (await publishes())["ok"]
    path = studio.library.folder / "tests" / "shop.json"
    path.write_text("{")
    assert "cannot be read" in (await publishes("overview"))["value"]["tests"]["says"]["en"]


def test_a_wish_to_stop_is_for_the_run_of_which_it_was_said(tmp_path):
    going = UnderWay(tmp_path, "shop")
    going.stop(1.0)
    assert [going.is_to_stop(began) for began in (1.0, 2.0)] == [True, False]
    assert going.begin()
    assert not going.is_to_stop(1.0)
    going.end({})
