"""What should be corrected in an agent before somebody meets it: errors stop publishing, warnings do not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from builder.actions import pair
from builder.actions.sources import Source, sources
from runtime.agent import RESERVED, Agent, walk
from runtime.blocks import Block
from runtime.errors import BadTemplate, NotFound
from runtime.lang import Text
from runtime.prompts import Prompt, Prompts
from runtime.providers import PROVIDERS, Endpoints
from runtime.routing import DEMO
from runtime.tools import Tool


@dataclass(frozen=True)
class Finding:
    """`field` is a path such as `flow.0.prompt.text`."""

    level: Literal["error", "warning"]
    field: str
    text: Text

    def to_json(self) -> dict[str, Any]:
        return {"level": self.level, "field": self.field, "text": pair(self.text)}


def check(agent: Agent, prompts: Prompts, endpoints: Endpoints) -> list[Finding]:
    """Errors first."""
    found = [
        *_emptiness(agent),
        *_templates(agent, prompts),
        *_unreachable(agent.flow, "flow"),
        *_arguments(agent),
        *_models(agent, endpoints),
    ]
    return sorted(found, key=lambda finding: finding.level)


def _emptiness(agent: Agent) -> Iterator[Finding]:
    if not agent.flow:
        text = Text("流程是空的，先加一块「大模型」或「回复」", "The flow is empty; add a model or a reply")
        yield Finding("error", "flow", text)
    elif not any(block.ends or hasattr(block, "model") for _, block in walk(agent.flow)):
        text = Text("没有会回答的积木，加一块「大模型」或「回复」", "Nothing answers; add a model or a reply")
        yield Finding("error", "flow", text)


def _templates(agent: Agent, prompts: Prompts) -> Iterator[Finding]:
    """Templates and conditions that are broken, or use a name that nothing before them sets."""
    known = {*RESERVED, *(variable.name for variable in agent.variables)}
    for path, block in walk(agent.flow):
        for source in sources(block):
            yield from _source(f"{path}.{source.field}", source, known, prompts)
        yield from _prompt(path, block, prompts, agent.language)
        known.add(block.id)


def _source(field: str, source: Source, known: set[str], prompts: Prompts) -> Iterator[Finding]:
    problem = prompts.check_expression(source.text) if source.is_condition else prompts.check(source.text)
    if problem:
        yield Finding("error", field, problem.text)
        return
    template = "{{ (" + source.text + ") }}" if source.is_condition else source.text
    for name in sorted(prompts.names(template) - known - source.given):
        text = Text(
            f"「{name}」不存在：它前面没有这个编号的积木，也没有这个变量",
            f"There is no {name!r}: no earlier block has this id, and no variable this name",
        )
        yield Finding("error", field, text)


def _prompt(path: str, block: Block, prompts: Prompts, lang: str) -> Iterator[Finding]:
    prompt = getattr(block, "prompt", None)
    if not isinstance(prompt, Prompt) or prompt.template is None:
        return
    try:
        prompts.template(prompt.template, lang)
    except (NotFound, BadTemplate) as e:
        yield Finding("error", f"{path}.prompt.template", e.text)


def _unreachable(flow: Sequence[Block], path: str) -> Iterator[Finding]:
    over = False
    for i, block in enumerate(flow):
        if over:
            text = Text("走不到这里：前面已经结束了这一轮", "Never reached: an earlier block ends the turn")
            yield Finding("warning", f"{path}.{i}", text)
            return
        for below, nested in block.flows():
            yield from _unreachable(nested, f"{path}.{i}.{below}")
        over = _ends(block)


def _ends(block: Block) -> bool:
    """Whether nothing after this block can run."""
    ways = [nested for _, nested in block.flows()]
    return block.ends or (bool(ways) and all(any(map(_ends, nested)) for nested in ways))


def _arguments(agent: Agent) -> Iterator[Finding]:
    """What a tool that a block runs needs and is not given. What a model's tool needs, the model gives."""
    known = {*RESERVED, *(variable.name for variable in agent.variables)}
    for path, block in walk(agent.flow):
        tool, given = getattr(block, "tool", None), getattr(block, "arguments", None)
        if isinstance(tool, Tool) and isinstance(given, dict):
            needed = tool.parameters(known).get("required", [])
            if missing := [name for name in needed if name not in given]:
                text = Text(
                    f"工具还缺参数：{'、'.join(missing)}", f"The tool still needs: {', '.join(missing)}"
                )
                yield Finding("warning", f"{path}.arguments", text)
        known.add(block.id)


def _models(agent: Agent, endpoints: Endpoints) -> Iterator[Finding]:
    """One finding a model, at the first block that asks it."""
    told: set[str] = set()
    for path, block in walk(agent.flow):
        name = getattr(block, "model", None)
        if isinstance(name, str) and name not in told and (text := _missing(name, endpoints)):
            told.add(name)
            yield Finding("warning", f"{path}.model", text)


def _missing(name: str, endpoints: Endpoints) -> Text | None:
    """What this model still needs; None when nothing, or when it cannot be told from here."""
    if name == "default" and not endpoints.default_model():
        return Text(
            "还没有设置模型，会由内置的演示模型回答",
            "No model is set up yet; the built-in demo model will answer",
        )
    first = name.partition("/")[0]
    if name in ("default", DEMO) or endpoints.find(first) or first not in PROVIDERS:
        return None
    provider = PROVIDERS[first]
    return Text(
        f"{provider.title.zh} 还没有密钥，请到「模型」页添加",
        f"{provider.title.en} has no key yet; add it on the Models page",
    )
