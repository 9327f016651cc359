"""Models that an agent asks and that are not set up: to answer, see, hear, speak and draw."""

from collections.abc import Iterator

from runtime.agents.agent import Agent
from runtime.blocks import AsksModel, GrantsTools
from runtime.lang import Text
from runtime.models.painting import NOBODY_DRAWS
from runtime.models.providers import PROVIDERS, Endpoints
from runtime.models.targets import DEMO


def model_problems(agent: Agent, endpoints: Endpoints) -> Iterator[tuple[bool, str, Text]]:
    """Whether each is an error, its field and what it is."""
    yield from _asked(agent, endpoints)
    yield from _senses(agent, endpoints)
    yield from _drawing(agent, endpoints)


def _asked(agent: Agent, endpoints: Endpoints) -> Iterator[tuple[bool, str, Text]]:
    """One a model, at the first block that asks it."""
    told: set[str] = set()
    for path, block in agent.enabled():
        if not isinstance(block, AsksModel) or not block.asked:
            continue
        name = block.asked[0]
        if name not in told and (text := _missing(name, endpoints)):
            told.add(name)
            yield False, f"{path}.model", text


def _senses(agent: Agent, endpoints: Endpoints) -> Iterator[tuple[bool, str, Text]]:
    """The models that see, hear and speak for it."""
    speech = agent.speech
    for path, name in (("vision", agent.vision), ("voice", agent.voice), ("speech.model", speech.model)):
        if name and (text := _missing(name, endpoints)):
            yield False, path, text
    if speech.when != "never" and not (speech.model or endpoints.usual_models().speaking):
        yield False, "speech.model", NOBODY_SPEAKS


def _drawing(agent: Agent, endpoints: Endpoints) -> Iterator[tuple[bool, str, Text]]:
    for path, block in agent.enabled():
        for below, tool in block.granted() if isinstance(block, GrantsTools) else ():
            if tool.draws is None:
                continue
            if not (tool.draws or endpoints.usual_models().drawing):
                yield True, f"{path}.{below}.model", NOBODY_DRAWS.bare()
            elif tool.draws and (text := _missing(tool.draws, endpoints)):
                yield False, f"{path}.{below}.model", text


NOBODY_SPEAKS = Text(
    "还没有朗读的模型，回答只有文字；在这里或「模型」页选一个",
    "no model speaks yet, so answers are text only; choose one here or on the Models page",
)


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
        "{provider} 还没有密钥，请到「模型」页添加",
        "{provider} has no key yet; add it on the Models page",
    ).fill(provider=provider.title)
