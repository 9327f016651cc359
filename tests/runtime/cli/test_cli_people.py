"""What is kept of people, from the command line."""

import asyncio
import json

from runtime.answer import AnswerPart
from runtime.files import write_whole
from runtime.media.kept import KeptMedia
from runtime.person import Note, Summary
from runtime.store.control.control import Control
from runtime.store.messages.consents import mark_of
from runtime.store.messages.media import KeptFile
from runtime.store.messages.messages import Messages, Outcome
from runtime.store.messages.people import Face
from script import wrote

SECRET = "我对花生过敏"


def talked(home, now):
    """Ann said something on two surfaces, and Bob on one."""
    messages = Messages(home / "data" / "messages.db")
    here, there = Face("p", "ann"), Face("q", "anna")

    async def work():
        for face in (here, there, Face("p", "bob")):
            text = "别人的话" if face.sender == "bob" else SECRET
            sent = await messages.accept(face.publication, wrote(text, sender=face.sender), now)
            await messages.finish(sent.seq, Outcome(f"好，{text}", 1), [AnswerPart(text)], now, "answered")
        await messages.remembered.keep(here, "shop", Note("忌口", SECRET), now)
        await messages.remembered.sum_up(there, Summary(f"聊过{SECRET}", 2), now)
        code = await messages.remembered.give_code(here, "shop", now)
        await messages.remembered.take_code(there, "shop", code, now)
        hash = await KeptMedia(home / "data" / "media").keep(SECRET.encode())
        await messages.media.belong(1, [KeptFile(hash, "text/plain", 18)])

    asyncio.run(work())
    messages.close()


def printed(run, *words):
    code, out, _ = run("person", *words)
    assert code == 0
    return [json.loads(line) for line in out.splitlines()]


def test_people_are_listed_shown_exported_and_erased(home, run):
    assert printed(run, "list") == []
    talked(home, 5.0)
    assert [
        (one["publication"], one["person"], one["messages"], one["notes"]) for one in printed(run, "list")
    ] == [
        ("p", "bob", 1, 0),
        ("q", "anna", 1, 1),
        ("p", "ann", 1, 1),
    ]
    assert len(printed(run, "list", "q")) == 1
    [shown] = printed(run, "show", "p", "ann")
    assert (shown["surfaces"], shown["facts"][0]["value"], shown["elsewhere"]) == (
        2,
        SECRET,
        [f"聊过{SECRET}"],
    )
    tags = [
        printed(run, "tag", "p", "ann", "vip", " 老客", "vip")[0]["tags"],
        printed(run, "tag", "q", "anna", "vip", "--remove")[0]["tags"],
        printed(run, "tag", "p", "ann")[0]["tags"],
    ]
    assert tags == [["vip", "老客"], ["老客"], ["老客"]]
    assert run("person", "tag", "p", "ann", "x" * 41)[0] == 2
    [whole] = printed(run, "export", "q", "anna")
    assert whole["values"]["tags"]["value"] == ["老客"]
    assert [one["messages"][0]["text"] for one in whole["surfaces"]] == [SECRET, SECRET]
    assert len(whole["files"]) == 1
    marked = mark_of(Control.in_folder(home / "data").marks_of, Face("p", "ann"))
    case = {"id": "one", "lines": [{"says": SECRET}], "made_of": [{"who": marked, "at": 5.0}]}
    write_whole(home / "agents" / "tests" / "shop.json", json.dumps({"cases": [case]}, indent=1).encode())
    [erased] = printed(run, "erase", "q", "anna")
    assert erased == {"publication": "q", "person": "anna"} | {
        "messages": 2, "facts": 1, "files": 1, "tests": 1, "erased": True,
    }  # fmt: skip
    left = b"".join(file.read_bytes() for file in home.rglob("*") if file.is_file())
    assert SECRET.encode() not in left
    assert "别人的话".encode() in left
    [whole] = printed(run, "export", "p", "ann")
    assert (whole["facts"], whole["surfaces"][0]["messages"][0]["text"]) == ([], "")
    code, _, why = run("person", "show", "p", "nobody")
    assert (code, "person list" in why) == (2, True)
