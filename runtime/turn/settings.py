"""What of its agent a turn goes by."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Protocol

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_after_validator_function

from runtime.errors import Wrong
from runtime.lang import Text, as_it_is, joined
from runtime.schema import Name, Strict, setting
from runtime.turn.memory import Strategy, registry


class Variable(Strict):
    """A value that the agent's owner sets once and every template can use."""

    name: Name = setting(title=Text("变量名", "Name"))
    title: str = setting("", title=Text("显示名", "Label"), max_length=60)
    default: str = setting("", title=Text("默认值", "Default"), widget="area")


class _Known:
    """Names a strategy of runtime.turn.memory."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_after_validator_function(_known, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> Any:
        return {**handler(schema), "enum": _names()}


StrategyName = Annotated[str, _Known()]


def _names() -> list[str]:
    """The usual one first."""
    return sorted(registry(), key=lambda name: (name != "window", name))


def _titles() -> dict[str, Text]:
    return {name: kind.title for name, kind in registry().items()}


def _known(name: str) -> str:
    if name in registry():
        return name
    known = joined((as_it_is(repr(one)) for one in _names()), Text(" 或 ", " or "))
    raise Wrong(Text("只能是 {known}", "should be {known}").fill(known=known))


class Memory(Strict):
    """What of the conversation the model sees."""

    type: StrategyName = setting("window", title=Text("记忆方式", "Memory"), choices=_titles)
    turns: int = setting(10, title=Text("记住最近几轮", "Turns remembered"), ge=0, le=100)
    restart: list[str] = setting(
        ["重新开始", "/new"],
        title=Text("重新开始的口令", "Words to start anew"),
        hint=Text("用户只发这个词，之前的对话就不再算数", "Who sends only this starts a new conversation"),
        max_length=10,
    )

    @property
    def strategy(self) -> Strategy:
        return registry()[self.type](self.turns)


class Limits(Strict):
    """Bounds on one turn, and on what one person may write."""

    seconds: int = setting(120, title=Text("一轮最长（秒）", "Seconds per turn"), ge=5, le=600)
    rounds: int = setting(12, title=Text("模型最多调用几次", "Model rounds per turn"), ge=1, le=50)
    tokens: int = setting(100_000, title=Text("一轮最多 token", "Tokens per turn"), ge=100, le=2_000_000)
    messages_per_minute: int = setting(
        60, title=Text("每人每分钟最多几条消息", "Messages per person and minute"), ge=1, le=10_000
    )
    messages_per_day: int = setting(
        2000, title=Text("每人每天最多几条消息", "Messages per person and day"), ge=1, le=1_000_000
    )
    tokens_per_day: int = setting(
        2_000_000,
        title=Text("每人每天最多 token", "Tokens per person and day"),
        hint=Text(
            "用完之后请他过一会儿再发，不再调用模型；API 的额度在密钥上",
            "Beyond that the person is asked to write later and no model is called; API keys have their own",
        ),
        ge=100,
        le=1_000_000_000,
    )


class Texts(Strict):
    """What a person reads when there is no answer (yet). Empty: our default in the agent's language."""

    greeting: str = setting("", title=Text("关注欢迎语", "Greeting for new followers"), widget="area")
    waiting: str = setting("", title=Text("还在思考时", "While still thinking"))
    busy: str = setting("", title=Text("太忙时", "When too busy"))
    failure: str = setting("", title=Text("出错时", "On failure"))
    slower: str = setting("", title=Text("一个人发得太多时", "When one person writes too much"))
    unsupported: str = setting("", title=Text("看不懂的消息类型", "For message kinds it cannot read"))


Match = Literal["exact", "contains"]
MATCHES: dict[Match, Text] = {
    "exact": Text("整句就是这个词", "The message is the word"),
    "contains": Text("话里有这个词", "The message contains the word"),
}
Word = Annotated[str, Field(min_length=1, max_length=60, pattern=r"\S")]


class Keyword(Strict):
    """An answer that is ready: who says one of the words gets it at once, and no model is asked."""

    words: list[Word] = setting(title=Text("关键词", "Keywords"), min_length=1, max_length=20)
    match: Match = setting(
        "exact",
        title=Text("怎样算说到", "When it counts"),
        hint=Text("不分大小写和全角半角", "Upper and lower case, and wide letters, are the same"),
        choices=lambda: {match: text for match, text in MATCHES.items()},
    )
    text: str = setting(title=Text("回答", "Answer"), widget="area", min_length=1, max_length=5000)


class Composed(Protocol):
    """An agent, as a turn sees it."""

    @property
    def language(self) -> Literal["zh", "en"]: ...
    @property
    def timezone(self) -> str: ...
    @property
    def variables(self) -> Sequence[Variable]: ...
    @property
    def memory(self) -> Memory: ...
    @property
    def limits(self) -> Limits: ...
