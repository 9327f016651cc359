"""WeChat Customer Service (微信客服): a call is only a signal, messages are fetched, answers are pushed.

https://developer.work.weixin.qq.com/document/path/94638
"""

import html
import re
from collections.abc import Collection, Sequence
from typing import ClassVar

from runtime.channels import (
    Arrivals,
    Guide,
    Limits,
    Managed,
    Note,
    Profile,
    Symptom,
    WebRequest,
    Words,
)
from runtime.channels._border.refusals import refused
from runtime.channels._tencent.answers import Answers
from runtime.channels._tencent.enterprise import EnterpriseCalls
from runtime.channels._text.markdown import to_chat_text
from runtime.channels._text.split import split
from runtime.channels.wecom_kf import guide
from runtime.channels.wecom_kf.account import Account
from runtime.channels.wecom_kf.api import KfApi
from runtime.channels.wecom_kf.arriving import CHANGES
from runtime.channels.wecom_kf.codes import ANSWERS
from runtime.channels.wecom_kf.managing import KfManagement
from runtime.channels.wecom_kf.media import KfMedia
from runtime.channels.wecom_kf.questions import KfQuestions
from runtime.lang import Text
from runtime.message import Event
from runtime.schema import About

MAX_BYTES = 2048
"""Of one text."""
ANCHOR = re.compile(r'<a href="([^"<>]*)">([^<]*)</a>')
SIGNAL = "kf_msg_or_event"


class WeComKf(KfApi, KfMedia, KfQuestions, Managed, EnterpriseCalls):
    about = About(
        Text("微信客服", "WeChat Customer Service"),
        Text(
            "任何微信用户发来消息，智能体回答，要人工就转给同事",
            "Anyone in WeChat writes; colleagues take over",
        ),
        icon="wechat",
        color="#10aeff",
    )
    profile: ClassVar[Profile] = guide.PROFILE
    Settings = Account
    Management = KfManagement
    limits: ClassVar[Limits] = Limits(MAX_BYTES)
    tells: ClassVar[Collection[Event]] = frozenset(("opened", *CHANGES.values()))
    words: ClassVar[Words] = guide.WORDS
    symptoms: ClassVar[Sequence[Symptom]] = guide.SYMPTOMS
    guide: ClassVar[Guide] = guide.GUIDE
    answers: ClassVar[Answers] = ANSWERS

    def receive(self, request: WebRequest, now: float) -> Arrivals:
        """Accounts of one enterprise share an address: the signal says whose messages wait."""
        if request.method == "GET":
            return Arrivals(response=self._sealed.echo(request.query))
        fields = self._sealed.posted(request, now)
        if fields.get("ToUserName") != self.settings.corp_id:
            raise refused("account")
        if fields.get("Event") != SIGNAL:
            return Arrivals(response=self.acknowledge())
        ticket, account = fields.get("Token", ""), fields.get("OpenKfId", "")
        if len(ticket) > 1024 or len(account) > 128:
            raise refused("malformed")
        return Arrivals(signal=True, ticket=ticket, account=account)

    @classmethod
    def render(cls, markdown: str) -> list[str]:
        """Links are shown as they are: the chat has no tags."""
        text = ANCHOR.sub(lambda link: _plain(html.unescape(link[1]), link[2]), to_chat_text(markdown))
        return split(text, MAX_BYTES)

    @classmethod
    def invite(cls, label: str, url: str, word: str) -> str:
        return f"{label} {url}" if url else f"{label}\n{word}（menu:{word}）"

    @property
    def reminders(self) -> Sequence[Note]:
        return [guide.TRUSTED, guide.ENTRY]


def _plain(href: str, label: str) -> str:
    return href if label in ("", href) else f"{label}（{href}）"


CHANNEL = WeComKf
