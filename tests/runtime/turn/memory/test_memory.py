"""What of a conversation a model sees, by strategy."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pydantic import ValidationError

from runtime.lang import Text
from runtime.message import Exchange
from runtime.models.completion import Answer, Request
from runtime.schema import first_problem
from runtime.turn import memory as module
from runtime.turn.memory import Strategy, registry
from runtime.turn.restart import restarts
from runtime.turn.settings import Memory
from script import Script, agent, play, says, wrote

HERE = Path(__file__).parent
SAID = [Exchange(f"问 {n}", f"答 {n}") for n in range(5)]


@dataclass
class Case:
    id: str
    type: str
    turns: int
    loads: int
    sees: list = field(default_factory=list)


CASES = [
    Case("the newest", "window", 2, 2, SAID[-2:]),
    Case("more than there are", "window", 9, 9, SAID),
    Case("a window of none", "window", 0, 0),
    Case("none", "none", 9, 0),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
async def test_a_strategy_loads_and_shows_so_much(case):
    strategy = Memory(type=case.type, turns=case.turns).strategy
    assert strategy.loads == case.loads
    assert list(await strategy.remembered(SAID, None)) == case.sees


def test_each_file_is_a_strategy_that_has_a_test_and_a_title():
    files = {file.stem for file in Path(module.__file__).parent.glob("[!_]*")}
    assert registry().keys() == files > {"none"}
    tested = {case.type for case in CASES} | {file.stem.removeprefix("test_") for file in HERE.glob("test_*")}
    assert registry().keys() - tested == set()
    for kind in registry().values():
        assert issubclass(kind, Strategy)
        assert kind.title.zh != kind.title.en != ""


def test_an_agent_may_choose_any_of_them_and_nothing_else():
    schema = Memory.model_json_schema()["properties"]["type"]
    assert schema["enum"][0] == "window"
    assert set(schema["enum"]) == schema["choices"].keys() == registry().keys()
    with pytest.raises(ValidationError) as wrong:
        Memory(type="elephant")
    assert first_problem(wrong.value).text.zh.startswith("只能是 'window' 或 ")


def test_where_nothing_is_remembered_there_is_nothing_to_begin_anew():
    assert restarts("/new", Memory())
    assert not restarts("/new", Memory(type="none"))


class Summed(Strategy):
    """As somebody else would bring it: a model sums up."""

    title = Text("总结", "Summed up")

    @property
    def loads(self) -> int:
        return 100

    async def remembered(self, history, uses):
        answer = await uses.models.complete(Request("default", [{"role": "user", "content": "sum up"}]))
        assert isinstance(answer, Answer)
        return [Exchange("到现在为止", answer.text)]


async def test_a_strategy_from_elsewhere_is_found_and_may_ask_a_model():
    models = Script([says("聊过茶"), says("龙井")])
    with registry.including({"summed": Summed}):
        composed = agent({"type": "model", "id": "answer"}, memory={"type": "summed"})
        events = await play(composed, wrote("再说说"), models, history=SAID)
    assert events[-1].text == "龙井"
    told = [message["content"] for message in models.requests[1].messages]
    assert told[-3:] == ["到现在为止", "聊过茶", "再说说"]
