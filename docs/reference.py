"""Write what says what the code says: pages of docs/, the agent file's schema. `make docs`; tests hold it."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from docs.fields import fields_table, inner_models
from docs.tables import table
from docs.watched import runbook_page, watching_page
from docs.words import EXAMPLES, NAMES, TYPES
from runtime import blocks, channels, tools
from runtime.agents import json_schema
from runtime.agents.agent import Agent
from runtime.channels._tencent import qyapi_codes
from runtime.channels._tencent.refusals import REASONS
from runtime.channels.wechat import errcodes
from runtime.channels.wechat.guide import WORDS
from runtime.deployment.kinds import Asked, image
from runtime.lang import Text
from runtime.metrics.alerting.rules import rules
from runtime.server.api.ws_told import asyncapi
from runtime.settings import Settings
from runtime.standard_answer import (
    StandardAnswer,
    StandardChoice,
    StandardPart,
)
from runtime.standard_answer import (
    json_schema as standard_schema,
)
from runtime.standard_message import (
    StandardFile,
    StandardLink,
    StandardLocation,
    StandardMessage,
    StandardSender,
)
from runtime.store.messages.states import MESSAGE_STEPS
from runtime.turn.cache_settings import Cache
from runtime.turn.keyword_settings import Keyword
from runtime.turn.limits import Limits
from runtime.turn.settings import Memory, Texts, Variable
from tests import architecture

HERE = Path(__file__).parent
PART = re.compile(r"<!-- code -->.*?<!-- /code -->", re.DOTALL)
"""Of a page: what is made from the code. The rest is written by hand."""
LANGUAGES = ("zh", "en")
ARCHITECTURE = HERE.parent / "ARCHITECTURE.md"
ASYNCAPI = HERE / "asyncapi.json"
STANDARD = HERE / "standard-message.json"
DOCKERFILE = HERE.parent / "Dockerfile"
RULES = HERE.parent / "templates" / "deploy" / "prometheus" / "rules.yml"
INSIGHTS = HERE.parent / "builder" / "texts"


def pages() -> dict[Path, str]:
    """Each page with its part that says what the code says, by its file."""
    made = {ARCHITECTURE: _with(ARCHITECTURE, drawing())}
    for lang in LANGUAGES:
        for name, body in BODIES.items():
            file = HERE / lang / f"{name}.md"
            made[file] = _with(file, "\n".join(body(lang)).strip())
    return made


def protocol() -> str:
    """The WebSocket's, for programs that read such a file."""
    return json.dumps(asyncapi("1"), ensure_ascii=False, indent=2) + "\n"


def standard() -> str:
    """The schema of what comes and goes, for programs that read such a file."""
    return json.dumps(standard_schema(), ensure_ascii=False, indent=2) + "\n"


def dockerfile() -> str:
    """As it is printed where nothing else is asked for."""
    return image(Asked(Settings(), ""))


def _with(file: Path, inside: str) -> str:
    return PART.sub(lambda _: f"<!-- code -->\n\n{inside}\n\n<!-- /code -->", file.read_text("utf-8"))


def drawing() -> str:
    """The rooms and who needs whom, without arrows that others imply."""
    needs: dict[str, set[str]] = {}
    for found, target in architecture.inside(architecture.sources(".py")):
        here, there = _top(found.path), _top(target)
        if here != there and "words" not in (here, there):
            needs.setdefault(here, set()).add(there)
    arrows = [
        f"    {here} --> {there}"
        for here in sorted(needs)
        for there in sorted(needs[here])
        if not any(there in _below(other, needs) for other in needs[here] - {there})
    ]
    return "\n".join(["```mermaid", "flowchart TD", *arrows, "```"])


def _top(path: str) -> str:
    """The room that the drawing shows: a folder of runtime/, else the outermost one."""
    first, _, rest = path.partition("/")
    if first != "runtime":
        return first.removesuffix(".py")
    return rest.partition("/")[0] if "/" in rest else "engine" if rest == "engine.py" else "words"


def _below(room: str, needs: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = set(needs.get(room, ()))
    while waiting:
        found |= waiting
        waiting = {below for one in waiting for below in needs.get(one, ())} - found
    return found


def agent_file(lang: str) -> Iterator[str]:
    for model in (Agent, Variable, Memory, Limits, Cache, Texts, Keyword):
        heading = "" if model is Agent else f"## `{model.__name__.lower()}`"
        yield from (heading, "", *fields_table(model, lang), "")


def blocks_page(lang: str) -> Iterator[str]:
    yield from fields_table(blocks.Block, lang)
    for name, block in blocks.registry().items():
        yield from _plugin(name, block, blocks.Block, lang)
        given = _outputs(block, lang)
        if given:
            yield from (TYPES["outputs"].to(lang), "", *given, "")


def tools_page(lang: str) -> Iterator[str]:
    yield from fields_table(tools.Tool, lang)
    for name, tool in tools.registry().items():
        yield from _plugin(name, tool, tools.Tool, lang)


WEIGHED = {
    "writes": Text("谁能写给它", "Who can write"),
    "needs": Text("要准备什么", "What it takes"),
    "cost": Text("费用", "Cost"),
    "risk": Text("要知道的", "Good to know"),
}


def channels_page(lang: str) -> Iterator[str]:
    domain = Text("要不要公网网址", "Public address")
    yes, no = Text("要", "needed"), Text("不要", "not needed")
    head = [Text("渠道", "Channel"), *WEIGHED.values(), domain]
    yield f"| {' | '.join(one.to(lang) for one in head)} |"
    yield f"| {' | '.join('---' for _ in head)} |"
    for name, channel in channels.by_family():
        its = channel.profile
        texts = [getattr(its, one) for one in WEIGHED] + [yes if its.public_address else no]
        yield f"| {channel.about.title.to(lang)} `{name}` | {' | '.join(text.to(lang) for text in texts)} |"
    yield ""
    for name, channel in channels.by_family():
        yield from (f"## {channel.about.title.to(lang)} `{name}`", "", channel.about.hint.to(lang), "")
        made = frozenset(channel.suggest()) if issubclass(channel, channels.Guides) else frozenset()
        yield from fields_table(channel.Settings, lang, made=made)
        yield ""


def templates_page(lang: str) -> Iterator[str]:
    for kind in ("name", "filter", "test"):
        yield from (TYPES[kind].to(lang), "")
        if kind == "name":
            yield from table((f"`{name}`", text.to(lang)) for name, text in NAMES.items())
        else:
            rows = (
                (f"`{e.name}`", e.says.to(lang), f"`{e.template}`", f"`{e.result}`") for e in EXAMPLES[kind]
            )
            yield from table(rows)
        yield ""


def states_page(lang: str) -> Iterator[str]:
    said = json.loads((INSIGHTS / f"insights.{lang}.json").read_text("utf-8"))
    yield from table(
        ((f"`{state}`", said[f"state.{state}"]) for state in MESSAGE_STEPS), TYPES["state"].to(lang)
    )
    yield from ("", "```mermaid", "stateDiagram-v2", "    [*] --> accepted")
    for state, following in MESSAGE_STEPS.items():
        yield from (f"    {state} --> {after}" for after in following if after != state)
    yield "```"


def troubleshooting_page(lang: str) -> Iterator[str]:
    """What each refusal and each code of the platforms' means."""
    refusals = {code: WORDS.fill(text) for code, text in REASONS.items()}
    yield from _codes({**refusals, **errcodes.TEXTS}, lang)
    yield from ("", "## qyapi.weixin.qq.com", "")
    yield from _codes(qyapi_codes.TEXTS, lang)


def standard_page(lang: str) -> Iterator[str]:
    for model in (StandardMessage, StandardSender, StandardFile, StandardLocation, StandardLink):
        yield from (f"### {model.__name__}", "", *fields_table(model, lang), "")
    for model in (StandardAnswer, StandardPart, StandardChoice):
        yield from (f"### {model.__name__}", "", *fields_table(model, lang), "")


def _codes(known: Mapping[str, Text], lang: str) -> Iterator[str]:
    rows = (
        (f"`{code}`", text.to(lang).replace("{ip}", "…").replace("{code}", code))
        for code, text in known.items()
    )
    yield from table(rows, TYPES["code"].to(lang))


BODIES = {
    "agent-file": agent_file,
    "blocks": blocks_page,
    "tools": tools_page,
    "channels": channels_page,
    "templates": templates_page,
    "standard-message": standard_page,
    "states": states_page,
    "troubleshooting": troubleshooting_page,
    "watching": watching_page,
    "runbook": runbook_page,
}


def _plugin(name: str, plugin: Any, contract: type[BaseModel], lang: str) -> Iterator[str]:
    yield from ("", f"## {plugin.about.title.to(lang)} `{name}`", "", plugin.about.hint.to(lang), "")
    yield from fields_table(plugin, lang, besides=contract)
    for inner in inner_models(plugin):
        yield from ("", f"`{inner.__name__.lower()}`:", "", *fields_table(inner, lang))
    yield ""


def _outputs(block: Any, lang: str) -> list[str]:
    required = {name: () for name, field in block.model_fields.items() if field.is_required()}
    outputs = block.model_construct(**required).outputs()
    return list(table((f"`{name}`", text.to(lang)) for name, text in outputs.items()))


if __name__ == "__main__":
    for file, text in pages().items():
        file.write_text(text, encoding="utf-8")
    ASYNCAPI.write_text(protocol(), encoding="utf-8")
    STANDARD.write_text(standard(), encoding="utf-8")
    DOCKERFILE.write_text(dockerfile(), encoding="utf-8")
    RULES.write_text(rules(), encoding="utf-8")
    json_schema.main()
