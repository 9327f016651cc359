"""The conversation in a browser, without one: nothing is lost, and nothing is said twice."""

from pathlib import Path

import pytest

from deno_script import told

SCENARIOS = Path(__file__).parent / "scenarios.js"
TOKEN = "bearer.t1"

EXPECTED = {
    "nothing is kept or asked before the first message": [
        0,
        ["/agent/about"],
        0,
        1,
        ["hongyan.1", TOKEN],
    ],
    "a page of a site that may not come tells its developer why, and its visitors no more than they need": [
        ["origin", ""],
        ["Hongyan: origin"],
    ],
    "an answer grows and is whole": [
        [["hi", "Hey", "accepted"]],
        [["hi", "Hey", "answered"]],
        0,
        [{"text": "a", "value": "b"}],
    ],
    "what was chosen is told by what it showed, also after a cut and a page that is loaded anew": [
        [["b", "a"], ["typed", None]],
        [["b", "a"], ["typed", None]],
    ],
    "after a cut the same message is sent under its id, and nothing is shown twice": [
        2,
        [True],
        [["hi", "Hallo!", "answered"]],
    ],
    "a page that is loaded anew goes on with what had no answer": [
        [["one", "1", "answered"], ["two", "", "sent"]],
        [["two", True]],
        1,
    ],
    "two tabs renew at the same moment and both go on": [["t2", "t2"], 2, 1, "t3", 1],
    "a token that is over is renewed and the message goes through": [
        "bearer.t2",
        [["hi", "yes", "answered"]],
    ],
    "a session that is over begins anew": ["t2", 2],
    "where no WebSocket gets through each message is a request, and a cut one is asked again": [
        2,
        [True, True],
        [["hi", "Hey!", "answered"]],
        0,
    ],
    "what the server puts off is sent again, and what it refuses is told": [
        [["hi", "", "waiting"]],
        2,
        "no",
        [["hi", "", "sent"]],
        False,
    ],
    "a request that is refused for good is told at once": [1, [["hi", "", "failed"]], "too_large"],
    "offline, what is written is kept and sent when the line is back": [[["hi", "", "queued"]], True, 1],
    "another tab sees what is said, and its answer": [
        [["hi", "", "elsewhere"]],
        [["hi", "Hey", "answered"]],
        1,
    ],
    "what another device asks is shown, and its answer as soon as there is one": [
        [["hi", "", "elsewhere"]],
        [["hi", "Hey", "answered"]],
        True,
    ],
    "whoever is signed in at the site is never shown another's words": [True, False, 1, 0],
    "leaving takes all of it away": [[], 1, 0],
    "a line on which nobody is any more is noticed": [1, 2, 1],
    "what comes unasked is shown once": [
        [["hi", "ok", "answered"], ["", "Reminder", "answered"]],
        7,
    ],
    "events are read at any border of bytes": [],
}


@pytest.fixture(scope="module")
def scenes(tmp_path_factory):
    return told(tmp_path_factory.mktemp("client"), SCENARIOS.read_text("utf-8"), None)


def test_every_scene_is_looked_at(scenes):
    assert scenes.keys() == EXPECTED.keys()


@pytest.mark.parametrize("scene", EXPECTED)
def test_a_conversation_in_the_browser(scene, scenes):
    assert scenes[scene] == EXPECTED[scene]
