"""People who are signed in, from the command line: signed out, and other keys."""

import json
import time

from doorway import publish
from runtime.access.access_tokens import AccessTokens
from runtime.store.control.control import Control
from runtime.store.messages.beside import reading, writing

BEGUN = "insert into families(id, publication, sender, hash, turned_at, at, until) values(?,?,?,?,0,0,9e9)"


def begin(path, *people):
    with writing(path) as db:
        for publication, sender in people:
            db.execute(BEGUN, (f"f-{sender}", publication, sender, "h"))


def left(path):
    with reading(path) as db:
        return [row["sender"] for row in db.execute("select sender from families order by sender")]


def test_people_are_signed_out_one_or_all_of_a_publication(home, run):
    control, path = Control.in_folder(home / "data"), home / "data" / "messages.db"
    publish(control, "page", "web")
    assert json.loads(run("session", "end", "page")[1]) == {"publication": "page", "ended": 0}
    begin(path, ("page", "a"), ("page", "b"), ("page", "c"), ("other", "d"))
    assert json.loads(run("session", "end", "page", "--person", "a")[1])["ended"] == 1
    assert left(path) == ["b", "c", "d"]
    assert json.loads(run("session", "end", "page")[1])["ended"] == 2
    assert left(path) == ["d"]
    code, _, error = run("session", "end", "nowhere")
    assert (code, "nowhere" in error) == (2, True)


def test_another_key_signs_and_the_one_before_the_last_opens_nothing(home, run):
    control = Control.in_folder(home / "data")
    tokens = AccessTokens(control)
    first, _ = control.token_keys.newest(time.time())
    assert tokens.read(tokens.make("page", "a", "f" * 22)).sender == "a"
    for _ in "ab":
        assert run("session", "rotate")[0] == 0
    assert control.token_keys.find(first) is None
    assert control.token_keys.newest(time.time())[0] != first
