"""An agent: what a user composed, as it is on disk."""

import functools
import hashlib
import keyword
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator, model_validator

from runtime.agents.starts import Start, Starts
from runtime.blocks import Block, Flow
from runtime.errors import Wrong
from runtime.lang import Text, as_it_is
from runtime.languages import WRITTEN
from runtime.message import Message
from runtime.safety.settings import Safety
from runtime.schema import Id, Problem, Strict, as_model, bad_agent, first_problem, problems, setting
from runtime.templating.template_file import Brought
from runtime.time_zones import zone
from runtime.tools import Power
from runtime.turn.cache_settings import Cache
from runtime.turn.consent_settings import Consent
from runtime.turn.keyword_settings import Keyword
from runtime.turn.limits import Limits
from runtime.turn.personal import PersonValue
from runtime.turn.settings import Memory, Texts, Variable
from runtime.turn.shared_settings import SharedPlaces
from runtime.turn.speech import Speech
from runtime.turn.wait_settings import WaitSettings

FORMAT: Literal[1] = 1

RESERVED = ("message", "conversation", "now", "agent")
"""Names that templates always see; no block or variable may take them."""

IN_STARTS = "event"
"""What began it, as the flow of a start sees it. Reserved only in agents that have starts."""

KEYWORDS = frozenset(keyword.kwlist) | {"true", "false", "none"}
"""Words that mean something else in a template or condition."""

PERSON = "person"
"""Who writes: to be taken by a block or variable only where the agent keeps nothing of each person, as agents
did that were composed before there was such a thing."""
TAKEN = Text("名称「{name}」重复了", "the name {name!r} is taken")
HIDDEN = Text(
    "「person」是写消息的人，这个智能体要记住每个人的资料，请换一个名称",
    "“person” is who writes, and this agent keeps something of each; take another name",
)

MOST_AGENTS = 20
"""Other agents that one uses, with those that these use."""

MOST_BLOCKS = 500
"""Blocks of one agent, nested ones too."""


def _written() -> dict[str, Text]:
    return {language.code: as_it_is(language.name) for language in WRITTEN}


Held = Annotated[
    str,
    Field(pattern=r"^(secret:[a-z_][a-z0-9_]{0,63}@|base:|publication:)\S{1,300}$"),
]
MOST_HELD = 500


class Agent(Strict):
    """One JSON file in `agents/`. No secrets, no permission to run code."""

    format: Literal[1] = FORMAT
    id: Id
    name: str = setting(title=Text("名称", "Name"), min_length=1, max_length=60)
    description: str = setting("", title=Text("简介", "Description"), widget="text", max_length=300)
    language: Literal["zh", "en"] = setting("zh", title=Text("回答语言", "Language"), choices=_written)
    timezone: str = setting("Asia/Shanghai", title=Text("时区", "Time zone"))
    suggestions: list[str] = setting(
        [], title=Text("示例问题", "Suggested questions"), hint=Text("点一下就问", "Tap to ask"), max_length=6
    )
    variables: list[Variable] = Field([], max_length=100)
    person: list[PersonValue] = Field([], max_length=50)
    shared: list[SharedPlaces] = Field([], max_length=20)
    memory: Memory = setting(Memory(), title=Text("记忆", "Memory"))
    consent: Consent = setting(Consent(), title=Text("征求同意", "Consent"))
    limits: Limits = setting(Limits(), title=Text("用量上限", "Limits"))
    cache: Cache = setting(Cache(), title=Text("重复的问题", "Equal questions"))
    texts: Texts = setting(Texts(), title=Text("话术", "Texts"))
    keywords: list[Keyword] = setting(
        [],
        title=Text("关键词回复", "Keyword answers"),
        hint=Text(
            "说到这些词就立即回答，不问大模型；菜单按钮也算",
            "Answered at once, without a model; menu buttons count too",
        ),
        max_length=300,
    )
    voice: str = setting(
        "",
        title=Text("听语音的模型", "Model that listens"),
        hint=Text(
            "平台没有转成文字的语音由它来听，例如 openai/whisper-1；留空用「模型」页里选的",
            "Puts voice into words where the platform did not, e.g. openai/whisper-1; or the Models page's",
        ),
        widget="model",
        max_length=200,
    )
    vision: str = setting(
        "",
        title=Text("看图的模型", "Model that sees"),
        hint=Text(
            "回答的模型看不懂图片时，由它先写成文字，例如 qwen/qwen3-vl-plus；留空用「模型」页里选的",
            "Puts pictures into words for models that cannot see; empty: the one on the Models page",
        ),
        widget="model",
        max_length=200,
    )
    speech: Speech = setting(Speech(), title=Text("朗读", "Speech"))
    waiting: WaitSettings = setting(WaitSettings(), title=Text("等待", "Waiting"))
    safety: Safety = setting(Safety(), title=Text("内容安全", "Content safety"))
    withheld: list[Power] = Field([], max_length=len(Power))
    """What its tools may not do, whatever the flow says."""
    holds: list[Held] | None = Field(None, max_length=MOST_HELD)
    """What of its owner's it may use, each as runtime/owned.py writes it. None: whatever it names, as
    its owner composed it."""
    flow: Flow = Field(default=[])
    agents: dict[Id, dict[str, Any]] = setting(
        {},
        title=Text("用到的智能体", "Agents it uses"),
        hint=Text("发布时一起冻结的样子", "As they were when it was published"),
        max_length=MOST_AGENTS,
    )
    prompts: Brought = Field({})
    starts: Starts = setting(
        [],
        title=Text("触发器", "Triggers"),
        hint=Text(
            "定时、被别的程序调用、或者有人关注扫码点菜单时，各走自己的流程",
            "A time, a call from another program, or somebody who follows, scans or taps: each has a flow",
        ),
    )

    @functools.cached_property
    def digest(self) -> str:
        """Another one for whatever is changed in it."""
        return hashlib.blake2b(self.model_dump_json().encode(), digest_size=16).hexdigest()

    @field_validator("format", mode="before")
    @classmethod
    def _is_ours(cls, value: Any) -> Any:
        if type(value) is not int or value != FORMAT:
            raise Wrong(
                Text(
                    "这个文件的格式是 {value}，这里只认识 {format}；请升级鸿雁，或检查文件",
                    "the file's format is {value}, not {format}; update Hongyan or check the file",
                ).fill(value=repr(value), format=FORMAT)
            )
        return value

    @field_validator("timezone")
    @classmethod
    def _exists(cls, value: str) -> str:
        if zone(value) is None:
            raise Wrong(
                Text("没有这个时区；例如 Asia/Shanghai", "no such time zone; for example Asia/Shanghai")
            )
        return value

    @model_validator(mode="after")
    def _names_are_usable(self) -> "Agent":
        blocks = list(self.walk())
        if len(blocks) > MOST_BLOCKS:
            raise Wrong(
                Text("积木太多，最多 {most_blocks} 块", "too many blocks; {most_blocks} at most").fill(
                    most_blocks=MOST_BLOCKS
                ),
                "flow",
            )
        names = [(v.name, f"variables.{i}.name") for i, v in enumerate(self.variables)]
        names += [(block.id, f"{path}.id") for path, block in blocks]
        reserved = {*RESERVED, *([IN_STARTS] if self.starts else [])}
        seen: set[str] = set()
        for name, path in names:
            if name in reserved or name in KEYWORDS:
                raise Wrong(
                    Text("「{name}」另有用途，请换一个名称", "{name!r} is reserved; take another name").fill(
                        name=name
                    ),
                    path,
                )
            if name in seen:
                raise Wrong(TAKEN.fill(name=name), path)
            seen.add(name)
        _unrepeated("starts", [start.id for start in self.starts], "id")
        _unrepeated("person", declared := [value.name for value in self.person])
        _unrepeated("shared", [one.name for one in self.shared])
        if declared and PERSON in seen:
            path = next(path for name, path in names if name == PERSON)
            raise Wrong(HIDDEN, path)
        return self

    def flows(self) -> Iterator[tuple[str, list[Block]]]:
        """What a turn may walk, each with its path: for messages, and of each start."""
        yield "flow", self.flow
        for i, start in enumerate(self.starts):
            yield f"starts.{i}.flow", start.flow

    def walk(self) -> Iterator[tuple[str, Block]]:
        """Every block, nested ones too, with its path."""
        for path, flow in self.flows():
            yield from walk(flow, path)

    def enabled(self) -> Iterator[tuple[str, Block]]:
        """Those that may run: all but what is switched off, and what is inside of that."""
        for path, flow in self.flows():
            yield from walk_enabled(flow, path)

    def begun_by(self, message: Message) -> Start | None:
        """The start that this message begins; None where it is for the usual flow."""
        return next((start for start in self.starts if start.begins_with(message)), None)

    def to_hand_on(self) -> dict[str, Any]:
        """As JSON for somebody else: what of its owner's it may use here says nothing there."""
        inside = {id: one.to_hand_on() for id, one in self.others.items()}
        data = {**self.to_json(), **({"agents": inside} if inside else {})}
        return {name: value for name, value in data.items() if name != "holds"}

    def may_use(self, what: str) -> bool:
        """Whether it holds this of its owner's."""
        return self.holds is None or what in self.holds

    def start(self, id: str) -> Start | None:
        return next((start for start in self.starts if start.id == id), None)

    @field_validator("agents")
    @classmethod
    def _can_be_read(cls, agents: dict[str, Any]) -> dict[str, Any]:
        for id, data in agents.items():
            try:
                inner = cls.model_validate(data)
            except ValidationError as e:
                raise Wrong(first_problem(e).clause(), id) from None
            if inner.agents or inner.id != id:
                raise Wrong(Text("不是那个智能体", "is not that agent"), id)
        return agents

    @functools.cached_property
    def others(self) -> Mapping[str, "Agent"]:
        """The agents that came with it."""
        return {id: Agent.model_validate(data) for id, data in self.agents.items()}

    @classmethod
    def load(cls, data: Any) -> "Agent":
        """Validate parsed JSON. Raises BadAgent with the first problem and its field."""
        return as_model(cls, data, lambda problem: bad_agent(problem, cls))

    @classmethod
    def check(cls, data: Any) -> list[Problem]:
        """Everything to correct before `load` accepts it."""
        try:
            cls.model_validate(data)
        except ValidationError as e:
            return list(problems(e))
        return []

    def to_json(self) -> dict[str, Any]:
        """What is written to disk: only what differs from the defaults, in the order of the model."""
        data = self.model_dump(mode="json", exclude_defaults=True)
        return {"format": FORMAT, **data}


def _unrepeated(setting: str, names: list[str], field: str = "name") -> None:
    for i, name in enumerate(names):
        if name in names[:i]:
            raise Wrong(TAKEN.fill(name=name), f"{setting}.{i}.{field}")


def walk(flow: list[Block], path: str = "flow") -> Iterator[tuple[str, Block]]:
    """Every block of a flow, nested ones too, with its path such as `flow.1.cases.0.flow.2`."""
    for i, block in enumerate(flow):
        here = f"{path}.{i}"
        yield here, block
        for below, nested in block.flows():
            yield from walk(nested, f"{here}.{below}")


def walk_enabled(flow: list[Block], path: str = "flow") -> Iterator[tuple[str, Block]]:
    """The same of those that may run."""
    for i, block in enumerate(flow):
        if block.disabled:
            continue
        here = f"{path}.{i}"
        yield here, block
        for below, nested in block.flows():
            yield from walk_enabled(nested, f"{here}.{below}")
