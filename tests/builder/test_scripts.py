"""What the pages' scripts ask for exists, all of it is asked for, and no data becomes HTML."""

import re

import pytest

from builder.actions.taking_away import taken_away
from builder.serving import bundle
from builder.ui import ACTIONS
from runtime.server.bundling import joined

CALLS = re.compile(r"\b(?:call(?:\(|, )|upload\(\s*(?:page|\"\w+\"),)\s*\"(\w+)\"")
AHEAD = re.compile(r"\[\"(\w+)\", \"(\w+)\"")
MOUNTS = re.compile(r"export (?:function|const) mount\b")
NAMELESS = re.compile(r'\bcall\((?!\s*")')
ACTING = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(")


def sources():
    return {
        path.relative_to(bundle.HERE).with_suffix("").as_posix(): path.read_text("utf-8")
        for folder in ("static", "flow_editor")
        for path in (bundle.HERE / folder).rglob("*.js")
    }


def reached(files, name):
    """The module and all that it imports."""
    found, left = set(), [name]
    while left:
        one = left.pop()
        if one not in found:
            found.add(one)
            left += joined.neighbours(one, files[one])
    return found


def called(page, files):
    beside = [name for name in files if name.startswith(f"static/{page}/") and MOUNTS.search(files[name])]
    parts = {f"static/{page}/{page}", *beside}
    return {name for part in parts for one in reached(files, part) for name in CALLS.findall(files[one])}


def actions(page):
    return {action.__name__ for action in ACTIONS[page]}


@pytest.mark.parametrize("page", ACTIONS)
def test_a_page_calls_what_there_is_and_all_of_it(page):
    declared = [found for action in ACTIONS[page] if (found := taken_away(action))]
    told = {one.undone_by for one in declared} - {""}  # by the server, see common/undo.js
    assert called(page, sources()) | told == actions(page)


def test_what_is_asked_ahead_exists():
    found = AHEAD.findall(sources()["static/common/ahead"])
    assert len(found) > 5
    assert [(page, name) for page, name in found if name not in actions(page)] == []


def test_a_call_names_its_action_where_it_is_made():
    """Else nobody could tell whether it exists. The caller, and who loads for it, hand on what they got."""
    nameless = {name for name, source in sources().items() if NAMELESS.search(source)}
    assert nameless == {"static/common/load", "static/common/server", "static/common/undo"}


def test_a_call_of_nothing_is_found():
    files = {
        "static/models/models": 'import { x } from "./edit.js";\ncall("gone");',
        "static/models/edit": 'call("a", {})',
    }
    assert called("models", files) == {"gone", "a"}


def test_data_reaches_a_page_as_text_only():
    assert [name for name, source in sources().items() if ACTING.search(source)] == []
