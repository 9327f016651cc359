"""What one instance deletes another has back; where one died halfway, another brings it to its end."""

import io
import threading

import pytest

from runtime import files
from runtime.agents.library import Library
from runtime.knowledge.sources.bases import Bases
from runtime.knowledge.sources.deleting import delete, restore
from runtime.settings import CHECKOUT

STARTERS = CHECKOUT / "templates" / "agents"
MOST = 60
FOLDERS = ("agents", "knowledge", "data/trash")


class Died(BaseException):
    """As `kill -9` at that step: nothing of the instance runs on."""


class Agents:
    def __init__(self, home):
        self._library = Library(home / "agents", STARTERS, home / "data")
        self._made = home / "agents"

    def make(self):
        return self._library.create("tea-shop", "en").agent.id

    def delete(self, id):
        return self._library.delete(id, "Tea", by="bo")

    def restore(self, token):
        return self._library.restore(token)

    def aside(self):
        return [one.token for one in self._library.deleted.listing()]

    def there(self):
        return [one.agent.id for one in self._library.list().agents]


class Knowledge:
    def __init__(self, home):
        self._bases = Bases(home)

    def make(self):
        self._bases.create("tea", "Tea")
        self._bases.add("tea", io.BytesIO(b"85 degrees"), "a.txt")
        return "tea"

    def delete(self, id):
        return delete(self._bases, id, by="bo")

    def restore(self, token):
        return restore(self._bases, token)

    def aside(self):
        self._bases.settle()
        return [one.token for one in self._bases.trash.listing()]

    def there(self):
        return [one.id for one in self._bases.listing().bases]


def held(home):
    """What is there, what is aside, and what is said of what is under way; None while the mirror is at it."""
    try:
        found = [path for folder in FOLDERS for path in (home / folder).rglob("*")]
        return {path.relative_to(home): path.read_bytes() for path in found if path.is_file()}
    except FileNotFoundError:
        return None


def dying_at(step, monkeypatch, work):
    """Whether it died there."""
    passed, whose = [], threading.current_thread()

    def point(name):
        if threading.current_thread() is not whose:
            return  # what the mirror brings
        passed.append(name)
        if len(passed) == step:
            raise Died

    with monkeypatch.context() as there:
        there.setattr(files, "crashpoint", point)
        try:
            work()
        except Died:
            return True
    return False


@pytest.mark.parametrize("kind", [Agents, Knowledge])
def test_what_broke_off_at_one_instance_is_whole_at_the_other(homes, soon, monkeypatch, kind):
    one, other = homes(), homes()
    here, there = kind(one), kind(other)
    id = here.make()
    soon(lambda: held(other) == held(one) is not None and there.there() == [id])
    before = held(one)
    for way in ("aside", "back"):
        for step in range(1, MOST):
            if way == "back":
                token = here.delete(id)
                died = dying_at(step, monkeypatch, lambda token=token: here.restore(token))
            else:
                died = dying_at(step, monkeypatch, lambda: here.delete(id))
            soon(lambda: held(other) == held(one) is not None)  # the other has heard of it
            aside = there.aside()
            assert (there.there() == []) == bool(aside), (way, step)
            if aside:
                there.restore(aside[0])
            soon(lambda: held(other) == before and held(one) == before)
            assert (here.aside(), here.there()) == ([], [id])
            if not died:
                break
        else:
            pytest.fail("it has no end")
