"""Who writes, as templates and tools of a turn see them, and what a turn changes of what is kept."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Literal

from runtime.errors import TurnFailed, Wrong
from runtime.lang import Text
from runtime.turn.keeping import Value
from runtime.turn.personal import PersonValue, Writer, fits, named, seen
from runtime.turn.turn import Turn

PERSON = "person"
"""What `{{ person.name }}` begins with."""

UNKNOWN = Text(
    "智能体没有声明「person.{name}」，请在设置的「每个人的资料」里加上。",
    "The agent declares no “person.{name}”; add it under “Kept of each person” in its settings.",
)
NOT_FOR = Text("「person.{name}」不能由{who}修改。", "“person.{name}” is not to be changed by {who}.")
WHO: Mapping[str, Text] = {"agent": Text("流程", "the flow"), "model": Text("大模型", "the model")}
WRONG = Text("「person.{name}」：{why}。", "“person.{name}”: {why}.")

Work = Callable[[Mapping[str, Any]], Mapping[str, Any]]
MAY: Mapping[str, frozenset[str]] = {
    "agent": frozenset(("agent", "model")),
    "model": frozenset(("model",)),
}
"""Who writes, and whose values that may be."""


async def meet(turn: Turn, *, known: bool) -> None:
    """Learn who writes: all that is `known` of them, or only their id. Raises StoreFailed."""
    if known:
        person = await turn.kept.person()
        turn.person = replace(person, values=seen(turn.agent.person, person.values))
    else:
        turn.person = turn.kept.who
    _show(turn)


async def change(turn: Turn, step: str, by: Literal["agent", "model"], work: Work) -> Mapping[str, Any]:
    """Change values of the person: `work` gets them as they are now and gives some anew. Once for that step.

    What was changed, by name. Raises TurnFailed: no such value, not for this writer, of another type.
    """
    declared, around_it = named(turn.agent.person), _declared_around(turn)

    def changed(kept: Mapping[str, Any]) -> list[Value]:
        given = work(seen(turn.agent.person, kept))
        found = []
        for name, value in given.items():
            one = declared.get(name)
            if one is None:
                raise TurnFailed(UNKNOWN.fill(name=name), code="person")
            if not {one.who, *around_it.get(name, ())} <= MAY[by]:
                raise TurnFailed(NOT_FOR.fill(name=name, who=WHO[by]), code="person")
            try:
                found.append(Value(name, one.type, one.read(value)))
            except Wrong as e:
                raise TurnFailed(WRONG.fill(name=name, why=e.text), code="person") from None
        return found

    done = await turn.kept.write(f"person.{step}", by, changed)
    around: Turn | None = turn
    while around:  # a round, or an agent in another one, tells those that it runs in
        around.person = replace(around.person, values={**around.person.values, **done})
        _show(around)
        around = around.outer
    return done


def _declared_around(turn: Turn) -> Mapping[str, set[Writer]]:
    """By name, who may change it as the agents say that this one runs in: it may do no more than these."""
    found: dict[str, set[Writer]] = {}
    around = turn.outer
    while around:
        for one in around.agent.person:
            found.setdefault(one.name, set()).add(one.who)
        around = around.outer
    return found


def formula(declared: PersonValue, source: str) -> bool:
    """Whether a value is worked out, as `person.score + 1` is, and not a template or a plain value."""
    if declared.type == "text" or "{{" in source or "{%" in source or not source.strip():
        return False
    return declared.type == "list" or not fits(declared, source)


def worked_out(turn: Turn, sources: Mapping[str, str], now: Mapping[str, Any]) -> dict[str, Any]:
    """Templates and formulas upon what is kept `now`, whoever wrote it. Raises BadTemplate."""
    declared, prompts = named(turn.agent.person), turn.services.prompts
    known = {**turn.seen, PERSON: {**turn.person.view(turn.now().tzinfo), **now}}
    return {
        name: prompts.compute(source, known)
        if name in declared and formula(declared[name], source)
        else prompts.render(source, known)
        for name, source in sources.items()
    }


def _show(turn: Turn) -> None:
    """An agent that has something of its own by that name keeps that: it was composed before."""
    own = {variable.name for variable in turn.agent.variables}
    if PERSON not in own and PERSON not in turn.blocks:
        turn.values = {**turn.values, PERSON: turn.person.view(turn.now().tzinfo)}
