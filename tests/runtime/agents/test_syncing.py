"""A folder of agents and the store: each is brought to where the other is, and nothing is lost."""

import json
from dataclasses import dataclass

import pytest

from runtime.agents.agent import Agent
from runtime.agents.history import History
from runtime.agents.in_folder import InFolder
from runtime.agents.in_store import InStore
from runtime.agents.library import Library
from runtime.agents.syncing import NOTES, Notes, bring
from runtime.errors import BadSettings

SECRET = {
    "id": "ask",
    "type": "tool",
    "tool": {
        "type": "http_request",
        "url": "https://api.example.com/",
        "headers": {"x": "{{ secret.shop }}"},
    },
}


def agent(name="Shop", **fields):
    return Agent.load({"format": 1, "id": "shop", "name": name, "flow": [], **fields})


class World:
    """A store and a folder that both have what `alike` says, and were synced."""

    def __init__(self, home, alike=None):
        self.library = Library(home / "agents", home / "none", home / "data")
        self.history = History(home / "data/history")
        self.folder = home / "git"
        if alike:
            self.save(alike)
        self.pull()

    def save(self, agent):
        there = self.library.folder / "shop.json"
        self.library.save(agent, self.library.get("shop").revision if there.exists() else None)

    def write(self, data):
        self.folder.mkdir(exist_ok=True)
        (self.folder / "shop.json").write_text(data if isinstance(data, str) else json.dumps(data.to_json()))

    def sides(self):
        folder = InFolder(self.folder, self.library.folder)
        return folder, InStore(self.library, self.history, "me"), Notes(self.folder, "here")

    def pull(self, *take, **wish):
        folder, store, notes = self.sides()
        return {step.agent: step.state for step in bring(store, folder, notes, take, **wish)}

    def push(self, *take, **wish):
        folder, store, notes = self.sides()
        return {step.agent: step.state for step in bring(folder, store, notes, take, **wish)}

    def names(self):
        """In the store, in the folder; "" for none."""
        both = (self.library.folder / "shop.json", self.folder / "shop.json")
        return tuple(json.loads(path.read_text())["name"] if path.exists() else "" for path in both)


@dataclass(frozen=True)
class Case:
    """What both were when they were alike, what is in the store and in the folder now, and what pull and push
    then say and leave: names, "" for no agent."""

    before: str
    store: str
    folder: str
    pull: tuple
    push: tuple
    wish: dict | None = None


CASES = [
    Case("A", "A", "A", ({}, "A", "A"), ({}, "A", "A")),
    Case("", "A", "", ("brought", "A", "A"), ("other_way", "A", "")),
    Case("", "", "A", ("other_way", "", "A"), ("brought", "A", "A")),
    Case("A", "B", "A", ("brought", "B", "B"), ("other_way", "B", "A")),
    Case("A", "A", "B", ("other_way", "A", "B"), ("brought", "B", "B")),
    Case("A", "B", "B", ({}, "B", "B"), ({}, "B", "B")),
    Case("A", "B", "C", ("conflict", "B", "C"), ("conflict", "B", "C")),
    Case("", "B", "C", ("conflict", "B", "C"), ("conflict", "B", "C")),
    Case("A", "", "B", ("conflict", "", "B"), ("conflict", "", "B")),
    Case("A", "", "A", ("gone", "", "A"), ("other_way", "", "A")),
    Case("A", "A", "", ("other_way", "A", ""), ("gone", "A", "")),
    Case("A", "", "A", ("removed", "", ""), ("other_way", "", "A"), {"delete": True}),
    Case("A", "A", "", ("other_way", "A", ""), ("removed", "", ""), {"delete": True}),
    Case("A", "B", "C", ("brought", "B", "B"), ("brought", "C", "C"), {"take": "shop"}),
]


def test_what_was_changed_on_one_side_alone_is_brought_to_the_other(tmp_path):
    for number, case in enumerate(CASES):
        for way in ("pull", "push"):
            world = World(tmp_path / f"{number}{way}", agent(case.before) if case.before else None)
            for path, name in ((world.library.folder, case.store), (world.folder, case.folder)):
                (path / "shop.json").unlink(missing_ok=True)
                if name:
                    world.save(agent(name)) if path == world.library.folder else world.write(agent(name))
            wish = dict(case.wish or {})
            take = [wish.pop("take")] if "take" in wish else []
            said = getattr(world, way)(*take, **wish)
            state, *left = getattr(case, way)
            assert (said, *world.names()) == ({"shop": state} if state else {}, *left), (case, way)


def test_what_is_written_is_the_same_each_time_and_how_it_is_written_changes_nothing(tmp_path):
    world = World(tmp_path, agent())
    first = (world.folder / "shop.json").read_bytes()
    notes = (world.folder / NOTES).read_bytes()
    world.write(json.dumps(dict(reversed(agent().to_json().items())), indent=7))
    assert (world.push(), world.pull()) == ({}, {})
    (world.folder / "shop.json").unlink()
    (world.folder / NOTES).unlink()
    assert world.pull() == {"shop": "brought"}
    assert (world.folder / "shop.json").read_bytes() == first
    assert (world.folder / NOTES).read_bytes() == notes


def test_no_file_gives_what_only_the_owner_allows(tmp_path):
    world = World(tmp_path, agent(holds=["base:manual"], withheld=["sends"]))
    assert not {"holds", "withheld"} & set(json.loads((world.folder / "shop.json").read_text()))
    world.write(agent(name="New", flow=[SECRET], holds=None, withheld=[]))
    assert world.push() == {"shop": "brought"}
    after = world.library.get("shop").agent
    assert after.name == "New"
    assert not after.may_use("secret:shop@api.example.com")
    assert after.may_use("base:manual")
    assert "sends" in after.withheld


def test_what_an_owner_composed_may_use_what_it_named_before(tmp_path):
    world = World(tmp_path, agent(flow=[SECRET]))
    world.write(agent(name="New", flow=[SECRET]))
    assert world.push() == {"shop": "brought"}
    assert world.library.get("shop").agent.holds is None
    assert [state.data["name"] for state in world.history.states("shop")] == ["New", "Shop"]


def test_a_key_never_comes_into_the_folder(tmp_path):
    world = World(tmp_path)
    header = {"authorization": "Bearer sk-0123456789abcdefghij"}
    world.save(agent(flow=[{**SECRET, "tool": {**SECRET["tool"], "headers": header}}]))
    assert world.pull() == {"shop": "wrong"}
    assert world.names() == ("Shop", "")


def test_what_is_no_agent_or_is_being_edited_is_told_and_the_others_are_brought(tmp_path):
    world = World(tmp_path, agent())
    world.write(agent("New"))
    world.library.keep_draft("shop", {"name": "Half"}, world.library.get("shop").revision)
    (world.folder / "broken.json").write_text("{")
    (world.folder / "Not An Id.json").write_text("{}")
    (world.folder / "link.json").symlink_to("/etc/hostname")
    (world.folder / "other.json").write_text(json.dumps({**agent().to_json(), "id": "other"}))
    wrong = {"broken": "wrong", "Not An Id": "wrong", "link": "wrong"}
    assert world.push() == {**wrong, "shop": "conflict", "other": "brought"}
    assert world.pull() == {**wrong, "shop": "other_way"}
    (world.folder / NOTES).write_text('{"stores": {"here": {"shop": 1}}}')
    with pytest.raises(BadSettings):
        world.push()
    with pytest.raises(BadSettings):
        InFolder(world.library.folder, world.library.folder)
