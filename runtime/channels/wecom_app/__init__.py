"""A WeCom app: sealed callbacks in, passive replies and messages to members out.

https://developer.work.weixin.qq.com/document/path/90238
"""

from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar

from runtime.answer import MediaKind
from runtime.channels import (
    Announces,
    Arrivals,
    Guide,
    Limits,
    Managed,
    Note,
    Notice,
    Profile,
    RespondsMedia,
    Shown,
    WebRequest,
    WebResponse,
    Words,
)
from runtime.channels._border.refusals import refused
from runtime.channels._tencent import marked, xml_body
from runtime.channels._tencent.answers import Answers
from runtime.channels._tencent.enterprise import OK, EnterpriseCalls
from runtime.channels._tencent.qyapi_codes import ANSWERS
from runtime.channels._tencent.refusals import shown
from runtime.channels._tencent.xml_body import Value
from runtime.channels._text.printable import clean
from runtime.channels.wecom_app import guide, pushes
from runtime.channels.wecom_app.account import Account
from runtime.channels.wecom_app.api import MAX_BYTES, AppApi
from runtime.channels.wecom_app.managing import AppManagement
from runtime.errors import Compared, Wrong
from runtime.lang import Text
from runtime.message import Event, Message
from runtime.schema import About

ROOM_TO_TAP = 200
"""Bytes of each part left free for a link to the rest of the answer."""


class WeComApp(AppApi, Announces, Managed, RespondsMedia, EnterpriseCalls):
    about = About(
        Text("企业微信应用", "WeCom app"),
        Text("企业成员发来消息，智能体在企业微信里回答", "Members write, the agent answers in WeCom"),
        icon="wecom",
        color="#2b7cff",
    )
    profile: ClassVar[Profile] = guide.PROFILE
    Settings = Account
    Management = AppManagement
    limits: ClassVar[Limits] = Limits(MAX_BYTES)
    tells: ClassVar[Collection[Event]] = frozenset(pushes.EVENTS.values())
    window: ClassVar[float] = 4.5
    attempts: ClassVar[int] = 3
    only_pushed: ClassVar[frozenset[MediaKind]] = frozenset({"file"})
    words: ClassVar[Words] = guide.WORDS
    guide: ClassVar[Guide] = guide.GUIDE
    answers: ClassVar[Answers] = ANSWERS

    def receive(self, request: WebRequest, now: float) -> Arrivals:
        if request.method == "GET":
            return Arrivals(response=self._sealed.echo(request.query))
        fields = self._sealed.posted(request, now)
        self._check_account(fields)
        if name := pushes.notice(fields):
            return Arrivals(
                response=self.acknowledge(), notice=Notice(guide.told(name), is_well="reopen" in name)
            )
        message = pushes.to_message(fields)
        return Arrivals((message,)) if message else Arrivals(response=self.acknowledge())

    def _check_account(self, fields: Mapping[str, str]) -> None:
        """An event of the enterprise's may name no app."""
        ours = (self.settings.corp_id, self.settings.agent_id)
        theirs = (fields.get("ToUserName", ""), fields.get("AgentID", ours[1]))
        if theirs != ours:
            raise refused("account", Compared(guide.IDS, " / ".join(ours), shown(" / ".join(theirs))))

    def respond(self, message: Message, part: str, now: float) -> WebResponse:
        """As text: a response knows no Markdown."""
        text = marked.plain(clean(part), MAX_BYTES)
        return self._reply(message, {"MsgType": "text", "Content": text}, now) if text.strip() else OK

    def respond_media(self, message: Message, shown: Shown, now: float) -> WebResponse:
        return self._reply(message, _passive(shown), now)

    def _reply(self, message: Message, content: Mapping[str, Value], now: float) -> WebResponse:
        reply: dict[str, Value] = {
            "ToUserName": message.sender,
            "FromUserName": self.settings.corp_id,
            "CreateTime": int(now),
            **content,
        }
        body = xml_body.build(self._sealed.seal(xml_body.build(reply), now))
        return WebResponse(body, content_type="application/xml; charset=utf-8")

    def check_receiver(self, to: str) -> None:
        if not pushes.MEMBER.fullmatch(to):
            raise Wrong(guide.NO_MEMBER)

    @classmethod
    def render(cls, markdown: str) -> list[str]:
        return marked.parts(markdown, MAX_BYTES - ROOM_TO_TAP)

    @classmethod
    def invite(cls, label: str, url: str, word: str) -> str:
        return f"[{label}]({url})" if url else f"{label}（{word}）"

    @property
    def reminders(self) -> Sequence[Note]:
        return [guide.TRUSTED]


def _passive(shown: Shown) -> Mapping[str, Value]:
    """The fields of a passive reply that shows it."""
    data, title = shown.data, clean(shown.title)[:64]
    if shown.kind == "news":
        item = {
            "Title": clean(data["title"])[:128],
            "Description": clean(data.get("description", ""))[:512],
            "PicUrl": str(data.get("picture", "")),
            "Url": str(data["url"]),
        }
        return {"MsgType": "news", "ArticleCount": 1, "Articles": {"item": item}}
    inner: dict[str, Value] = {"MediaId": str(data["media_id"])}
    if shown.kind == "video":
        inner |= {"Title": title, "Description": ""}
    return {"MsgType": shown.kind, shown.kind.capitalize(): inner}


CHANNEL = WeComApp
