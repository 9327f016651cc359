"""What anybody is answered, as one JSON shape for programs of others.

It is how runtime.answer.AnswerPart looks from outside. docs/standard-message.json is its schema, with that of
a StandardMessage.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from runtime.answer import AnswerPart, PartKind
from runtime.lang import Text
from runtime.schema import setting
from runtime.standard_message import Plain, StandardMessage


class StandardChoice(Plain):
    """To choose it, send `value` as content."""

    text: str = setting(title=Text("文字", "what a person reads"))
    value: str = setting(title=Text("值", "what choosing it says"))


class StandardPart(Plain):
    """A piece of an answer. `content` says the same in words, whatever it is."""

    msg_type: PartKind = setting(
        "text",
        title=Text("种类", "kind"),
        hint=Text("news 是图文卡片，choices 是让对方选的", "news: a card; choices: something to choose from"),
    )
    content: str = setting("", title=Text("同样的意思写成文字", "the same in words"))
    url: str = setting(
        "",
        title=Text("地址", "address"),
        hint=Text(
            "文件在哪里（http、https 或 data:），卡片点开去哪里", "where media are, where a card leads"
        ),
    )
    title: str = setting("", title=Text("标题", "title"))
    description: str = setting("", title=Text("说明", "description"))
    picture: str = setting("", title=Text("卡片的图片地址", "a card's picture"))
    question: str = setting("", title=Text("问题", "question"))
    choices: Sequence[StandardChoice] = setting(
        (),
        title=Text("选项", "choices"),
        hint=Text("选哪一个，就把它的 value 当 content 发来", "to choose one, send its value as content"),
    )

    @classmethod
    def of(cls, part: AnswerPart) -> "StandardPart":
        told = {name: part.data.get(name) for name in ("url", "title", "description", "picture", "question")}
        options = part.data.get("options") if part.kind == "choices" else None
        return cls(
            msg_type=part.kind,
            content=part.text,
            choices=tuple(StandardChoice(text=one["text"], value=one["value"]) for one in options or ()),
            **{name: str(value) for name, value in told.items() if value},
        )


class StandardAnswer(Plain):
    """What one person is answered, or told unasked."""

    id: str = setting(
        "",
        title=Text("回答的编号", "id of the answer"),
        hint=Text("重发时不变：收到过的可以丢掉", "the same when it is sent again: drop what you have"),
    )
    to: str = setting(title=Text("给谁", "to whom"), hint=Text("sender 的编号", "the sender's id"))
    in_reply_to: str = setting(
        "",
        title=Text("回答哪一条", "what it answers"),
        hint=Text("那条消息的编号；没人问时为空", "the id of the message; empty where nobody asked"),
    )
    content: str = setting(title=Text("全部内容，文字", "all of it in words"))
    parts: Sequence[StandardPart] = setting(
        (),
        title=Text("一段一段", "piece by piece"),
        hint=Text(
            "文字、图片、文件、卡片、选项各是一段", "texts, pictures, files, cards, choices: each is one"
        ),
    )

    @classmethod
    def of(
        cls, to: str, parts: Sequence[AnswerPart], id: str = "", in_reply_to: str = ""
    ) -> "StandardAnswer":
        said = "\n\n".join(one.text for one in parts if one.text)
        return cls(
            id=id, to=to, in_reply_to=in_reply_to, content=said, parts=list(map(StandardPart.of, parts))
        )

    def told(self) -> dict[str, Any]:
        """As it is sent: with its id and each part's kind, and without what says nothing."""
        whole: dict[str, Any] = self.model_dump(mode="json", exclude_defaults=True)
        parts = [
            {"msg_type": kind.msg_type, **one}
            for kind, one in zip(self.parts, whole.get("parts", ()), strict=False)
        ]
        return {"id": self.id, **whole, **({"parts": parts} if parts else {})}


def json_schema() -> Mapping[str, Any]:
    """Both, without what only our own forms read."""
    message = StandardMessage.model_json_schema()
    answer = StandardAnswer.model_json_schema()
    shared = {**message.pop("$defs"), **answer.pop("$defs")}
    whole: Mapping[str, Any] = _told({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Hongyan: StandardMessage, StandardAnswer",
        "anyOf": [{"$ref": "#/$defs/StandardMessage"}, {"$ref": "#/$defs/StandardAnswer"}],
        "$defs": {**shared, "StandardMessage": message, "StandardAnswer": answer},
    })  # fmt: skip
    return whole


FORMS = frozenset(("labels", "hints", "widget", "choices", "seldom", "inside", "sees", "when"))


def _told(schema: Any) -> Any:
    if isinstance(schema, Mapping):
        is_field = "labels" in schema
        return {name: _told(one) for name, one in schema.items() if not (is_field and name in FORMS)}
    return [_told(one) for one in schema] if isinstance(schema, list) else schema
