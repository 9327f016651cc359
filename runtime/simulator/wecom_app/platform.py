"""qyapi.weixin.qq.com, played for one app: tokens, messages to members, the app itself.

https://developer.work.weixin.qq.com/document/path/90236
"""

import itertools
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from runtime.simulator._cards import Card, Cards
from runtime.simulator._shelf import NAMES, NO_SUCH_ID, Shelf
from runtime.simulator.faults import Fault, Faults
from runtime.simulator.http import Request, Response
from runtime.simulator.wecom_app.menu import AppMenu
from runtime.simulator.wecom_app.wire import App, cut

MINUTE, HOUR = (60.0, 30), (3600.0, 1000)
"""A member gets so many messages in so many seconds; the rest is dropped, and the answer says ok."""
LIFE = 7200
CALLS_FROM = ("101.226.103.*", "101.226.62.*")
"""Addresses that callbacks come from."""
MESSAGES = {
    -1: "system busy",
    40001: "invalid credential",
    40013: "invalid corpid",
    40014: "invalid access_token",
    40056: "invalid agentid",
    42001: "access_token expired",
    44004: "empty content",
    45009: "api freq out of limit",
    60020: "not allow to access from your ip, hint: [1606122450_2_9a1c], from ip: {ip}, more info at "
    "https://open.work.weixin.qq.com/devtool/query?e=60020",
    81013: "user & party & tag all invalid",
}


@dataclass(frozen=True)
class Sent:
    """A message that a member was shown. `kind` is its msgtype."""

    at: float
    to: str
    kind: str
    text: str


@dataclass
class Platform:
    """`call` is the handler of an http.Server."""

    app: App
    clock: Callable[[], float]
    trusts: bool = True
    """Our address is among those that it trusts."""
    members: set[str] | None = None
    """None: everybody is one."""
    faults: Faults = field(default_factory=Faults)
    menu: AppMenu = field(default_factory=AppMenu)
    sent: list[Sent] = field(default_factory=list)
    dropped: list[Sent] = field(default_factory=list)
    repeats: list[Sent] = field(default_factory=list)
    """What said the same to the same member again, and was asked to be looked at for that."""
    asked: list[str] = field(default_factory=list)
    on_sent: Callable[[Sent], None] = lambda sent: None
    shelf: Shelf = field(init=False)
    cards: Cards = field(default_factory=Cards)
    _codes: dict[str, Card] = field(default_factory=dict)
    """By which a card may be changed once."""
    _tokens: dict[str, float] = field(default_factory=dict)
    _times: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    _ids: Any = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.shelf = Shelf(self.clock)

    def void(self) -> None:
        """The access token is ended early."""
        self._tokens.clear()

    def call(self, request: Request) -> Response:
        path = request.path.removeprefix("/cgi-bin/")
        self.asked.append(path)
        fault = self.faults.take(path)
        if fault == "hang":
            return Response(after=None)
        if isinstance(fault, str) and fault.startswith("http_"):
            return Response(b"<html>", int(fault[5:]), "text/html")
        if isinstance(fault, int) and fault:
            return self._said(fault, request.address)
        answer = self._answer(path, request)
        if isinstance(answer, int):
            return self._said(answer, request.address)
        lost = fault == "lost"
        return Response.json(
            {"errcode": 0, "errmsg": "ok", **answer}, after=None if lost else self.faults.latency
        )

    def _said(self, code: Fault, ip: str) -> Response:
        errmsg = MESSAGES.get(int(code), "error").replace("{ip}", ip)
        return Response.json({"errcode": code, "errmsg": errmsg})

    def _answer(self, path: str, request: Request) -> dict[str, Any] | int:
        """JSON, or an errcode."""
        if path == "gettoken":
            return self._token(request.query)
        until = self._tokens.get(request.query.get("access_token", ""))
        if until is None:
            return 40014
        if until < self.clock():
            return 42001
        if not self.trusts:
            return 60020
        if path == "agent/get":
            seen = {"allow_userinfos": {"user": [{"userid": one} for one in self.members or ("zhangsan",)]}}
            return {"agentid": int(self.app.agent_id), "name": "app", "close": 0, **seen}
        if path in ("message/send", "message/update_template_card"):
            return (self._send if path == "message/send" else self._settle)(json.loads(request.body))
        if path == "media/upload":
            found = self.shelf.posted(request.query.get("type", ""), request.body)
            return found if isinstance(found, int) else {"type": request.query["type"], "media_id": found}
        if path == "getcallbackip":
            return {"ip_list": list(CALLS_FROM)}
        if path.startswith("menu/") and request.query.get("agentid") == self.app.agent_id:
            return self.menu.answer(path, json.loads(request.body or b"{}"))
        return 40056

    def _token(self, query: dict[str, str]) -> dict[str, Any] | int:
        """Asked again it gives the same while that lives."""
        if query.get("corpid") != self.app.corp_id:
            return 40013
        if query.get("corpsecret") != self.app.secret:
            return 40001
        now = self.clock()
        living = [(token, until) for token, until in self._tokens.items() if until > now]
        if not living:
            living = [(f"token-{next(self._ids)}", now + LIFE)]
            self._tokens = dict(living)
        return {"access_token": living[0][0], "expires_in": int(living[0][1] - now)}

    def _send(self, body: dict[str, Any]) -> dict[str, Any] | int:
        kind, to = body["msgtype"], body["touser"]
        if body.get("agentid") != int(self.app.agent_id):
            return 40056
        content = body[kind].get("content") or json.dumps(body[kind])
        if kind == "template_card":
            content = self.cards.take(to, body[kind])
            if content is None:
                return 40058
        if kind in NAMES:
            content = self.shelf.in_words(kind, body[kind].get("media_id"))
            if content is None:
                return NO_SUCH_ID
        if not content.strip():
            return 44004
        if self.members is not None and to not in self.members:
            return 81013
        message = Sent(self.clock(), to, kind, cut(content))
        (self.repeats if self._is_repeat(body, message) else self._kept(message)).append(message)
        more = {"response_code": self._code(self.cards.newest)} if kind == "template_card" else {}
        return {"invaliduser": "", "msgid": f"m{next(self._ids)}", **more}

    def _code(self, card: Card) -> str:
        """By which it may be changed once."""
        code = f"rc-{next(self._ids)}"
        self._codes[code] = card
        return code

    def tap(self, member: str, label: str, saying: str = "") -> dict[str, str]:
        """The fields of the event. Raises LookupError."""
        task, card, key = self.cards.tapped(member, label, saying)
        told = {"EventKey": key, "TaskId": task, "CardType": "button_interaction"}
        return {**told, "ResponseCode": self._code(card)}

    def _settle(self, body: dict[str, Any]) -> dict[str, Any] | int:
        card = self._codes.pop(str(body.get("response_code")), None)
        if card is None or body.get("agentid") != int(self.app.agent_id):
            return 40058
        card.settled.append(str(body["button"]["replace_name"]))
        return {"invaliduser": []}

    def _is_repeat(self, body: dict[str, Any], message: Sent) -> bool:
        if not body.get("enable_duplicate_check"):
            return False
        since = message.at - body.get("duplicate_check_interval", 1800)
        return any(
            (one.to, one.kind, one.text) == (message.to, message.kind, message.text) and one.at > since
            for one in self.sent
        )

    def _kept(self, message: Sent) -> list[Sent]:
        """Where it goes: to the member, or nowhere."""
        times = self._times[message.to]
        for seconds, most in (MINUTE, HOUR):
            if sum(message.at - at < seconds for at in times) >= most:
                return self.dropped
        times.append(message.at)
        self.on_sent(message)
        return self.sent
