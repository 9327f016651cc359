"""Values of each person: what may stand in them, and what the check tells of how they are written."""

import pytest

from runtime.agents.agent import Agent
from runtime.agents.person_check import person_problems
from runtime.errors import Wrong
from runtime.templating.prompts import Prompts
from runtime.turn.personal import PersonValue, coerced, seen
from script import agent, play, wrote

REFUSED = object()
TABLE = [
    ("number", "1,200.50", 1200.5),
    ("number", "nan", REFUSED),
    ("number", "1e400", REFUSED),
    ("number", 10**16, REFUSED),
    ("number", True, 1),
    ("counter", "3", 3),
    ("counter", 3.5, REFUSED),
    ("yes_no", "是", True),
    ("yes_no", "off", False),
    ("yes_no", "也许", REFUSED),
    ("date", " 2026-02-28 ", "2026-02-28"),
    ("date", "2026-02-28T09:05:07", "2026-02-28 09:05"),
    ("date", "2026-02-30", REFUSED),
    ("date", "", ""),
    ("list", "a\n\nb", ["a", "b"]),
    ("list", '["a", 2, true]', ["a", 2, True]),
    ("list", [["deep"]], REFUSED),
    ("list", ["x"] * 201, REFUSED),
    ("list", ["x" * 501], REFUSED),
    ("text", 5, "5"),
    ("text", "x" * 2001, REFUSED),
    ("text", "{{ 7*7 }}\0", "{{ 7*7 }}\0"),
]


def test_each_type_takes_what_fits_it_and_says_why_not():
    for kind, given, wanted in TABLE:
        if wanted is REFUSED:
            with pytest.raises(Wrong):
                coerced(kind, given)
        else:
            assert coerced(kind, given) == wanted, (kind, given)


def test_declared_anew_as_another_type_it_is_read_where_it_can_be():
    kept = {"score": "12", "since": "gestern", "gone": 1}
    declared = [PersonValue(name="score", type="number"), PersonValue(name="since", type="date")]
    assert seen(declared, kept) == {"score": 12, "since": ""}


def test_a_name_that_everybody_has_one_twice_or_a_default_that_does_not_fit_is_refused():
    for person, field in [
        ([{"name": "id"}], "person.0.name"),
        ([{"name": "a"}, {"name": "a"}], "person.1.name"),
        ([{"name": "a", "type": "number", "default": "viel"}], "person.0.default"),
        ([{"name": "tags", "type": "text"}], "person.0.type"),
        ([{"name": "tags", "type": "list", "default": ["vip"]}], "person.0.default"),
    ]:
        [problem] = Agent.check({"format": 1, "id": "a", "name": "A", "person": person, "flow": []})
        assert problem.field == field


def keeps(**values):
    return {"type": "set", "id": "keep", "values": values}


SAY = {"type": "reply", "id": "say", "text": "{{ person.n }} {{ person.tags_seen|join('+') }}"}
PERSON = [
    {"name": "n", "type": "number", "default": 40},
    {"name": "tags_seen", "type": "list"},
    {"name": "level", "who": "operator"},
    {"name": "on", "type": "date"},
]


async def test_formulas_and_templates_write_and_later_blocks_see_it():
    values = {"person.n": "person.n + 2", "person.tags_seen": "person.tags_seen + ['茶', message.text]"}
    events = await play(agent(keeps(**values, word="x"), SAY, person=PERSON), wrote("花"))
    assert events[-1].text == "42 茶+花"


@pytest.mark.parametrize(
    "values",
    [{"person.n": "message.text"}, {"person.level": "金"}, {"person.nobody": "1"}, {"person.n": "'9' * 50"}],
)
async def test_what_does_not_fit_ends_the_turn_with_its_name(values):
    events = await play(agent(keeps(**values), SAY, person=PERSON), wrote("花"))
    assert events[-1].type == "failed"
    assert "person." in events[-1].reason.zh


def test_the_check_tells_of_unknown_names_of_the_operators_own_and_of_broken_formulas():
    values = {"person.nobody": "1", "person.level": "x", "person.n": "person.n +", "person.on": "2026-01-01"}
    found = list(person_problems(agent(keeps(**values), person=PERSON), Prompts([])))
    assert [field for _, field, *_ in found] == [
        f"flow.0.values.person.{name}" for name in ("nobody", "level", "n")
    ]
    [(is_error, field, *_)] = person_problems(agent({**SAY, "id": "person"}), Prompts([]))
    assert (is_error, field) == (False, "flow.0.id")
