"""`app.py shadow`: what is typed, what is printed, what is refused."""

import asyncio
import json
import time

import pytest

from runtime.answer import AnswerPart
from runtime.lang import Text
from runtime.message import Message
from runtime.publish.shadow_report import says
from runtime.store.messages import shadowed
from runtime.store.messages.messages import Messages, Outcome

AGENT = {"format": 1, "id": "shop", "name": "店", "flow": [{"type": "reply", "id": "say", "text": "好"}]}


async def answered(home, id, number):
    """Three messages; the shadow says the same, something else, nothing."""
    messages, now = Messages(home / "data" / "messages.db"), time.time()
    pairs = [
        shadowed.Pair(1, 0.2, 0.1, 0.01, 0.02, reply="好", alike=True),
        shadowed.Pair(2, 0.4, 0.3, None, 0.02, reply="不好", alike=False, near=0.5, agree=0.0),
        shadowed.Pair(3, 9.0, 0.5, None, 0.02, failure="down"),
    ]
    for n, pair in enumerate(pairs, 1):
        accepted = await messages.accept(id, Message("m", f"u{n}", f"问 {n}", at=now), now)
        await messages.finish(
            accepted.seq, Outcome("好", 1), [AnswerPart("好")], now, "answered", None, lane=(id, f"u{n}")
        )
        await messages.mark(accepted.seq, "delivered")
        assert await shadowed.begin(messages.database, accepted.seq, number, now)
        assert await shadowed.keep(messages.database, pair, number, now)
    messages.close()


def test_a_shadow_from_its_start_to_its_report(run, home):
    file = home / "shop.json"
    file.write_text(json.dumps(AGENT), encoding="utf-8")
    run("agent", "import", str(file))
    id = json.loads(run("publish", "shop", "--channel", "api")[1])["publication"]
    for wrong in ("--share=0", "--share=101", "--share=nan", "--yuan=0", "--version=1"):
        assert run("shadow", "start", id, wrong)[0] == 2, wrong
    told = json.loads(run("shadow", "start", id, "--yuan", "5")[1])
    assert (told["version"], told["shadow"], told["share"], told["yuan"]) == (1, 2, 10, 5)
    assert run("shadow", "start", id)[0] == 2
    asyncio.run(answered(home, id, 2))

    [line] = run("shadow", "list")[1].splitlines()
    line = json.loads(line)
    assert "pairs" not in line
    assert {name: line["figures"][name] for name in ("pairs", "both", "only_live", "judged", "same")} == {
        "pairs": 3,
        "both": 2,
        "only_live": 1,
        "judged": 2,
        "same": 1,
    }
    told = json.loads(run("shadow", "report", id)[1])
    assert [(one["text"], one["live"], one["shadow"], one["failure"]) for one in told["pairs"]] == [
        ("问 3", "好", "", "down"),
        ("问 2", "好", "不好", ""),
    ]
    assert json.loads(run("shadow", "stop", id)[1])["stopped"] == 2
    assert run("shadow", "report", id)[0] == 2
    [over] = json.loads(run("shadow", "list", id)[1])["past"]
    assert (over["why"], over["figures"]["pairs"]) == ("stopped", 3)

    run("shadow", "start", id, "--version", "2")
    run("canary", "start", id, "--version", "2", "--share", "5")
    run("canary", "release", id)
    assert [one["why"] for one in json.loads(run("shadow", "list", id)[1])["past"]] == ["live", "stopped"]


NONE = {**shadowed.figures_of(shadowed.Found())}


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ({}, "side by side yet"),
        ({"pairs": 10, "both": 10}, "no difference can be told"),
        ({"pairs": 40, "both": 20, "only_live": 20}, "v2 fails more; by chance that comes once in 1000000"),
        ({"pairs": 40, "both": 20, "only_shadow": 20}, "v2 fails less"),
        (
            {"pairs": 10, "both": 10, "judged": 10, "same": 8},
            "Of 10 that can be compared, 8 come to the same",
        ),
        ({"pairs": 1, "both": 1, "seconds": (1, 2), "live_seconds": (3, 4)}, "v1 3 s, v2 1 s"),
        ({"pairs": 1, "both": 1, "cut_off": 3}, "3 were cut off"),
    ],
)
def test_what_it_came_to_is_said_in_words(figures, words):
    said = says({**NONE, **figures}, 1, 2)
    assert isinstance(said, Text)
    assert words in said.en
    assert "{" not in said.zh + said.en
