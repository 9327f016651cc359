"""What of its agent a turn goes by."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Protocol

from runtime.choices import LONGEST_TEXT, LONGEST_VALUE, MOST, Choice
from runtime.lang import Text
from runtime.safety.settings import Safety
from runtime.schema import Name, Strict, When, setting
from runtime.templating.template_file import PromptTemplate
from runtime.tools import Power
from runtime.turn.cache_settings import Cache
from runtime.turn.consent_settings import Consent
from runtime.turn.limits import Limits
from runtime.turn.memory import Strategy, registry
from runtime.turn.personal import PersonValue
from runtime.turn.shared_settings import SharedPlaces
from runtime.turn.strategy_name import StrategyName, titles
from runtime.turn.wait_settings import WaitSettings


def _needing(field: str) -> When:
    """The strategies that have use for it."""
    return "type", tuple(name for name, kind in registry().items() if field in kind.needs)


def _words(usual: list[str], title: Text, hint: Text) -> Any:
    """What a person may say, each the whole message."""
    return setting(usual, title=title, hint=hint, widget="words", max_length=10)


class Variable(Strict):
    """A value that the agent's owner sets once and every template can use."""

    name: Name = setting(title=Text("变量名", "Name"))
    title: str = setting("", title=Text("显示名", "Label"), max_length=60)
    default: str = setting("", title=Text("默认值", "Default"), widget="area")


class Memory(Strict):
    """What of the conversation the model sees, and what is remembered of the person."""

    type: StrategyName = setting(
        "window",
        title=Text("记忆方式", "Memory"),
        hint=Text("记得越多，回答越贵", "The more it remembers, the more an answer costs"),
        choices=titles,
    )
    turns: int = setting(
        10,
        title=Text("记住最近几轮", "Turns remembered"),
        hint=Text("一问一答是一轮", "A question with its answer is one"),
        when=lambda: _needing("turns"),
        ge=0,
        le=100,
    )
    tokens: int | None = setting(
        None,
        title=Text("最多占多少 token", "Tokens at most"),
        hint=Text("留空就只按轮数，或按模型能读多少", "Empty: by turns alone, or as much as the model reads"),
        when=lambda: _needing("tokens"),
        ge=100,
        le=1_000_000,
    )
    model: str = setting(
        "",
        title=Text("做摘要的模型", "Model that sums up"),
        hint=Text("留空就用回答的那个模型", "Empty: the one that answers"),
        widget="model",
        when=lambda: _needing("model"),
        max_length=200,
    )
    facts: bool = setting(
        False,
        title=Text("记住这个人", "Remember the person"),
        hint=Text(
            "大模型会把对方说过的、以后用得上的事记下来（称呼、喜好、忌口……），下次还记得；对方随时可以看和删",
            "The model keeps what people say of themselves and is of use later, such as their name or "
            "likes; they "
            "can see and delete it at any time",
        ),
    )
    expires: int | None = setting(
        None,
        title=Text("多久没说话就另起对话（秒）", "Seconds of silence after which a new conversation starts"),
        hint=Text("3600 是一小时；留空就一直接着聊", "3600 is an hour; empty: it goes on for ever"),
        ge=60,
        le=31_536_000,
    )
    same_account: bool = setting(
        False,
        title=Text("平台认得是同一个人，就当成同一个人", "One person where the platform knows them"),
        hint=Text(
            "同一个主体的几个账号，有的平台会说出是不是同一个人（如 unionid）；请先在隐私说明里告诉用户",
            "Of accounts of one owner some platforms tell whether somebody is the same person (as by a "
            "unionid); say so in your privacy notice first",
        ),
    )
    restart: list[str] = _words(
        ["重新开始", "新对话", "new chat", "/new"],
        Text("重新开始的口令", "Words to start anew"),
        Text("用户只发这个词，之前的对话就不再算数", "Who sends only this starts a new conversation"),
    )
    forget: list[str] = _words(
        ["忘记我", "forget me", "删除我的数据", "delete my data"],
        Text("让它忘记自己的口令", "Words to be forgotten"),
        Text(
            "用户发这个词并再确认一次，关于他的内容全部删除；留空就关掉",
            "Who sends this, and once more to confirm, has everything about them deleted; empty: off",
        ),
    )
    show: list[str] = _words(
        ["你记得我什么", "what do you remember about me"],
        Text("看它记得什么的口令", "Words to see what is remembered"),
        Text("列出记住的事，可以逐条删；留空就关掉", "Lists it, to be deleted one by one; empty: off"),
    )
    export: list[str] = _words(
        ["导出我的数据", "export my data"],
        Text("导出自己数据的口令", "Words to get a copy of what is kept"),
        Text(
            "用户发这个词，得到一个一小时内能用一次的下载地址；留空就关掉",
            "Who sends this gets an address for it that is good once, for an hour; empty: off",
        ),
    )
    link: list[str] = _words(
        ["关联账号", "link account"],
        Text("把两处当成同一个人的口令", "Words to be one person on two surfaces"),
        Text(
            "在一处发这个词得到关联码，在另一处发关联码；共享记住的事和摘要，不共享聊天内容；留空就关掉",
            "Sent on one surface it gives a code, which is sent on the other; what is remembered is "
            "shared then, "
            "what was said is not; empty: off",
        ),
    )
    unlink: list[str] = _words(
        ["取消关联", "unlink account"],
        Text("取消关联的口令", "Words to undo that"),
        Text("说了就不再当成同一个人", "Whoever says it is another person again"),
    )

    @property
    def strategy(self) -> Strategy:
        return registry()[self.type](self.turns, self.tokens, self.model)

    @property
    def remembers(self) -> bool:
        """Whether something of a person is kept beside what was said."""
        return self.facts or registry()[self.type].sums_up


class Option(Strict):
    """Something to choose."""

    text: str = setting(
        title=Text("显示的文字", "Words"),
        hint=Text("10 个字以内，所有平台都能显示成按钮", "Up to 10 characters are a button everywhere"),
        widget="template",
        min_length=1,
        max_length=300,
    )
    value: str = setting(
        "",
        title=Text("点了等于说", "A tap says"),
        hint=Text("留空就是显示的文字", "Empty: the words themselves"),
        widget="template",
        max_length=300,
    )


def choices_of(options: Sequence[Option], render: Callable[[str], str]) -> list[Choice]:
    """What is offered, filled in; without those of which nothing is left."""
    found = []
    for option in options:
        text = " ".join(render(option.text).split())
        value = " ".join(render(option.value).split()) or text
        if text:
            found.append(Choice(text[:LONGEST_TEXT], value[:LONGEST_VALUE]))
    return found


class Texts(Strict):
    """What a person reads when there is no answer (yet). Empty: our default in the agent's language."""

    greeting: str = setting(
        "",
        title=Text("关注欢迎语", "Greeting for new followers"),
        hint=Text("有人关注或第一次打开时说", "Said to whoever follows, or opens it the first time"),
        widget="area",
    )
    choices: list[Option] = setting(
        [],
        title=Text("欢迎语下面的选项", "Choices below the greeting"),
        hint=Text("点一下就像发了这句话", "A tap is as if it had been written"),
        max_length=MOST,
    )
    waiting: str = setting(
        "",
        title=Text("还在思考时", "While still thinking"),
        hint=Text("几秒内答不完时先说这句", "Said first when an answer takes longer"),
    )
    busy: str = setting(
        "",
        title=Text("太忙时", "When too busy"),
        hint=Text("同时来的人太多时说", "Said when too many come at once"),
    )
    failure: str = setting(
        "", title=Text("出错时", "On failure"), hint=Text("没能回答时说", "Said when it could not answer")
    )
    used_up: str = setting(
        "",
        title=Text("今天的额度用完时", "When the day's budget is used up"),
        hint=Text("当天不再回答时说", "Said when it answers no more that day"),
    )
    slower: str = setting(
        "",
        title=Text("一个人发得太多时", "When one person writes too much"),
        hint=Text("超过上面的条数时说", "Said above the numbers there"),
    )
    unsupported: str = setting(
        "",
        title=Text("看不懂的消息类型", "For message kinds it cannot read"),
        hint=Text("例如发来它看不了的视频", "Such as a video that it cannot see"),
    )


class Composed(Protocol):
    """An agent, as a turn sees it."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def language(self) -> Literal["zh", "en"]: ...
    @property
    def timezone(self) -> str: ...
    @property
    def others(self) -> "Mapping[str, Composed]": ...
    @property
    def prompts(self) -> Mapping[str, PromptTemplate]:
        """Templates that came with it; these count."""
        ...

    @property
    def variables(self) -> Sequence[Variable]: ...
    @property
    def person(self) -> Sequence[PersonValue]: ...
    @property
    def shared(self) -> Sequence[SharedPlaces]: ...
    @property
    def memory(self) -> Memory: ...
    @property
    def consent(self) -> Consent: ...
    @property
    def waiting(self) -> WaitSettings: ...
    @property
    def limits(self) -> Limits: ...
    @property
    def cache(self) -> Cache: ...
    @property
    def digest(self) -> str:
        """Another one for whatever is changed in it."""
        ...

    @property
    def safety(self) -> Safety: ...

    @property
    def withheld(self) -> Sequence[Power]:
        """What its tools may not do."""
        ...

    def may_use(self, what: str) -> bool:
        """Whether it holds this of its owner's; see runtime/owned.py."""
        ...
