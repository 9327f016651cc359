"""What should be corrected in an agent before somebody meets it: errors stop publishing, warnings do not."""

import dataclasses
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, Protocol

from runtime.agents.agent import Agent, walk_enabled
from runtime.agents.bases import absent
from runtime.agents.granting import granted, granted_by
from runtime.agents.holding import unheld
from runtime.agents.models_check import model_problems
from runtime.agents.nesting import CANNOT_WAIT, is_side_by_side, nested
from runtime.agents.pasted_keys import keys
from runtime.agents.person_check import person_problems
from runtime.agents.places import at_place
from runtime.agents.scope import Place, instead, missing, places, shapes, wrong_field
from runtime.agents.sources import Source, sources
from runtime.agents.tool_names import tool_problems
from runtime.agents.trial import tried
from runtime.agents.unheeded import unheeded
from runtime.blocks import Block, RunsTool, Writes, is_over
from runtime.errors import BadAgent, BadTemplate, NotFound, ToolFailed
from runtime.knowledge.known import known
from runtime.lang import Text, joined, listed
from runtime.models.providers import Endpoints
from runtime.templating.prompts import Prompts
from runtime.templating.sandbox.reading import impossible, uses
from runtime.tools import SECRET

TOLD = 5
"""Errors that a refusal to publish lists."""


@dataclass(frozen=True)
class Finding:
    """`field` is a path such as `flow.0.prompt.text`."""

    level: Literal["error", "warning"]
    field: str
    text: Text
    code: str = ""
    """Of a kind for which there may be a certain fix, with what that has to know: see edits/fixing.py."""
    about: Mapping[str, str] = dataclasses.field(default_factory=dict, hash=False)

    def to_json(self) -> dict[str, Any]:
        return {"level": self.level, "field": self.field, "text": self.text.by_language()}


ONLY_IN_REQUESTS = Text(
    "密钥只能用在 HTTP 请求的请求头、查询参数和内容里：别处会被模型或用户看到",
    "secrets may only stand in headers, query and body of an HTTP request: elsewhere they would be seen",
)


class Owned(Endpoints, Protocol):
    """What the owner set up besides the agent."""

    @property
    def secrets(self) -> "Named": ...

    @property
    def home(self) -> Path:
        """With the folder of the knowledge bases."""
        ...


class Named(Protocol):
    def names(self) -> Collection[str]:
        """Of the secrets that are set."""
        ...


def check(agent: Agent, prompts: Prompts, owned: Owned, allowed: Collection[str] = ()) -> list[Finding]:
    """Errors first. `allowed`: `host:port` that tools may reach although they are not public."""
    prompts = prompts.beside(agent.prompts)
    found = [
        *_emptiness(agent),
        *_templates(agent, prompts),
        *(one for path, flow in agent.flows() for one in _unreachable(flow, path)),
        *_unused(agent),
        *_tools(agent, allowed),
        *_withheld(agent),
        *(Finding("warning", path, text) for path, text in unheld(agent)),
        *(Finding("warning", path, text, "unheeded", {"id": id}) for path, text, id in unheeded(agent)),
        *_nested(agent, owned.home),
        *_secrets(agent, owned.secrets.names()),
        *(
            Finding("error" if wrong else "warning", path, text, "undeclared" if name else "", {"name": name})
            for wrong, path, text, name in person_problems(agent, prompts)
        ),
        *(
            Finding("error" if wrong else "warning", path, text)
            for wrong, path, text in model_problems(agent, owned)
        ),
        *(
            Finding("error", path, text, "other_base" if alike else "", {"instead": alike})
            for path, text, alike in absent(agent, known(owned.home))
        ),
        *(
            Finding("error", path, text, "tool_twice" if name else "", {"name": name})
            for path, text, name in tool_problems(agent)
        ),
    ]
    off = tuple(f"{path}." for path, block in agent.walk() if block.disabled)
    # What is switched off stands in nobody's way.
    runs = [one for one in found if not f"{one.field}.".startswith(off)]
    pasted = [Finding("warning", path, text) for path, text in keys(agent.to_json())]
    return sorted([*runs, *pasted], key=lambda finding: finding.level)


BETWEEN = Text("；", "; ")
AND_MORE = Text("；另有 {more} 处。", "; and {more} more.")
NOT_PUBLISHED = Text(
    "「{name}」没有发布，先改好这 {count} 处：{errors}{rest}",
    "{name!r} was not published; {count} to fix first: {errors}{rest}",
)


def refuse_errors(agent: Agent, found: Sequence[Finding]) -> None:
    """Raises BadAgent that tells them, each with its block and field."""
    errors = [finding for finding in found if finding.level == "error"]
    if not errors:
        return
    told = joined((at_place(agent, one.field, one.text) for one in errors[:TOLD]), BETWEEN)
    more = max(0, len(errors) - TOLD)
    refused = NOT_PUBLISHED.fill(
        name=agent.name,
        count=len(errors),
        errors=told,
        rest=AND_MORE.fill(more=more) if more else Text("。", "."),
    )
    raise BadAgent(refused, field=errors[0].field)


def _emptiness(agent: Agent) -> Iterator[Finding]:
    for i, start in enumerate(agent.starts):
        if not start.flow:
            yield Finding("error", f"starts.{i}.flow", NOTHING_DONE)
    if not agent.flow and agent.starts:
        yield Finding("warning", "flow", ONLY_STARTS)
    elif not agent.flow:
        text = Text("流程是空的，先加一块「大模型」或「回复」", "The flow is empty; add a model or a reply")
        yield Finding("error", "flow", text)
    elif not any(block.ends or isinstance(block, Writes) for _, block in walk_enabled(agent.flow)):
        text = Text("没有会回答的积木，加一块「大模型」或「回复」", "Nothing answers; add a model or a reply")
        yield Finding("error", "flow", text)


UNUSED = Text(
    "找到的内容后面没有用到：在大模型的提示词里加上 {{{{ {id}.text }}}}",
    "what it finds is used nowhere: put {{{{ {id}.text }}}} into a model’s prompt",
)
NOTHING_DONE = Text("这个触发器还没有流程，加一块积木", "This trigger has no flow yet; add a block")
ONLY_STARTS = Text(
    "没有给消息的流程：有人写来时不会回答，只有定时等触发器会运行",
    "There is no flow for messages: whoever writes gets no answer; only the triggers run",
)


def _templates(agent: Agent, prompts: Prompts) -> Iterator[Finding]:
    """Templates and conditions that are broken, or ask for what is not there."""
    for place in places(agent):
        for source in sources(place.block):
            for one in _source(agent, place, source, prompts):
                yield replace(one, field=f"{place.path}.{source.field}")
        yield from _prompt(place.path, place.block, prompts, agent.language)


def _source(agent: Agent, place: Place, source: Source, prompts: Prompts) -> Iterator[Finding]:
    """What is wrong with one, wherever it stands."""
    problem = prompts.check_expression(source.text) if source.is_condition else prompts.check(source.text)
    if problem:
        yield Finding("error", "", problem.text)
        return
    place = place.inside if source.inside else place
    found = list({one.text: one for one in _names(agent, place, source)}.values())
    yield from sorted(found, key=lambda one: one.level)
    if never := impossible(source.text, is_condition=source.is_condition):
        yield Finding("error", "", never.text)
    elif not found and (outcome := tried(agent, source, place, prompts)):
        always, text = outcome
        yield Finding("error" if always else "warning", "", text)


def _names(agent: Agent, place: Place, source: Source) -> Iterator[Finding]:
    """What it asks for and is not there."""
    known = shapes(agent, place)
    asleep = {block.id for block in place.off}
    for use in uses(source.text, is_condition=source.is_condition):
        if use.name not in known and (use.name in source.given or (use.name == SECRET and source.may_ask)):
            continue
        if use.name == SECRET and use.name not in known:
            yield Finding("error", "", ONLY_IN_REQUESTS)
            continue
        text = wrong_field(use, known) if use.name in known else missing(use.name, agent, place, known)
        if use.name in asleep and text:
            yield Finding("warning", "", text, "switched_off", {"id": use.name})
        elif text:
            meant = instead(use, known)
            yield Finding("error", "", text, *(("misspelt", meant) if meant else ()))


def _nested(agent: Agent, home: Path) -> Iterator[Finding]:
    for path, text in nested(agent, home):
        around = [place.path for place in places(agent) if is_side_by_side(place.block)]
        rounds = [one for one in around if path.startswith(f"{one}.")]
        about = {"rounds": rounds[-1]} if text is CANNOT_WAIT and len(rounds) == 1 else {}
        yield Finding("error", path, text, "cannot_wait" if about else "", about)


def _prompt(path: str, block: Block, prompts: Prompts, lang: str) -> Iterator[Finding]:
    if not isinstance(block, Writes) or block.told.template is None:
        return
    try:
        prompts.template(block.told.template, lang)
    except (NotFound, BadTemplate) as e:
        yield Finding("error", f"{path}.prompt.template", e.text)


def _unreachable(flow: Sequence[Block], path: str) -> Iterator[Finding]:
    over = False
    for i, block in enumerate(flow):
        if over:
            text = Text("走不到这里：前面已经结束了这一轮", "Never reached: an earlier block ends the turn")
            yield Finding("warning", f"{path}.{i}", text)
            return
        for below, way in block.flows():
            yield from _unreachable(way, f"{path}.{i}.{below}")
        over = is_over(flow, i)


def _unused(agent: Agent) -> Iterator[Finding]:
    """What is found for other blocks, and stands in none of them."""
    running = [place for place in places(agent) if place.runs]
    named = {use.name for place in running for source in sources(place.block) for use in source.asks()}
    for place in places(agent):
        if place.block.for_others and place.block.id not in named:
            about = {"id": place.block.id}
            yield Finding("warning", place.path, UNUSED.fill(id=place.block.id), "unused", about)


def _tools(agent: Agent, allowed: Collection[str]) -> Iterator[Finding]:
    """What a tool would refuse or fail at; and what one that a block runs needs and is not given."""
    variables = {variable.name: variable.default for variable in agent.variables}
    for place in places(agent):
        for name, tool in granted_by(place.block):
            for problem in tool.check(variables, allowed):
                field = f"{place.path}.{name}.{problem.field}".rstrip(".")
                yield Finding("error", field, problem.text)
        if isinstance(block := place.block, RunsTool):
            known = shapes(agent, place)
            needed = [
                name for _, tool in block.granted() for name in tool.parameters(known).get("required", [])
            ]
            # What a model's tool needs, the model gives.
            if lacking := [name for name in needed if name not in block.given]:
                text = Text("工具还缺参数：{lacking}", "The tool still needs: {lacking}").fill(
                    lacking=listed(lacking)
                )
                yield Finding("warning", f"{place.path}.arguments", text)


def _withheld(agent: Agent) -> Iterator[Finding]:
    """Tools that will be refused what they are for."""
    for path, _, tool in granted(agent):
        for power in sorted(tool.powers & set(agent.withheld)):
            text = Text(
                "这个工具会{power}，还没有允许；请到「设置」里的「它可以做什么」打开",
                "this tool would {power}, which is not allowed yet; allow it under “What it may do” in "
                "the settings",
            ).fill(power=power.words)
            yield Finding("warning", path, text)


def _secrets(agent: Agent, there: Collection[str]) -> Iterator[Finding]:
    """Secrets that are asked for and not set."""
    for path, _, tool in granted(agent):
        try:
            asked = tool.secrets()
        except (ToolFailed, BadTemplate):
            continue  # told of the tool itself
        for name in asked:
            if name not in there:
                text = Text(
                    "密钥「{name}」还没有设置，请到「模型」页添加",
                    "the secret {name!r} is not set; add it on the Models page",
                ).fill(name=name)
                yield Finding("error", path, text)
