"""A `kill -9` at any step of a deletion, or of its undoing, leaves all there or all in "recently deleted"."""

import asyncio
import io
import os
import signal

import pytest
from builder_world import add

from builder import ui
from builder.actions import bound, click, deleted
from builder.actions.bins import BINS
from runtime import crash
from runtime.access.actor import OWNER
from runtime.knowledge.sources import corrections
from runtime.trying.kept_chat import new_turn
from runtime.trying.kept_chats import KeptChats

PAGES = {**ui.ACTIONS, "bar": ui.BAR}
MOST = 40
"""Steps that one of them may have."""


def an_agent(studio):
    add(studio)
    studio.library.keep_draft("shop", {"id": "shop", "flow": []}, studio.library.open("shop").revision)
    folder = studio.library.folder / "tests"
    (folder / "shop").mkdir(parents=True)
    (folder / "shop.json").write_text('{"format": 1}', "utf-8")
    (folder / "shop" / "a.png").write_bytes(b"a")
    return "agents.delete", {"id": "shop"}


def a_prompt(studio):
    folder = studio.settings.home / "prompts"
    folder.mkdir()
    for language in ("en", "zh"):
        (folder / f"hello.{language}.j2").write_text('{# {"title": "Hello"} #}\nHello', "utf-8")
    return "prompts.delete", {"id": "hello"}


def a_base(studio):
    studio.bases.create("tea", "茶")
    studio.bases.add("tea", io.BytesIO(b"one"), "a.txt")
    studio.bases.add("tea", io.BytesIO(b"two"), "b.txt")
    return "bases.delete", {"id": "tea"}


def a_source(studio):
    a_base(studio)
    corrections.keep(studio.bases, "tea", "a.txt", {"0" * 64: ("more", False)})
    return "bases.remove", {"base": "tea", "source": "a.txt"}


def rules(studio):
    do(
        studio,
        "models.set_rules",
        {"route": {"id": "quick", "otherwise": ["demo/demo"]}, "rules": [], "fresh": True},
    )
    return "models.remove_rules", {"name": "quick"}


def a_list(studio):
    do(studio, "safety.save_list", {"name": "mine", "text": "蓝杉会\n!蓝杉"})
    return "safety.remove_list", {"name": "mine"}


def a_description(studio):
    add(studio)
    folder = studio.settings.data / "describing"
    folder.mkdir(parents=True)
    (folder / "shop.json").write_text('{"said": [{"asked": "a", "answer": "b"}]}', "utf-8")
    return "build.forget_described", {"id": "shop"}


def a_chat(studio):
    add(studio)
    kept = KeptChats(studio.settings.data, "shop", OWNER.id)
    chat = kept.begin()
    kept.add(chat, new_turn("", [{"role": "user", "content": "在吗"}], 1.0))
    return "play.delete_chat", {"id": "shop", "chat": chat.id}


KINDS = {
    "agent": an_agent,
    "prompt": a_prompt,
    "base": a_base,
    "source": a_source,
    "rules": rules,
    "words": a_list,
    "description": a_description,
    "chat": a_chat,
}


def do(studio, name, args):
    page, _, action = name.partition(".")
    actions = bound(studio, *PAGES[page])
    answer = asyncio.run(click(actions, {"action": action, "args": args}, OWNER))
    assert answer["ok"], answer["text"]
    return answer


def there(studio):
    """All that a person has here, besides what is aside."""
    found = {}
    folders = ("agents", "prompts", "knowledge", "words", "data/control", "data/drafts", "data/describing")
    for folder in folders:
        for path in sorted((studio.settings.home / folder).rglob("*")):
            is_ours = path.suffix in (".lock", ".head") or ".previous" in path.name
            if path.is_file() and not is_ours and not path.name.startswith("."):
                found[str(path.relative_to(studio.settings.home))] = path.read_bytes()
    chats = KeptChats(studio.settings.data, "shop", OWNER.id).heads()
    return found, [one["id"] for one in chats], [one.id for one in studio.control.policy.routes()]


def lines(studio):
    return deleted.overview(studio, OWNER)["lines"]


def killed_at(step, work):
    """Whether a process of its own that does it dies at that step."""
    child = os.fork()
    if not child:
        os.environ[crash.VARIABLE] = f"file_changed:{step}"
        crash._wanted.cache_clear()
        crash._passed.clear()
        try:
            work()
        except BaseException:  # noqa: BLE001 # told by how it ends
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL), status
    return os.WIFSIGNALED(status)


def test_each_kind_that_can_be_had_back_is_killed_here():
    assert set(KINDS) == {one.kind for one in BINS}


@pytest.mark.parametrize("way", ["deleted", "restored"])
@pytest.mark.parametrize("kind", KINDS)
def test_at_each_step_all_is_there_or_all_is_recently_deleted(studio, kind, way):
    action, args = KINDS[kind](studio)
    before = there(studio)
    seen = set()
    for step in range(1, MOST):
        if way == "restored":
            do(studio, action, args)
            line = lines(studio)[0]
            work = {"kind": kind, "token": line["token"]}
            died = killed_at(step, lambda work=work: do(studio, "deleted.restore", work))
        else:
            died = killed_at(step, lambda: do(studio, action, args))
        found = lines(studio)
        now = there(studio)
        assert len(found) <= 1, f"step {step}: it is there twice"
        assert (now == before) == (not found), f"step {step}: {now}"
        seen.add(bool(found))
        if found:
            assert (found[0]["kind"], found[0]["by"]) == (kind, OWNER.id)
            do(studio, "deleted.restore", {"kind": kind, "token": found[0]["token"]})
        assert there(studio) == before, f"step {step}"
        assert lines(studio) == []
        if not died:
            assert step > 1
            break
    else:
        pytest.fail("it has no end")


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_dropped_for_good_is_whole_or_gone_at_each_step(studio, kind):
    action, args = KINDS[kind](studio)
    before = there(studio)
    do(studio, action, args)
    for step in range(1, MOST):
        given = {"kind": kind, "token": lines(studio)[0]["token"]}
        killed_at(step, lambda given=given: do(studio, "deleted.drop", given))
        if not lines(studio):
            break
        do(studio, "deleted.restore", given)
        assert there(studio) == before
        do(studio, action, args)
    else:
        pytest.fail("it has no end")
