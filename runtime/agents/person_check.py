"""What should be corrected in how an agent keeps something of each person."""

import difflib
from collections.abc import Collection, Iterator

from runtime.agents.agent import PERSON, Agent
from runtime.agents.scope import LIKELY, Place, missing, places, shapes, wrong_field
from runtime.blocks import Keeps
from runtime.errors import BadTemplate
from runtime.lang import Text
from runtime.person import FIELDS, TAGS
from runtime.templating.prompts import Prompts
from runtime.templating.sandbox.reading import uses
from runtime.turn.personal import PersonValue, named
from runtime.turn.who import MAY, formula

UNKNOWN = Text(
    "没有声明「person.{name}」，请在设置的「每个人的资料」里加上",
    "“person.{name}” is not declared; add it under “Kept of each person” in the settings",
)
FOR_OPERATOR = Text(
    "「person.{name}」只有您能改，流程不能改", "“person.{name}” is yours alone to change, not the flow's"
)
NO_FIT = Text("「person.{name}」：{why}", "“person.{name}”: {why}")
HIDES = Text(
    "「person」是写消息的人，这里另取了这个名字，模板里就看不到是谁写的了，请换一个名称",
    "“person” is who writes; taken here, templates cannot see who that is. Take another name",
)


def person_problems(agent: Agent, prompts: Prompts) -> Iterator[tuple[bool, str, Text, str]]:
    """Whether each is an error, its field and what it is; the name that is to be declared, else ""."""
    yield from ((*one, "") for one in _hidden(agent))
    declared = named(agent.person)
    for place in places(agent):
        block = place.block
        if isinstance(block, Keeps):
            for name, source in block.kept.items():
                for text in (
                    *_written(name, source, declared, prompts),
                    *_unknown(agent, place, declared.get(name), source),
                ):
                    yield True, f"{place.path}.values.person.{name}", text, _to_declare(name, declared)


def _to_declare(name: str, declared: Collection[str]) -> str:
    """ "" where it is declared, nearly called as one that is, or can be no text."""
    others = (*declared, *FIELDS, TAGS)
    return "" if difflib.get_close_matches(name, others, 1, LIKELY) else name


def _hidden(agent: Agent) -> Iterator[tuple[bool, str, Text]]:
    named_so = [(v.name, f"variables.{i}.name") for i, v in enumerate(agent.variables)]
    named_so += [(block.id, f"{path}.id") for path, block in agent.walk()]
    yield from ((False, path, HIDES) for name, path in named_so if name == PERSON)


def _unknown(agent: Agent, place: Place, one: PersonValue | None, source: str) -> Iterator[Text]:
    """Names in a formula that nothing has; those of templates are told of with the rest."""
    if one is None or not formula(one, source):
        return
    known = shapes(agent, place)
    try:
        asked = uses(source, is_condition=True)
    except BadTemplate:
        return
    for use in asked:
        text = wrong_field(use, known) if use.name in known else missing(use.name, agent, place, known)
        if text:
            yield text


def _written(name: str, source: str, declared: dict[str, PersonValue], prompts: Prompts) -> Iterator[Text]:
    one = declared.get(name)
    if one is None:
        yield UNKNOWN.fill(name=name)
    elif one.who not in MAY["agent"]:
        yield FOR_OPERATOR.fill(name=name)
    elif formula(one, source) and (problem := prompts.check_expression(source)):
        yield NO_FIT.fill(name=name, why=problem.text.bare())
