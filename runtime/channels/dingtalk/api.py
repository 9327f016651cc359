"""What a DingTalk robot shows: messages and cards, to whoever wrote and unasked."""

import math
import urllib.parse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from runtime.channels import (
    AccessToken,
    Announces,
    ApiAnswer,
    ApiRequest,
    Attached,
    Authenticates,
    Bubble,
    Checked,
    ChoiceLimits,
    Chooses,
    Codes,
    Connects,
    Link,
    Media,
    MediaIn,
    MediaLimits,
    Pieces,
    PushesMedia,
    Rate,
    Shown,
    Steps,
    Streams,
    Uploaded,
)
from runtime.channels._border.lenient import seconds
from runtime.channels._text.printable import clean
from runtime.channels.dingtalk import codes, files, guide, link
from runtime.channels.dingtalk.account import Account
from runtime.channels.dingtalk.cards import OVER, Cards
from runtime.channels.dingtalk.messages import CONVERSATION, STAFF, place
from runtime.choices import Choices
from runtime.errors import SendFailed, Wrong
from runtime.message import Message

WEEK = 7 * 86_400.0
OAPI = "https://oapi.dingtalk.com"
BY_SESSION = "/robot/sendBySession"
MARGIN = 60.0
"""Seconds before its end at which an address to answer at is not used any more."""
TITLE = 20
"""Characters of what the list of chats shows."""
BUTTONS = 5
SAY = "dtmd://dingtalkclient/sendMessage?content="
"""A link that says something as if the person had typed it."""


class RobotApi(Authenticates, Connects, Streams, PushesMedia, Chooses, Announces, MediaIn, Checked):
    """Answers go to the address that came with a message while that is good, which costs no call of the API's
    month; everything else by the API."""

    settings: Account
    cards: Cards
    codes: ClassVar[Codes] = codes.CODES
    api_host: ClassVar[str] = "https://api.dingtalk.com"
    api_host_setting: ClassVar[str] = "HONGYAN_DINGTALK_API"
    api_hosts: ClassVar[frozenset[str]] = frozenset({"oapi.dingtalk.com"})
    link_host: ClassVar[str] = "wss://wss-open-connection.dingtalk.com"
    link_host_setting: ClassVar[str] = "HONGYAN_DINGTALK_WS"
    link_hosts: ClassVar[frozenset[str]] = link.HOSTS
    # it takes several, and gives each message to any of them: so that an agent answers all of a conversation
    exclusive: ClassVar[bool] = True
    heartbeat: ClassVar[float | None] = 60
    answer_seconds: ClassVar[float] = 5
    pieces: ClassVar[Pieces] = Pieces(quick=0.8, few=8, slow=2.5)
    bubble_seconds: ClassVar[float] = 540
    bubble_over: ClassVar[frozenset[str]] = OVER
    rates: ClassVar[Sequence[Rate]] = (Rate(20, 60),)
    push_seconds: ClassVar[float] = WEEK
    knows_repeats: ClassVar[bool] = False
    media_in: ClassVar[Mapping[Any, MediaLimits]] = files.IN
    media_out: ClassVar[Mapping[Any, MediaLimits]] = files.OUT
    media_hosts: ClassVar[frozenset[str]] = files.HOSTS
    shows_news: ClassVar[bool] = True
    choice_limits: ClassVar[ChoiceLimits] = ChoiceLimits(BUTTONS, 20, 200, 1000, in_bytes=False)

    @property
    def account(self) -> str:
        return self.settings.client_id

    @property
    def connects(self) -> bool:
        return self.settings.mode == "connection"

    # The connection

    def link(self) -> Link:
        return link.StreamLink()

    def address_request(self) -> ApiRequest:
        return link.address_request(self.settings)

    def address(self, answer: ApiAnswer) -> str:
        return link.address(answer)

    # The token

    def token_request(self) -> ApiRequest:
        secret = self.settings.client_secret.get_secret_value()
        return ApiRequest(
            "/v1.0/oauth2/accessToken", {"appKey": self.settings.client_id, "appSecret": secret}
        )

    def token(self, answer: ApiAnswer) -> AccessToken:
        codes.check(answer)
        value = answer.data.get("accessToken")
        if not isinstance(value, str) or not 0 < len(value) <= 4096:
            raise SendFailed(codes.UNREADABLE, code="unreadable")
        return AccessToken(value, seconds(answer.data.get("expireIn")))

    def authorized(self, request: ApiRequest, token: str) -> ApiRequest:
        """The older API wants it elsewhere, and the address that came with a message not at all."""
        if request.path == files.UPLOAD:
            return replace(request, host=OAPI, query={**request.query, "access_token": token})
        if request.host:
            return request
        return replace(request, headers={**request.headers, "x-acs-dingtalk-access-token": token})

    def seen_address(self, answer: ApiAnswer) -> str:
        is_about_it = codes.code_of(answer) in codes.CODES.address
        return codes.address_in(answer.data) if is_about_it else ""

    # Messages

    def answers_until(self, message: Message) -> float:
        until = message.handle.get("until", "")
        return float(until) - MARGIN if until.isdigit() else math.inf

    def limited_as(self, to: str) -> str:
        group, _ = place(to)
        return group or to

    def push(self, part: str, to: str, key: str) -> ApiRequest:
        return self._sent(to, "sampleMarkdown", {"title": title(part), "text": lines(part)})

    def push_after(self, message: Message, part: str, key: str) -> ApiRequest:
        if "session" not in message.handle:
            return self.push(part, message.sender, key)
        group, who = place(message.sender)
        at = {"at": {"atUserIds": [who]}} if group and STAFF.fullmatch(who) else {}
        text = f"@{who} {lines(part)}" if at else lines(part)
        return _by_session(
            message, {"msgtype": "markdown", "markdown": {"title": title(part), "text": text}, **at}
        )

    def pushed(self, answer: ApiAnswer) -> None:
        codes.check(answer, unreadable="uncertain")
        for name, code in (
            ("invalidStaffIdList", "staff_invalid"),
            ("flowControlledStaffIdList", "flow_controlled"),
        ):
            if answer.data.get(name):
                raise codes.failure(code)
        if "errcode" not in answer.data and not isinstance(answer.data.get("processQueryKey"), str):
            raise SendFailed(codes.UNREADABLE, code="uncertain")

    def probe(self) -> ApiRequest:
        """Whether a message was read that there never was: it tells whether the account is well."""
        asked = {"robotCode": self.settings.robot, "processQueryKey": "hongyan"}
        return ApiRequest("/v1.0/robot/oToMessages/readStatus", None, asked)

    def probed(self, answer: ApiAnswer) -> bool:
        """Always: whoever wrote can be answered without any permission."""
        code = codes.code_of(answer)
        if code in codes.CODES.blocking or code in codes.THROTTLED:
            raise codes.failure(code, answer.data)
        return True

    def check_receiver(self, to: str) -> None:
        group, who = place(to)
        if not STAFF.fullmatch(who) or (group and not CONVERSATION.fullmatch(group)):
            raise Wrong(guide.NO_MEMBER)

    # More than text

    def grows(self, message: Message) -> bool:
        _, who = place(message.sender)
        return self.cards.may and message.kind != "event" and bool(STAFF.fullmatch(who))

    def grow(self, bubble: Bubble, text: str, now: float, *, done: bool) -> Steps[None]:
        return self.cards.grow(bubble, lines(text), done=done)

    def push_choices(self, choices: Choices, to: str, key: str, after: Message | None = None) -> ApiRequest:
        """Tapping says the words as if they had been typed."""
        links = [(one.text, SAY + urllib.parse.quote(one.text, safe="")) for one in choices.options]
        question, heading = lines(choices.question), title(choices.question)
        if self.settings.buttons == "links":
            text = "\n".join([question, "", *(f"- [{words}]({url})" for words, url in links)])
            if after is not None and "session" in after.handle:
                return _by_session(
                    after, {"msgtype": "markdown", "markdown": {"title": heading, "text": text}}
                )
            return self._sent(to, "sampleMarkdown", {"title": heading, "text": text})
        if after is not None and "session" in after.handle:
            buttons = [{"title": words, "actionURL": url} for words, url in links]
            card = {"title": heading, "text": question, "btnOrientation": "0", "btns": buttons}
            return _by_session(after, {"msgtype": "actionCard", "actionCard": card})
        told = {"title": heading, "text": question}
        if len(links) == 1:
            [(words, url)] = links
            return self._sent(to, "sampleActionCard", {**told, "singleTitle": words, "singleURL": url})
        for n, (words, url) in enumerate(links, 1):
            told |= {f"actionTitle{n}": words, f"actionURL{n}": url}
        return self._sent(to, f"sampleActionCard{len(links)}", told)

    def attached(self, message: Message) -> Sequence[Attached]:
        return files.attached(message)

    def get(self, file: Attached) -> Steps[bytes]:
        return files.get(file, self.settings.robot)

    def put(self, media: Media) -> Steps[Uploaded]:
        return files.put(media)

    def push_media(self, shown: Shown, to: str, key: str) -> ApiRequest:
        return self._sent(to, *files.shown(shown))

    def _sent(self, to: str, kind: str, told: Mapping[str, str]) -> ApiRequest:
        """To a member, or to the group. Raises SendFailed for a stranger, who can only be answered."""
        group, who = place(to)
        body = {"robotCode": self.settings.robot, "msgKey": kind, "msgParam": files.parameters(told)}
        if group:
            return ApiRequest("/v1.0/robot/groupMessages/send", {**body, "openConversationId": group})
        if not STAFF.fullmatch(who):
            raise codes.failure("no_staff")
        return ApiRequest("/v1.0/robot/oToMessages/batchSend", {**body, "userIds": [who]})


def _by_session(message: Message, body: Mapping[str, Any]) -> ApiRequest:
    return ApiRequest(BY_SESSION, body, {"session": message.handle["session"]}, host=OAPI)


def title(part: str) -> str:
    """What the list of chats shows of it: its first words, without marks."""
    first = next((line for line in clean(part).split("\n") if line.strip("#>*-`| \t")), "")
    return first.strip("#>*-`| \t")[:TITLE] or "…"


def lines(part: str) -> str:
    """With line ends that are shown: a single one is none to DingTalk, except in code."""
    found, fence = [], False
    for line in clean(part).split("\n"):
        is_mark = line.lstrip().startswith(("```", "~~~"))
        fence ^= is_mark
        found.append(line if fence or is_mark or not line.strip() else f"{line.rstrip()}  ")
    return "\n".join(found).rstrip()
