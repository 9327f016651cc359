"""What a Feishu bot shows: messages, cards that grow and cards with buttons, to whoever wrote and unasked."""

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
    Judged,
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
from runtime.channels.feishu import cards, codes, files, guide, link
from runtime.channels.feishu.account import Account
from runtime.channels.feishu.messages import CHAT, MESSAGE, OPEN_ID, place
from runtime.choices import Choices
from runtime.errors import SendFailed, Wrong
from runtime.message import Message

WEEK = 7 * 86_400.0
LARK = "https://open.larksuite.com"
MESSAGES = "/open-apis/im/v1/messages"
TOKEN = "/open-apis/auth/v3/tenant_access_token/internal"


class BotApi(Authenticates, Connects, Streams, PushesMedia, Judged, Chooses, Announces, MediaIn, Checked):
    """In groups it answers the message, alone with somebody it writes to them."""

    settings: Account
    streaming: cards.Cards
    service: int
    """Of the newest address, which each ping names."""
    codes: ClassVar[Codes] = codes.CODES
    api_host: ClassVar[str] = "https://open.feishu.cn"
    api_host_setting: ClassVar[str] = "HONGYAN_FEISHU_API"
    api_hosts: ClassVar[frozenset[str]] = frozenset({"open.larksuite.com"})
    link_host: ClassVar[str] = "wss://msg-frontier.feishu.cn"
    link_host_setting: ClassVar[str] = "HONGYAN_FEISHU_WS"
    link_hosts: ClassVar[frozenset[str]] = link.HOSTS
    binary: ClassVar[bool] = True
    # it takes up to 50, and gives each event to any of them: so that an agent answers all of a conversation
    exclusive: ClassVar[bool] = True
    answer_seconds: ClassVar[float] = 5
    pieces: ClassVar[Pieces] = Pieces(quick=0.6, few=12, slow=2.0)
    bubble_seconds: ClassVar[float] = 540
    bubble_over: ClassVar[frozenset[str]] = cards.OVER
    rates: ClassVar[Sequence[Rate]] = (Rate(5, 1),)
    push_seconds: ClassVar[float] = WEEK
    knows_repeats: ClassVar[bool] = True
    media_in: ClassVar[Mapping[Any, MediaLimits]] = files.IN
    media_out: ClassVar[Mapping[Any, MediaLimits]] = files.OUT
    choice_limits: ClassVar[ChoiceLimits] = cards.LIMITS

    @property
    def account(self) -> str:
        return self.settings.app_id

    @property
    def connects(self) -> bool:
        return self.settings.mode == "connection"

    def outgoing(self, request: ApiRequest) -> ApiRequest:
        is_elsewhere = self.settings.region == "lark" and not request.host
        return replace(request, host=LARK) if is_elsewhere else request

    # The connection

    def link(self) -> Link:
        return link.BotLink(lambda: self.service)

    def address_request(self) -> ApiRequest:
        return link.address_request(self.settings)

    def address(self, answer: ApiAnswer) -> str:
        found = link.address(answer)
        self.service = link.service_of(found)
        return found

    # The token

    def token_request(self) -> ApiRequest:
        secret = self.settings.app_secret.get_secret_value()
        return ApiRequest(TOKEN, {"app_id": self.settings.app_id, "app_secret": secret})

    def token(self, answer: ApiAnswer) -> AccessToken:
        codes.check(answer)
        value = codes.text_of(answer.data, "tenant_access_token", 4096)
        return AccessToken(value, seconds(answer.data.get("expire")))

    def authorized(self, request: ApiRequest, token: str) -> ApiRequest:
        return replace(request, headers={**request.headers, "Authorization": f"Bearer {token}"})

    def seen_address(self, answer: ApiAnswer) -> str:
        is_about_it = codes.code_of(answer) in codes.CODES.address
        return codes.address_in(answer.data) if is_about_it else ""

    # Messages

    def limited_as(self, to: str) -> str:
        group, _ = place(to)
        return group or to

    def push(self, part: str, to: str, key: str) -> ApiRequest:
        return _sent(to, "post", cards.content(_post(part)), key)

    def push_after(self, message: Message, part: str, key: str) -> ApiRequest:
        return _answered(message, "post", cards.content(_post(part)), key)

    def pushed(self, answer: ApiAnswer) -> None:
        codes.check(answer, unreadable="uncertain")

    def probe(self) -> ApiRequest:
        return ApiRequest("/open-apis/bot/v3/info")

    def probed(self, answer: ApiAnswer) -> bool:
        code = codes.code_of(answer)
        if code not in codes.CODES.forbidden:
            codes.check(answer)
        return not code

    def check_receiver(self, to: str) -> None:
        group, who = place(to)
        is_group = CHAT.fullmatch(group or who) is not None
        if not is_group and not (OPEN_ID.fullmatch(who) and not group):
            raise Wrong(guide.NO_MEMBER)

    # More than text

    def grows(self, message: Message) -> bool:
        return self.settings.cards and message.kind != "event"

    def grow(self, bubble: Bubble, text: str, now: float, *, done: bool) -> Steps[None]:
        assert bubble.message is not None
        card = cards.content(cards.growing("", done=False))
        sending = _answered(bubble.message, "interactive", card, cards.mark(bubble))
        return self.streaming.grow(bubble, sending, text, now, done=done)

    def push_choices(self, choices: Choices, to: str, key: str, after: Message | None = None) -> ApiRequest:
        group, _ = place(to)
        card = cards.content(cards.buttons(choices, in_group=bool(group)))
        return _answered(after, "interactive", card, key) if after else _sent(to, "interactive", card, key)

    def handle(self, answer: ApiAnswer) -> str:
        told = answer.data.get("data")
        found = told.get("message_id") if isinstance(told, dict) else None
        return found if isinstance(found, str) and MESSAGE.fullmatch(found) else ""

    def shown_as(self, bubble: Bubble) -> str:
        return self.streaming.shown_as(bubble.id)

    def settle(self, handle: str, words: str, to: str) -> ApiRequest:
        return cards.edit(handle, cards.growing(words, done=True))

    def chosen(self, message: Message, offered: Choices | None, now: float) -> ApiRequest | None:
        card = str(message.data.get("card", ""))
        if message.data.get("event") != "menu" or not card:
            return None
        return cards.edit(card, cards.settled(offered, message.text))

    def attached(self, message: Message) -> Sequence[Attached]:
        return files.attached(message)

    def get(self, file: Attached) -> Steps[bytes]:
        return files.get(file)

    def put(self, media: Media) -> Steps[Uploaded]:
        return files.put(media)

    def push_media(self, shown: Shown, to: str, key: str) -> ApiRequest:
        kind, told = files.shown(shown)
        return _sent(to, kind, cards.content(told), key)


def _post(part: str) -> dict[str, Any]:
    """A rich text, whose one paragraph is Markdown."""
    return {"zh_cn": {"content": [[{"tag": "md", "text": cards.words(part)}]]}}


def _sent(to: str, kind: str, content: str, key: str) -> ApiRequest:
    group, who = place(to)
    # a receiver that is named by hand may be a group alone
    is_group = bool(group) or CHAT.fullmatch(who) is not None
    body = {"receive_id": group or who, "msg_type": kind, "content": content, "uuid": key}
    return ApiRequest(MESSAGES, body, {"receive_id_type": "chat_id" if is_group else "open_id"})


def _answered(message: Message, kind: str, content: str, key: str) -> ApiRequest:
    """In a group as the answer to the message, so that everybody sees to what. Raises SendFailed."""
    asked = message.handle.get("message", "")
    if not message.overheard or not asked:
        return _sent(message.sender, kind, content, key)
    if not MESSAGE.fullmatch(asked):
        raise SendFailed(codes.UNREADABLE, code="unreadable")
    return ApiRequest(f"{MESSAGES}/{asked}/reply", {"msg_type": kind, "content": content, "uuid": key})
