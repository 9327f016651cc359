"""Things that were made of what somebody said, in a home."""

import json

from runtime.store.messages.consents import mark_of
from runtime.store.messages.people import Face


def make(home, marks, who, at, words):
    """A test with its file, what a run of it came to, and a chat in which it was played."""
    made_of = [{"who": mark_of(marks, Face("p", who)), "at": at}]
    case = {"id": who, "lines": [{"says": words, "files": [f"{who}.txt"]}], "made_of": made_of}
    suite = home / "agents" / "tests" / f"of-{who}.json"
    chat = home / "data" / "played" / f"of-{who}" / "owner" / f"{ord(who[0]):032x}.json"
    run = home / "data" / "tests" / f"of-{who}" / "0000000000001.json"
    told = {
        suite: {"format": 1, "cases": [case], "came": {f"{who}.txt": {"made_of": made_of}}},
        chat: {"id": chat.stem, "turns": [{"said": words}], "made_of": made_of},
        run: {"at": 1, "cases": {who: {"answers": [words], "made_of": made_of}}},
    }
    for path, one in told.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        indent = {"separators": (",", ":")} if path == chat else {"indent": 2}
        path.write_text(json.dumps(one, ensure_ascii=False, **indent), encoding="utf-8")
    (suite.with_suffix("")).mkdir(exist_ok=True)
    (suite.with_suffix("") / f"{who}.txt").write_text(words, encoding="utf-8")


def left_in(home, words):
    """Where they stand, of what a restore did not move aside."""
    return sorted(
        str(path.relative_to(home))
        for path in home.rglob("*")
        if path.is_file() and ".before-restore" not in str(path) and words.encode() in path.read_bytes()
    )
