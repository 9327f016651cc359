"""A suite goes where its agent goes, its runs are kept, and publishing asks how they ended."""

import json

import pytest

from runtime.agents.agent import Agent
from runtime.agents.beside import MOST_FILES, files, files_folder, keep_file, suite_path
from runtime.agents.library import Library
from runtime.agents.syncing import Notes
from runtime.errors import BadAgent, BadMedia, Conflict, NotFound
from runtime.media.kept import KeptMedia
from runtime.models.senses import UsualModels
from runtime.senses.senses import Senses
from runtime.testing.attaching import Attached
from runtime.testing.gate import standing_of
from runtime.testing.kept_runs import MOST, KeptRuns, record, subject_of
from runtime.testing.running import run_case
from runtime.testing.suite import Suite
from runtime.testing.suites import Suites
from runtime.testing.syncing import SuitesInFolder, SuitesInStore, suites_brought
from runtime.testing.taken_along import exported, imported
from script import Script, agent, says, services

FLOW = [{"type": "reply", "id": "say", "text": "好：{{ message.text }}"}]


def suite(text="好", **more):
    lines = [{"says": "在吗", "checks": [{"type": "contains", "text": text}]}]
    return Suite.load({"format": 1, "cases": [{"id": "greets", "lines": lines}], **more})


class World:
    def __init__(self, home):
        self.home, self.data = home, home / "data"
        self.library = Library(home / "agents", home / "starters", self.data)
        self.agent = Agent.load({"id": "shop", "name": "店", "flow": FLOW})
        self.library.save(self.agent)
        self.suites = Suites(self.library.folder, self.data)
        self.runs = KeptRuns(self.data)

    def has(self, id="shop"):
        return bool(self.suites.open(id)[0].cases), [
            one.name for one in sorted(files_folder(id, self.library.folder).glob("*"))
        ]

    async def ran(self, it, at=0.0, **about):
        ended = [await run_case(case, self.library.whole("shop"), services()) for case in it.cases]
        subject = subject_of(self.library.get("shop").agent, self.home)
        self.runs.keep("shop", record(ended, at=at, subject=subject, **about))

    def standing(self):
        return standing_of(self.library.get("shop").agent, self.library.folder, self.data)


@pytest.fixture
def w(tmp_path):
    return World(tmp_path)


def test_it_is_copied_put_aside_and_brought_back_with_its_agent(w):
    w.suites.save("shop", suite(), "")
    folder = files_folder("shop", w.library.folder)
    folder.mkdir()
    (folder / "bill.txt").write_text("88")
    whole = (True, ["bill.txt"])
    assert w.has(w.library.duplicate("shop").agent.id) == whole
    token = w.library.delete("shop")
    assert (w.has(), folder.exists()) == ((False, []), False)
    w.library.restore(token)
    assert w.has() == whole
    source = suite_path("tea", w.home / "starters").with_suffix(".zh.json")
    source.parent.mkdir(parents=True)
    source.write_text(json.dumps(suite().to_json()))
    tea = {"format": 1, "id": "tea", "name": "茶", "flow": FLOW}
    (w.home / "starters" / "tea.zh.json").write_text(json.dumps(tea))
    assert w.has(w.library.create("tea").agent.id) == (True, [])


def test_what_is_handed_on_has_its_tests_in_it(w):
    def alike(agent):
        return agent

    bare = exported(w.library, "shop", w.data)
    assert bare == w.library.export("shop")
    it = suite()
    it.cases[0].lines[0].files.extend(["茶单.txt", "leaf.bin"])
    w.suites.save("shop", it, "")
    folder = files_folder("shop", w.library.folder)
    keep_file(folder, "茶单.txt", "龙井\r\n".encode(), ())
    keep_file(folder, "leaf.bin", b"\xff\x00\x01", ())
    keep_file(folder, "idle.txt", b"no line has it", ())
    text = exported(w.library, "shop", w.data)
    assert json.loads(text)["test_files"] == {
        "leaf.bin": {"base64": "/wAB"},
        "茶单.txt": {"text": "龙井\r\n"},
    }
    again = imported(w.library, text, w.data, alike)
    assert w.suites.open(again.id)[0] == it
    assert w.has(again.id) == (True, ["leaf.bin", "茶单.txt"])
    assert exported(w.library, again.id, w.data) == text.replace('"id": "shop"', f'"id": "{again.id}"')
    for name, one in (("../x", {"text": ""}), ("a.txt", {"base64": "%"}), ("a.txt", {}), ("a.txt", "x")):
        wrong = {**json.loads(text), "test_files": {name: one}}
        with pytest.raises(BadAgent, match="no file of a test"):
            imported(w.library, json.dumps(wrong), w.data, alike)
    broken = json.loads(text)
    broken["tests"]["cases"][0]["lines"] = []
    with pytest.raises(BadAgent) as e:
        imported(w.library, json.dumps(broken), w.data, alike)
    assert (e.value.field, len(w.library.list().agents)) == ("tests.cases.0.lines", 2)


def test_it_is_brought_to_a_folder_of_the_owners_and_back(w, tmp_path):
    folder = tmp_path / "git"

    def sides():
        return (
            SuitesInStore(w.library.folder, w.data),
            SuitesInFolder(folder),
            Notes(folder / "tests", "here"),
        )

    def pull():
        store, there, notes = sides()
        return [(step.agent, step.state) for step in suites_brought(store, there, notes, delete=False)]

    def push(*, delete=False):
        store, there, notes = sides()
        return [(step.agent, step.state) for step in suites_brought(there, store, notes, delete=delete)]

    assert (pull(), folder.exists()) == ([], False)
    w.suites.save("shop", suite(), "")
    assert pull() == [("shop", "brought")]
    file = folder / "tests" / "shop.json"
    file.write_text(file.read_text().replace("好", "不"))
    assert push() == [("shop", "brought")]
    assert w.suites.open("shop")[0] == suite("不")
    held = files_folder("shop", folder)
    held.mkdir()
    (held / "bill.txt").write_text("88")
    assert push() == [("shop", "brought")]
    assert w.has() == (True, ["bill.txt"])
    (folder / "tests" / "nobody.json").write_text(file.read_text())
    file.unlink()
    assert push(delete=True) == [("nobody", "wrong"), ("shop", "removed")]
    assert w.has() == (False, [])


def test_what_is_written_by_hand_stays_as_it_is_and_no_key_goes_to_a_folder(w, tmp_path):
    folder = tmp_path / "git"
    store, there = SuitesInStore(w.library.folder, w.data), SuitesInFolder(folder)
    (folder / "tests").mkdir(parents=True)
    file = folder / "tests" / "shop.json"
    written = json.dumps(suite().to_json(), ensure_ascii=True, indent=7).encode() + b"\n\n"
    file.write_bytes(written)
    push = list(suites_brought(there, store, Notes(folder / "tests", "here"), delete=False))
    pull = list(suites_brought(store, there, Notes(folder / "tests", "here"), delete=False))
    assert ([one.state for one in push], pull, file.read_bytes()) == (["brought"], [], written)
    secret = "sk-" + "a1b2c3d4" * 4
    w.suites.save("shop", suite(f"用 {secret}"), None)
    (step,) = suites_brought(store, there, Notes(folder / "tests", "here"), delete=False)
    assert (step.state, file.read_bytes()) == ("wrong", written)
    w.suites.save("shop", suite(), None)
    keep_file(files_folder("shop", w.library.folder), "k.txt", secret.encode(), ())
    (step,) = suites_brought(store, there, Notes(folder / "tests", "here"), delete=False)
    assert (step.state, step.text and secret in step.text.en) == ("wrong", False)


def test_nobody_overwrites_what_another_saved(w):
    with pytest.raises(NotFound):
        w.suites.save("nobody", suite(), "")
    first = w.suites.save("shop", suite(), "")
    with pytest.raises(Conflict):
        w.suites.save("shop", suite("别的"), "")
    assert w.suites.save("shop", Suite(), first) == ""
    assert not suite_path("shop", w.library.folder).exists()


async def test_publishing_is_warned_or_blocked_by_tests_that_fail_or_did_not_run_on_just_this(w):
    assert w.standing().is_well
    seen = []

    def look():
        it = w.standing()
        try:
            it.refuse()
            seen.append((it.is_well, list(it.failing), list(it.unknown)))
        except Conflict as e:
            seen.append(e.text.en.partition(".")[0])

    revision = w.suites.save("shop", suite("不", gate="block"), "")
    look()
    await w.ran(suite("不"), at=1)
    look()
    revision = w.suites.save("shop", suite("不"), revision)
    look()
    revision = w.suites.save("shop", suite("不", gate="off"), revision)
    look()
    w.suites.save("shop", suite(gate="block"), revision)
    look()
    await w.ran(suite(), at=2)
    look()
    await w.ran(suite("不"), at=3, model="other/one")
    look()
    more = w.agent.model_copy(update={"name": "别的店"})
    w.library.save(more, w.library.get("shop").revision)
    look()
    assert seen == [
        "1 of 1 tests did not run on the agent as it is now (greets)",
        "1 of 1 tests fail (greets)",
        (False, ["greets"], []),
        (True, ["greets"], []),
        "1 of 1 tests did not run on the agent as it is now (greets)",
        (True, [], []),
        (True, [], []),
        "1 of 1 tests did not run on the agent as it is now (greets)",
    ]


async def test_the_newest_runs_are_kept_whole_and_only_the_way_of_what_was_missed(w):
    for at in range(MOST + 3):
        await w.ran(suite("不" if at % 2 else "好"), at=float(at))
    kept = w.runs.all("shop")
    assert (len(kept), kept[0]["at"]) == (MOST, MOST + 2)
    passed, missed = kept[0]["cases"]["greets"], kept[1]["cases"]["greets"]
    assert (passed["ok"], passed["lines"], passed["answers"]) == (True, [], ["好：在吗"])
    assert (missed["ok"], missed["missed"][0]["says"]["zh"]) == (False, "回答是：好：在吗")
    assert "block_started" in [one["type"] for one in missed["lines"][0]]


async def test_another_model_may_be_asked_and_whoever_judges_stays_and_is_paid():
    models = Script([says("好", cost=0.5), says('{"reason": "有礼貌", "passes": true}', cost=0.25)])
    judged = {"type": "judged", "rubric": "有礼貌", "model": "judge/one"}
    [case] = Suite.load({"cases": [{"id": "one", "lines": [{"says": "在吗", "checks": [judged]}]}]}).cases
    it = Agent.load({"id": "m", "name": "m", "flow": [{"type": "model", "id": "m", "model": "a/b"}]})
    ran = await run_case(case, it, services(models), "c/d")
    assert [one.model for one in models.requests] == ["c/d", "judge/one"]
    assert (ran.ok, ran.dollars, ran.reasons[0][1].zh) == (True, 0.75, "有礼貌")


async def test_files_come_with_a_line_and_stay_known_in_the_conversation(w):
    folder = files_folder("shop", w.library.folder)
    senses = Senses(Script(), None, KeptMedia(w.data / "media"), lambda: UsualModels())
    it = agent(
        {
            "type": "reply",
            "id": "say",
            "text": "{{ message.files[0].text if message.files else message.text }}",
        }
    )
    lines = [{"files": ["bill.txt"], "checks": [{"type": "contains", "text": "88"}]}, {"says": "谢谢"}]
    [case] = Suite.load({"cases": [{"id": "one", "lines": lines}]}).cases
    attached = Attached(senses, folder)
    assert "bill.txt" in (await run_case(case, it, services(), "", attached)).missed[0].says.en
    assert keep_file(folder, "bill.txt", "共 88 元".encode(), ()) == "bill.txt"
    assert keep_file(folder, "bill.txt", b"other", ()) == "bill-2.txt"
    assert (await run_case(case, it, services(), "", attached)).missed == []
    for name in ("../x", ".x", "a/b", "", "a" * 101):
        with pytest.raises(BadAgent):
            Suite.load({"cases": [{"id": "one", "lines": [{"says": "x", "files": [name]}]}]})
    with pytest.raises(BadAgent):
        Suite.load({"cases": [{"id": "one", "lines": [{"says": ""}]}]})
    for number in range(MOST_FILES):
        keep_file(folder, f"{number}.txt", b"x", ())
    assert len(files(folder)) == MOST_FILES
    with pytest.raises(BadMedia):
        keep_file(folder, "more.txt", b"y", {one.name for one in files(folder)})
