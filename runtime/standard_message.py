"""What comes from any door, as one JSON shape for programs of others.

It is how runtime.message.Message looks from outside, and no second model of it: `StandardMessage.of` and
`to_message`. What goes out is runtime/standard_answer.py; how other programs call the same fields is read by
runtime/standard_reading.py.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

from pydantic import ConfigDict

from runtime.answer import MediaKind
from runtime.lang import Text
from runtime.message import Event, Message
from runtime.schema import Strict, setting

StandardKind = Literal["text", "image", "voice", "video", "file", "location", "link", "event"]
"""A Message's kinds but `start`, which nobody writes."""

MEDIA: tuple[MediaKind, ...] = get_args(MediaKind)
MOST_FILES = 10
LONGEST_TEXT = 100_000
LONGEST_ADDRESS = 4096
"""Characters."""
ADDRESS = r"^https?://[!-~]+$"
PLAIN_ID = re.compile(r"[^\s\x00-\x1f\x7f|@]{1,200}")
"""Of somebody who may be written to without having written."""
PLAIN = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$"
ODD = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""A name or an id: no line breaks, no control signs."""
OWN = frozenset(
    ("files", "attached", "picture", "event", "latitude", "longitude", "label", "title", "url", "description")
)
"""Of Message.data: what has a field of its own here."""


class Plain(Strict):
    """Bounded field by field: texts of different kinds have different bounds."""

    model_config = ConfigDict(str_max_length=None)


class StandardSender(Plain):
    """Who wrote."""

    id: str = setting(
        title=Text("编号", "id"),
        hint=Text(
            "每个人一个，不变；同一个编号就是同一段对话", "one a person, for ever: the conversation is by it"
        ),
        min_length=1,
        max_length=200,
        pattern=PLAIN,
    )
    name: str = setting(
        "",
        title=Text("名字", "name"),
        hint=Text("怎么称呼，可以没有", "what to call them"),
        max_length=200,
        pattern=PLAIN,
    )
    language: str = setting(
        "",
        title=Text("语言", "language"),
        hint=Text("如 zh-CN，可以没有", "such as en-GB"),
        max_length=35,
        pattern=PLAIN,
    )

    bot: bool = setting(
        False,
        title=Text("是程序", "is a program"),
        hint=Text(
            "是的话不回答，免得两个机器人没完没了",
            "true: it is not answered, so that two do not go on for ever",
        ),
    )


class StandardFile(Plain):
    """A picture or another file that came along."""

    kind: MediaKind = setting(title=Text("种类", "kind"))
    url: str = setting(
        "",
        title=Text("地址", "address"),
        hint=Text(
            "http 或 https，公网能打开；取一次就留下来", "http or https, and public; it is fetched once"
        ),
        max_length=LONGEST_ADDRESS,
        pattern=rf"{ADDRESS}|^$",
    )
    name: str = setting("", title=Text("文件名", "name"), max_length=200, pattern=PLAIN)
    type: str = setting(
        "",
        title=Text("媒体类型", "media type"),
        hint=Text("如 image/png；实际按内容判断", "such as image/png; what counts is the content"),
        max_length=100,
        pattern=PLAIN,
    )
    bytes: int | None = setting(None, title=Text("字节数", "size in bytes"), ge=0)


class StandardLocation(Plain):
    """Where somebody is, or means."""

    latitude: float = setting(title=Text("纬度", "latitude"), ge=-90, le=90)
    longitude: float = setting(title=Text("经度", "longitude"), ge=-180, le=180)
    label: str = setting("", title=Text("地名", "what it is called"), max_length=500)


class StandardLink(Plain):
    """A page that somebody shared."""

    url: str = setting(title=Text("网址", "address"), max_length=LONGEST_ADDRESS)
    title: str = setting("", title=Text("标题", "title"), max_length=500)
    description: str = setting("", title=Text("说明", "description"), max_length=2000)


class StandardMessage(Plain):
    """One thing that one person wrote, whatever door it came by."""

    id: str = setting(
        "",
        title=Text("消息编号", "id of the message"),
        hint=Text(
            "每个人的消息里不重复；同一个编号再来一次，不会回答两遍",
            "unique for the sender: what comes again under the same id is not answered twice",
        ),
        max_length=128,
        pattern=PLAIN,
    )
    sender: StandardSender = setting(title=Text("谁写的", "who wrote it"))
    content: str = setting(
        "",
        title=Text("文字", "text"),
        hint=Text("写的话；语音是听写出来的，事件是选中的值", "what was written, heard, or chosen"),
        max_length=LONGEST_TEXT,
    )
    msg_type: StandardKind = setting("text", title=Text("种类", "kind"))
    at: float = setting(
        0.0,
        title=Text("时间", "when"),
        hint=Text("1970 年起的秒数；0：不知道", "seconds since 1970; 0: not known"),
        ge=0,
        le=1e11,
        allow_inf_nan=False,
    )
    event: Event | None = setting(
        None,
        title=Text("事件", "event"),
        hint=Text("msg_type 是 event 时：做了什么", "what was done, where msg_type is event"),
    )
    files: Sequence[StandardFile] = setting((), title=Text("文件", "files"), max_length=MOST_FILES)
    location: StandardLocation | None = setting(None, title=Text("位置", "location"))
    link: StandardLink | None = setting(None, title=Text("链接", "link"))
    metadata: Mapping[str, Any] = setting(
        {},
        title=Text("其他", "whatever else"),
        hint=Text(
            "平台给的其他内容；在模板里是 message.metadata",
            "what else the platform says; templates see message.metadata",
        ),
    )

    @classmethod
    def of(cls, message: Message) -> "StandardMessage":
        """What came, in any door's message but a start's. Its handle is a credential and stays here."""
        assert message.kind != "start"
        data = message.data
        more = data.get("metadata")
        rest = {name: value for name, value in data.items() if name not in OWN | {"metadata"}}
        is_link = message.kind == "link"
        return cls(
            id=_plain(message.id, 128),
            sender=StandardSender(
                id=_plain(message.sender, 200),
                name=_plain(message.who.get("name"), 200),
                language=_plain(message.who.get("language"), 35),
                bot=message.is_bot,
            ),
            content=message.text[:LONGEST_TEXT],
            msg_type=message.kind,
            at=max(0.0, message.at),
            event=data.get("event") if message.kind == "event" else None,
            files=_files_of(message),
            location=_location_of(data) if message.kind == "location" else None,
            link=StandardLink(**_texts(data, "url", "title", "description")) if is_link else None,
            metadata={**(more if isinstance(more, Mapping) else {}), **rest},
        )

    def to_message(self, now: float) -> Message:
        """As the gateway takes it. What a stranger says is data under `metadata`: it stands for nothing that
        we know of a message ourselves, such as a file that is kept here. `now`: seconds since 1970."""
        data: dict[str, Any] = {"metadata": dict(self.metadata)}  # also an empty one: templates may name it
        if self.files:
            data["attached"] = [one.model_dump(exclude_defaults=True) for one in self.files]
        if self.location and self.msg_type == "location":
            data |= self.location.model_dump()
        if self.link and self.msg_type == "link":
            data |= self.link.model_dump()
        if self.msg_type == "event":
            data["event"] = self.event or "unsupported"
        told = {"id": self.sender.id, "name": self.sender.name, "language": self.sender.language}
        who = {name: value for name, value in told.items() if value} if self.sender.name else {}
        whole = (self.id, self.sender.id, self.content, self.msg_type, self.at or now, data)
        return Message(*whole, who=who, is_bot=self.sender.bot)


def _plain(said: object, most: int) -> str:
    return ODD.sub("", str(said or "")[:most])


def _texts(data: Mapping[str, Any], *names: str) -> dict[str, str]:
    bounds = {"url": LONGEST_ADDRESS, "description": 2000}
    return {name: str(data.get(name) or "")[: bounds.get(name, 500)] for name in names}


def _location_of(data: Mapping[str, Any]) -> StandardLocation | None:
    try:
        return StandardLocation(
            latitude=data["latitude"], longitude=data["longitude"], label=str(data.get("label") or "")[:500]
        )
    except (KeyError, ValueError):
        return None  # a platform that says where without numbers says it in words


def _files_of(message: Message) -> list[StandardFile]:
    """What is kept here of them is told where it is; else where they lie, if that is a public address."""
    came = message.data.get("files") or message.data.get("attached")
    if not isinstance(came, Sequence) or isinstance(came, str):
        came = [{"kind": message.kind, "url": message.data.get("url")}] if message.data.get("url") else []
    found = [one for one in came if isinstance(one, Mapping) and one.get("kind") in MEDIA]
    return [_file_of(one) for one in found[:MOST_FILES]]


def _file_of(one: Mapping[str, Any]) -> StandardFile:
    url, size = str(one.get("url") or ""), one.get("bytes")
    is_public = url.startswith(("https://", "http://")) and len(url) <= LONGEST_ADDRESS and url.isascii()
    return StandardFile(
        kind=one["kind"],
        url=url if is_public and " " not in url else "",
        name=_plain(one.get("name"), 200),
        type=_plain(one.get("type"), 100),
        bytes=size if isinstance(size, int) and size >= 0 else None,
    )
