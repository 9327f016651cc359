"""Beginnings of a flow that nobody's message is: a time, a call from outside, something that a person did."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    ConfigDict,
    Field,
    SerializeAsAny,
    SerializerFunctionWrapHandler,
    WrapValidator,
    field_validator,
    model_serializer,
    model_validator,
)

from runtime.agents import schedule
from runtime.blocks import Flow
from runtime.errors import Wrong
from runtime.lang import Text, joined, listed
from runtime.message import Message
from runtime.person import LONGEST_TAG
from runtime.schema import Name, Strict, setting
from runtime.through import SpeaksThrough, Through

Audience = Literal["nobody", "person", "everybody", "tag", "listed"]
MOST = 20
"""Starts of one agent."""
MOST_PEOPLE = 10_000
EVENTS: Mapping[str, Text] = {
    "followed": Text("关注了、加了好友", "They followed"),
    "opened": Text("打开了对话", "They opened the chat"),
    "scanned": Text("扫了带参数的码", "They scanned a code"),
    "menu": Text("点了菜单或选项", "They chose from a menu"),
    "rated": Text("评价了回答", "They judged an answer"),
    "left": Text("取消了关注", "They left"),
}
"""What a person does besides writing, as channels tell it (runtime.message.Event)."""
AUDIENCES: Mapping[str, Text] = {
    "nobody": Text("不为谁（比如群里的周报）", "Nobody, as a report to a group"),
    "person": Text("当事人", "Whom it is about"),
    "everybody": Text("每一个写过的人", "Everybody who wrote"),
    "tag": Text("有这个标签的人", "Whoever has this tag"),
    "listed": Text("名单上的人", "These people"),
}


class Start(SpeaksThrough, Strict):
    """What all have in common. A kind narrows `on`."""

    model_config = ConfigDict(serialize_by_alias=True)

    on: str
    id: Name = setting(title=Text("编号", "Id"))
    title: str = setting("", title=Text("名称", "Name"), max_length=60)
    audience: Audience = setting(
        "nobody",
        title=Text("为谁运行", "Runs for"),
        hint=Text(
            "为人运行时，每个人是他自己对话里的一轮，按顺序，一次只发一遍",
            "For people it is a turn in the conversation of each, in order with what they write, once",
        ),
        choices=lambda: AUDIENCES,
        alias="for",
    )
    people: list[str] = setting(
        [],
        title=Text("名单", "People"),
        hint=Text("写平台给的编号，「对话」里能看到", "As the platform names them; Insights shows the names"),
        widget="words",
        when=("for", "listed"),
        max_length=MOST_PEOPLE,
    )
    tag: str = setting(
        "",
        title=Text("标签", "Tag"),
        hint=Text(
            "在「洞察」的个人页、命令行或流程里打的标签",
            "As it is put on people in Insights, by the command line or a flow",
        ),
        when=("for", "tag"),
        max_length=LONGEST_TAG,
    )
    to: str = setting(
        "",
        title=Text("结果发到哪个发布", "Publication that the result goes to"),
        hint=Text(
            "群机器人等能主动发的发布；不选就发给当事人，或这个发布自己的群",
            "A group robot's or another that can write unasked; none: to whom it runs for, or to the "
            "group of its own publication",
        ),
        widget="publication",
        max_length=100,
    )
    pace: int = setting(
        300,
        title=Text("每分钟最多几个人", "People a minute"),
        hint=Text("慢一点，平台不会拦", "A slow one is not stopped by the platform"),
        when=("for", ("everybody", "tag", "listed", "person")),
        ge=1,
        le=6000,
    )
    flow: Flow = setting([], title=Text("流程", "Flow"), widget="flow")

    @model_validator(mode="after")
    def _is_for_somebody(self) -> "Start":
        if self.audience not in self.audiences():
            known = joined((AUDIENCES[one] for one in self.audiences()), Text("、", ", "))
            text = Text("这种触发器只能为：{known}", "this trigger runs for: {known}")
            raise Wrong(text.fill(known=known), "for")
        if self.audience == "listed" and not self.people:
            raise Wrong(Text("名单是空的", "the list is empty"), "people")
        if self.audience == "tag" and not self.tag.strip():
            raise Wrong(Text("还没有写标签", "no tag is named"), "tag")
        return self

    @field_validator("people")
    @classmethod
    def _are_names(cls, people: list[str]) -> list[str]:
        if any(not 0 < len(one) <= 128 or one != one.strip() for one in people):
            raise Wrong(
                Text("每个编号 1 到 128 个字，前后没有空格", "1 to 128 characters each, no blanks around")
            )
        return list(dict.fromkeys(people))

    @model_serializer(mode="wrap")
    def _flow_last(self, written: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """As it is read: what begins it, then what is done."""
        data: dict[str, Any] = written(self)
        return data | ({"flow": data.pop("flow")} if "flow" in data else {})

    @property
    def speaks_through(self) -> Sequence[Through]:
        return [Through("to", self.to)] if self.to else []

    @property
    def comes_unasked(self) -> bool:
        """Its result is for a person who did nothing just then."""
        return self.audience != "nobody" and not self.to

    def comes_before_a_question(self, message: Message) -> bool:
        """Whether the message that begins it answers nothing that its person was asked."""
        return True

    @classmethod
    def audiences(cls) -> tuple[Audience, ...]:
        """For whom this kind can run."""
        return get_args(Audience)

    def begins_with(self, message: Message) -> bool:
        """Whether that message is what begins it."""
        return message.unasked and message.data.get("start") == self.id


class Scheduled(Start):
    """A time comes."""

    on: Literal["schedule"]
    cron: str = setting(
        title=Text("什么时候", "When"),
        hint=Text(
            "分 时 日 月 星期：0 9 * * 1 是每周一 9:00，按智能体的时区",
            "minute hour day month weekday: 0 9 * * 1 is Mondays at 9:00 in the agent's time zone",
        ),
        max_length=100,
    )
    missed: Literal["once", "skip"] = setting(
        "once",
        title=Text("停机时错过的", "What was missed while stopped"),
        choices=lambda: {
            "once": Text("开机后补一次", "Runs once after the start"),
            "skip": Text("不补", "Is skipped"),
        },
    )

    @field_validator("cron")
    @classmethod
    def _is_cron(cls, value: str) -> str:
        return schedule.checked(value)

    @classmethod
    def audiences(cls) -> tuple[Audience, ...]:
        return "nobody", "everybody", "tag", "listed"


class Called(Start):
    """Another program calls its address."""

    on: Literal["webhook"]
    secret: str = setting(
        "",
        title=Text("签名用的密钥", "Secret that signs"),
        hint=Text(
            "「模型」页里的密钥名；设了就要求请求头 X-Signature-256: sha256=HMAC(内容)",
            "Name of a secret on the Models page; then X-Signature-256: sha256=HMAC(body) is required",
        ),
        pattern=r"^([A-Za-z_][A-Za-z0-9_]{0,63})?$",
    )
    dated: bool = setting(
        False,
        title=Text("签名要带时间", "Signed with the time"),
        hint=Text(
            "只收 X-Hongyan-Timestamp 在五分钟内、对「时间.内容」签名的，截下来重发的不算",
            "Only with X-Hongyan-Timestamp, at most 5 minutes old, and “time.body” signed: what somebody "
            "recorded cannot be sent again",
        ),
    )


class Happened(Start):
    """A person did something besides writing."""

    on: Literal["event"]
    audience: Audience = setting(
        "person",
        title=Text("为谁运行", "Runs for"),
        choices=lambda: {name: AUDIENCES[name] for name in ("person",)},
        alias="for",
    )
    event: Literal["followed", "opened", "scanned", "menu", "rated", "left"] = setting(
        title=Text("发生了什么", "What happened"), choices=lambda: EVENTS
    )
    value: str = setting(
        "",
        title=Text("只在值是…时", "Only with this value"),
        hint=Text("菜单项的值、码的参数；留空都算", "A menu item's value, a code's parameter; empty: any"),
        max_length=200,
    )

    @classmethod
    def audiences(cls) -> tuple[Audience, ...]:
        return ("person",)

    def begins_with(self, message: Message) -> bool:
        if message.kind != "event" or message.data.get("event") != self.event:
            return False
        return not self.value or self.value in (message.text, message.data.get("key"))

    @property
    def comes_unasked(self) -> bool:
        return False

    def comes_before_a_question(self, message: Message) -> bool:
        """What is chosen may be one of the choices that were offered with it, unless it is named here."""
        return self.event != "menu" or bool(self.value)


KINDS: Mapping[str, type[Start]] = {"schedule": Scheduled, "webhook": Called, "event": Happened}


def _by_kind(value: Any, expect: Any) -> Any:
    if isinstance(value, Start) or not isinstance(value, dict):
        return value if isinstance(value, Start) else expect(value)
    kind = KINDS.get(str(value.get("on")))
    if kind is None:
        known = listed(KINDS)
        raise Wrong(Text("on 只能是 {known}", "should be {known}").fill(known=known), "on")
    return kind.model_validate(value)


AnyStart = Annotated[SerializeAsAny[Start], WrapValidator(_by_kind)]
Starts = Annotated[list[AnyStart], Field(max_length=MOST)]
