"""The account's calls to qyapi.weixin.qq.com: pages of messages, sending, welcoming, states of sessions.

https://developer.work.weixin.qq.com/document/path/94670
"""

import logging
from collections.abc import Mapping
from typing import Any, ClassVar

from runtime.channels import (
    ApiAnswer,
    ApiRequest,
    ChoiceLimits,
    Chooses,
    Codes,
    Fetches,
    Greets,
    HandsOver,
    Identifies,
    Page,
    Standings,
)
from runtime.channels._tencent.answers import errcode
from runtime.channels._tencent.qyapi import QyApi
from runtime.channels._tencent.unionid import told, unionid
from runtime.channels._text.printable import clean
from runtime.channels.wecom_kf import menus
from runtime.channels.wecom_kf.account import Account
from runtime.channels.wecom_kf.arriving import items
from runtime.channels.wecom_kf.codes import ANSWERS, CODES, STATE, is_done
from runtime.choices import Choices
from runtime.message import Message, Quota
from runtime.person import Described

log = logging.getLogger(__name__)

HOURS_48 = 48 * 3600.0
WELCOME = 20.0
"""Seconds that a welcome_code is good."""
PAGE = 500
"""Messages in one; the platform gives 1000 at most."""
LARGEST = 8 * 1024 * 1024
"""Bytes of a page."""
MOST_CURSOR = 1024
NOBODY = "wm-no-such-customer"
NEW, ASSISTANT, POOL, HUMAN, OVER = "01234"


class KfApi(QyApi, Chooses, Fetches, Greets, HandsOver, Identifies):
    """Nothing here waits: it says what to ask, and reads what was answered."""

    settings: Account
    codes: ClassVar[Codes] = CODES
    most_pushed: ClassVar[int] = 5
    push_seconds: ClassVar[float] = HOURS_48
    choice_limits: ClassVar[ChoiceLimits] = menus.LIMITS
    # What the platform answers to an id of ours that it has seen is not documented. So what may have arrived
    # is not sent again; the id tells which part a later msg_send_fail is about.
    knows_repeats: ClassVar[bool] = False
    fetch_seconds: ClassVar[float] = 300  # without a ticket the platform allows far fewer
    ticket_seconds: ClassVar[float] = 590
    refused_tickets: ClassVar[frozenset[str]] = frozenset({"95007"})
    fresh_seconds: ClassVar[float] = 600
    desk_seconds: ClassVar[float] = HOURS_48
    refused_at_desk: ClassVar[frozenset[str]] = frozenset({STATE})

    @property
    def account(self) -> str:
        return self.settings.open_kfid

    @property
    def owner(self) -> str:
        """The app that calls and is called, of one enterprise: a ticket is good for no other."""
        return f"{self.settings.corp_id} {self.settings.secret.get_secret_value()}"

    # Out

    def quota(self, message: Message) -> Quota:
        """5 within 48 h of a message; one welcome within 20 s.

        https://developer.work.weixin.qq.com/document/path/94677
        """
        if message.kind == "event" and "welcome" in message.data:
            return Quota(1, WELCOME)
        return Quota(self.most_pushed, HOURS_48)

    def push_choices(self, choices: Choices, to: str, key: str, after: Message | None = None) -> ApiRequest:
        menu = menus.offered(choices)
        return ApiRequest("/cgi-bin/kf/send_msg", {**self._to(to), "msgid": key, **menu})

    def greet_choices(self, choices: Choices, message: Message, key: str) -> ApiRequest | None:
        return self._on_event(message, key, menus.offered(choices))

    def push(self, part: str, to: str, key: str) -> ApiRequest:
        shown = menus.message(clean(part))
        return ApiRequest("/cgi-bin/kf/send_msg", {**self._to(to), "msgid": key, **shown})

    def pushed(self, answer: ApiAnswer) -> None:
        """It was taken; whether it arrives is told later, if it does not."""
        if not is_done(answer.data):
            raise ANSWERS.failure(answer.data, unreadable="uncertain")

    def greet(self, part: str, message: Message, key: str) -> ApiRequest | None:
        """By `welcome_code`, once, before the customer wrote anything.

        https://developer.work.weixin.qq.com/document/path/95122
        """
        return self._on_event(message, key, menus.message(clean(part)))

    def _on_event(self, message: Message, key: str, shown: Mapping[str, Any]) -> ApiRequest | None:
        code = message.data.get("welcome")
        if message.kind != "event" or not code:
            return None
        return ApiRequest("/cgi-bin/kf/send_msg_on_event", {"code": code, "msgid": key, **shown})

    def probe(self) -> ApiRequest:
        return self.standing(NOBODY)

    def probed(self, answer: ApiAnswer) -> bool:
        """Whatever it says of a customer that there is not: it has looked for one."""
        code = errcode(answer.data)
        of_account = code in CODES.stale or code in CODES.blocking or code in CODES.throttled
        if not code or of_account:
            raise ANSWERS.failure(answer.data)
        return code not in CODES.forbidden

    # Who

    def identify(self, sender: str) -> ApiRequest:
        """https://developer.work.weixin.qq.com/document/path/95159"""
        body = {"external_userid_list": [sender], "need_enter_session_context": 0}
        return ApiRequest("/cgi-bin/kf/customer/batchget", body)

    def identified(self, answer: ApiAnswer) -> str:
        if not is_done(answer.data):
            raise ANSWERS.failure(answer.data)
        customers = answer.data.get("customer_list")
        return unionid(customers[0]) if isinstance(customers, list) and customers else ""

    def described(self, answer: ApiAnswer) -> Described:
        account, listed = self.identified(answer), answer.data.get("customer_list")
        first = listed[0] if isinstance(listed, list) and listed and isinstance(listed[0], Mapping) else {}
        return Described(account, told(first, "nickname"))

    # In

    def fetch(self, cursor: str, ticket: str) -> ApiRequest:
        body = {
            "cursor": cursor,
            "token": ticket,
            "limit": PAGE,
            "voice_format": 0,
            "open_kfid": self.settings.open_kfid,
        }
        return ApiRequest("/cgi-bin/kf/sync_msg", body, largest=LARGEST)

    def page(self, answer: ApiAnswer) -> Page:
        """An empty list may have more behind it."""
        data = answer.data
        listed, cursor = data.get("msg_list", []), data.get("next_cursor", "")
        is_whole = isinstance(listed, list) and isinstance(cursor, str) and len(cursor) <= MOST_CURSOR
        if errcode(data) not in ("", "0") or not is_whole or not {"msg_list", "next_cursor"} & data.keys():
            raise ANSWERS.failure(data if errcode(data) != "0" else {})
        messages, bounces, unread = items(listed, self.settings.open_kfid)
        if unread:
            log.warning("%s of %s messages of a page cannot be read", unread, len(listed))
        return Page(messages, cursor, data.get("has_more") in (1, True), bounces)

    # Humans

    @property
    def hands_over(self) -> bool:
        return True

    @property
    def standings(self) -> Standings:
        """Only a named servicer can be given a session. https://developer.work.weixin.qq.com/document/path/94669"""
        humans = (HUMAN,) if self.settings.servicer_userid else ()
        steps = {
            NEW: (ASSISTANT, POOL, *humans),
            ASSISTANT: (POOL, *humans),
            POOL: humans,
            HUMAN: (*humans, OVER),
            OVER: (),
        }
        return Standings(steps, with_agent={NEW, ASSISTANT}, with_human={POOL, HUMAN})

    @property
    def at_desk(self) -> str:
        return HUMAN if self.settings.servicer_userid else POOL

    @property
    def given_back(self) -> str:
        """Over: the customer's next message begins anew, with the agent."""
        return OVER

    @property
    def with_assistant(self) -> str:
        return ASSISTANT

    def standing(self, to: str) -> ApiRequest:
        body = {"open_kfid": self.settings.open_kfid, "external_userid": to}
        return ApiRequest("/cgi-bin/kf/service_state/get", body)

    def stands(self, answer: ApiAnswer) -> str:
        state = answer.data.get("service_state")
        is_state = isinstance(state, int) and not isinstance(state, bool) and 0 <= state < 5
        if errcode(answer.data) not in ("", "0") or not is_state:
            raise ANSWERS.failure(answer.data if errcode(answer.data) != "0" else {})
        return str(state)

    def move(self, to: str, state: str) -> ApiRequest:
        body: dict[str, Any] = {"open_kfid": self.settings.open_kfid, "external_userid": to}
        servicer = {"servicer_userid": self.settings.servicer_userid} if state == HUMAN else {}
        return ApiRequest(
            "/cgi-bin/kf/service_state/trans", {**body, "service_state": int(state), **servicer}
        )

    def moved(self, answer: ApiAnswer) -> None:
        if not is_done(answer.data):
            raise ANSWERS.failure(answer.data)

    def _to(self, to: str) -> Mapping[str, str]:
        return {"touser": to, "open_kfid": self.settings.open_kfid}
