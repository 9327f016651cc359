"""Every kind of block is run alone and from it on, with given values; what would act is known before."""

from dataclasses import dataclass, field

import pytest

from runtime.agents.piece import acts, piece, wanted
from runtime.blocks import registry
from runtime.trying.piece import tried
from runtime.turn.events import BlockFinished, BlockStarted, Failed, Replied
from script import Script, agent, calls, says, services

SAY = {"type": "reply", "id": "say", "text": "完"}
GIVEN = {
    "docs": {"text": "龙井", "want": "我要买茶", "list": ["甲", "乙"], "phone": "13800000000"},
    "item": "乙",
    "index": 2,
}
FIELDS = [{"name": "phone"}]
POST = {"type": "http_request", "method": "POST", "url": "https://api.example.com/{{ docs.text }}"}
TEA = {"format": 1, "id": "tea", "name": "茶", "flow": [{"type": "tool", "id": "post", "tool": POST}]}


@dataclass(frozen=True)
class Case:
    """`ran`: ids in the order in which they begin when it runs from the block on."""

    block: dict
    output: dict = field(default_factory=dict)
    names: tuple = ()
    answers: tuple = ()
    ran: tuple = ()
    acts: tuple = ()
    waits: bool = False
    ends: bool = False

    @property
    def id(self):
        return self.block["id"]


def asks(kind, **more):
    return {"type": kind, "id": kind, "model": "script/one", **more}


def inner(value="{{ docs.text }}"):
    return {"type": "set", "id": "inner", "values": {"x": value}}


CASES = [
    Case({"type": "set", "id": "set", "values": {"x": "{{ docs.text }}!"}}, {"x": "龙井!"}, ("docs.text",)),
    Case(
        asks("model", prompt={"text": "{{ docs.text }}"}), {"text": "有货"}, ("docs.text",), (says("有货"),)
    ),
    Case(
        asks("model", prompt={"text": "x"}, tools=[POST]),
        {"text": "有货"},
        ("docs.text",),
        (says("有货"),),
        acts=("changes",),
    ),
    Case(
        {"type": "knowledge", "id": "knowledge", "text": "龙井产自西湖", "query": "龙井"},
        {"text": "龙井产自西湖"},
    ),
    Case(
        {"type": "code", "id": "code", "values": {"n": "{{ docs.list }}"}, "code": "result = len(n)"},
        {"result": 2},
        ("docs.list",),
    ),
    Case({"type": "note", "id": "note", "text": "给自己看"}, {}),
    Case({"type": "tool", "id": "tool", "tool": {"type": "clock"}}),
    Case(
        asks("extract", input="{{ docs.text }}", fields=FIELDS),
        {},
        ("docs.text",),
        (says('{"phone": "13800000000"}'),),
    ),
    Case(
        {
            "type": "branch",
            "id": "branch",
            "otherwise": [inner()],
            "cases": [
                {"title": "一", "when": "docs.text == '红茶'", "flow": [{**inner("no"), "id": "other"}]}
            ],
        },
        {"case": ""},
        ("docs.text",),
        ran=("branch", "inner", "say"),
    ),
    Case(
        {
            "type": "classify",
            "id": "classify",
            "input": "{{ docs.want }}",
            "intents": [{"title": "买茶", "examples": ["我要买茶"], "flow": [inner()]}],
        },
        {},
        ("docs.want", "docs.text"),
        (),
        ran=("classify", "inner", "say"),
    ),
    Case(
        {"type": "repeat", "id": "repeat", "over": "{{ docs.list }}", "flow": [inner("{{ item }}")]},
        {"items": [{"x": "甲"}, {"x": "乙"}], "count": 2},
        ("docs.list",),
        ran=("repeat", "inner", "inner", "say"),
    ),
    Case({"type": "reply", "id": "reply", "text": "{{ docs.text }}"}, names=("docs.text",)),
    Case({"type": "ask", "id": "ask", "fields": [{"name": "size"}]}, waits=True),
    Case(
        {"type": "approve", "id": "approve", "question": "{{ docs.text }}"}, names=("docs.text",), waits=True
    ),
    Case({"type": "handoff", "id": "handoff", "text": "{{ docs.text }}"}, names=("docs.text",), ends=True),
    Case(
        {"type": "agent", "id": "other", "agent": "tea", "input": "{{ docs.text }}"},
        names=("docs.text",),
        acts=("changes",),
    ),
]


def whole(case):
    before = {"type": "set", "id": "docs", "values": {"text": "茶", "list": "x", "phone": "y"}}
    return agent(before, case.block, SAY, agents={"tea": TEA})


def used(case):
    return {"tea": TEA} if case.block.get("agent") else {}


async def played(case, *, on):
    part = piece(whole(case), case.id, on=on).model_copy(update={"agents": used(case)})
    models = Script(list(case.answers) or [says()])
    return [one async for one in tried(part, services(models), "在吗", GIVEN, alone=not on)]


def test_there_is_a_case_of_every_kind():
    assert {case.block["type"] for case in CASES} == registry().keys()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.id} {' '.join(case.acts)}")
def test_what_it_needs_and_what_it_would_do_is_known_before(case):
    assert set(wanted(whole(case), case.id, on=False)) == {*case.names}
    part = piece(whole(case), case.id, on=False).model_copy(update={"agents": used(case)})
    assert tuple(power.value for power in acts(part)) == case.acts


@pytest.mark.parametrize("case", [one for one in CASES if not one.acts], ids=lambda case: f"{case.id}")
async def test_it_runs_alone_with_what_is_given_and_on_to_what_comes_after(case):
    alone = await played(case, on=False)
    assert not [one for one in alone if isinstance(one, Failed)]
    begun = [one.block for one in alone if isinstance(one, BlockStarted)]
    assert begun[0] == case.id
    assert "say" not in begun
    done = [one.output for one in alone if isinstance(one, BlockFinished) and one.block == case.id]
    if not case.waits:
        assert {name: done[0].get(name) for name in case.output} == case.output
    on = await played(case, on=True)
    assert isinstance(on[-1], Replied)
    begun = [one.block for one in on if isinstance(one, BlockStarted)]
    stays = case.waits or case.ends
    assert begun == [*case.ran] if case.ran else begun == [case.id, *([] if stays else ["say"])]


async def test_a_tool_that_a_model_calls_runs_with_what_is_given():
    case = CASES[2]
    model = {**case.block, "tools": [{"type": "clock"}]}
    part = piece(agent(model, SAY), "model", on=False)
    models = Script([calls(("clock", {})), says("九点")])
    events = [one async for one in tried(part, services(models), "几点", {}, alone=True)]
    assert [one.output["text"] for one in events if isinstance(one, BlockFinished)] == ["九点"]


async def test_files_of_an_earlier_turn_are_values_as_well():
    case = {"type": "set", "id": "set", "values": {"x": "{{ docs.files[0].name }}"}}
    part = piece(agent({"type": "set", "id": "docs", "values": {"a": "b"}}, case), "set", on=False)
    given = {"docs": {"files": [{"name": "报价.pdf"}]}}
    events = [one async for one in tried(part, services(), "x", given, alone=True)]
    assert [one.output for one in events if isinstance(one, BlockFinished)] == [{"x": "报价.pdf"}]
