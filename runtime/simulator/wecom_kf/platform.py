"""qyapi.weixin.qq.com for a customer-service account, played: pages, sending, welcomes, states of sessions.

Errors come as errcodes in an HTTP 200. https://developer.work.weixin.qq.com/document/path/94670
"""

import itertools
import json
import re
import secrets
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from runtime.simulator._shelf import NAMES, Shelf
from runtime.simulator.faults import DONE, Faults
from runtime.simulator.http import Request, Response
from runtime.simulator.wecom_kf.account import Account
from runtime.simulator.wecom_kf.sessions import BY_API, HUMAN, Session

Json = dict[str, Any]

TOKEN_LIFE = 7200.0
TICKET_LIFE = 600.0
WELCOME_LIFE = 20.0
KEPT = 3 * 86_400.0
"""Seconds that a thing is listed from the beginning."""
LONGEST = 2048
"""Bytes of a text."""
WITHOUT_TICKET = 60
"""Calls of sync_msg within an hour that need none."""
ID = re.compile(r"[0-9a-zA-Z_-]{1,32}")
REPEATED = 95032
"""For a msgid that was used. What WeCom itself answers is not documented."""


@dataclass(frozen=True)
class Sent:
    """What the platform took from the app. `welcome`: by a code."""

    at: float
    to: str
    id: str
    kind: str
    text: str
    welcome: bool = False


class Platform:
    """One account on one host. `call` is the handler of an http.Server; `listed` is what waits there."""

    def __init__(self, account: Account, clock: Callable[[], float]) -> None:
        self.account = account
        self.clock = clock
        self.faults = Faults()
        self.shelf = Shelf(clock)
        self.listed: list[Json] = []
        self.sent: list[Sent] = []
        self.called: list[tuple[str, int]] = []
        self.counts: Counter[int] = Counter()
        self.sessions: defaultdict[str, Session] = defaultdict(Session)
        self.unionids: dict[str, str] = {}
        self.names: dict[str, str] = {}
        """What customers call themselves, by id."""
        self.codes: dict[str, str] = {}
        """Welcome codes, and whose each is."""
        self.page = 100
        """Things in one page, however many are asked for."""
        self.empty_first = False
        """Whether a page with nothing in it comes before each that holds something."""
        self.on_sent: Callable[[Sent], None] = lambda sent: None
        self._tokens: dict[str, float] = {}
        self._tickets: dict[str, float] = {}
        self._bare: list[float] = []
        self._ids: set[str] = set()
        self._numbers = itertools.count(1)

    # What the platform does by itself

    def ticket(self) -> str:
        """The right to fetch without the strict limit, for ten minutes."""
        ticket = f"ENC{secrets.token_urlsafe(24)}"
        self._tickets[ticket] = self.clock() + TICKET_LIFE
        return ticket

    def put(self, msgtype: str, inner: Json, *, customer: str, origin: int, **more: Any) -> str:
        """Put something where it is fetched; its id."""
        id = f"msg_{next(self._numbers):08d}"
        item = {"msgid": id, "send_time": int(self.clock()), "origin": origin, "msgtype": msgtype}
        if msgtype != "event":
            item |= {"open_kfid": self.account.open_kfid, "external_userid": customer}
        self.listed.append({**item, msgtype: inner, **more})
        return id

    def happen(self, event_type: str, customer: str, **fields: Any) -> str:
        about = {"open_kfid": self.account.open_kfid, "external_userid": customer}
        inner = {"event_type": event_type, **about, **fields}
        return self.put("event", inner, customer=customer, origin=4)

    def welcome_code(self, customer: str) -> str:
        code = f"W{secrets.token_hex(8)}"
        self.codes[code] = customer
        self.sessions[customer].codes[code] = self.clock() + WELCOME_LIFE
        return code

    def void(self) -> None:
        """Tokens of so far are refused."""
        self._tokens.clear()

    # What it answers

    def call(self, request: Request) -> Response:
        path = request.path.removeprefix("/cgi-bin/")
        fault = self.faults.take(path)
        if fault == "hang":
            return Response(after=None)
        if isinstance(fault, str) and fault.startswith("http_"):
            return Response(b"<html>", int(fault.removeprefix("http_")), "text/html")
        code: int | Json = fault if isinstance(fault, int) and fault else self._answer(path, request)
        answer = code if isinstance(code, dict) else {"errcode": code, "errmsg": _message(code)}
        number = int(str(answer.get("errcode", 0)))
        self.called.append((path, number))
        self.counts[number] += 1
        lost = fault in DONE
        return Response.json(answer, after=None if lost else self.faults.latency)

    def _answer(self, path: str, request: Request) -> int | Json:
        if path == "gettoken":
            return self._token(request.query)
        token = request.query.get("access_token", "")
        if token not in self._tokens:
            return 40014 if token else 41001
        if self._tokens[token] <= self.clock():
            return 42001
        if self.account.rights == "not_listed":
            return 48002
        if path == "media/upload":
            found = self.shelf.posted(request.query.get("type", ""), request.body)
            return found if isinstance(found, int) else {"type": request.query["type"], "media_id": found}
        try:
            body = json.loads(request.body or b"{}")
            if b"\\u" in request.body:
                return 40033
        except ValueError:
            return 47001
        act = PATHS.get(path)
        return act(self, body) if act else 40066

    def _token(self, query: dict[str, str]) -> int | Json:
        """Asked again it is the same one, until shortly before its end."""
        if query.get("corpid") != self.account.corp_id:
            return 40013
        if query.get("corpsecret") != self.account.secret:
            return 40001
        now = self.clock()
        found = next((token for token, until in self._tokens.items() if until > now + 60), None)
        if found is None:
            found = secrets.token_urlsafe(60)
            self._tokens[found] = now + TOKEN_LIFE
        return {"errcode": 0, "errmsg": "ok", "access_token": found, "expires_in": self._tokens[found] - now}

    def _sync(self, body: Json) -> int | Json:
        if body.get("open_kfid") != self.account.open_kfid:
            return 95000
        if refused := self._without_right(str(body.get("token", ""))):
            return refused
        cursor = str(body.get("cursor") or "")
        begin = int(cursor.removeprefix("c").removesuffix("e") or 0) if cursor else self._oldest()
        if self.empty_first and not cursor.endswith("e") and begin < len(self.listed):
            return {"errcode": 0, "next_cursor": f"c{begin}e", "has_more": 1, "msg_list": []}
        end = min(begin + min(self.page, int(body.get("limit") or 1000)), len(self.listed))
        more = int(end < len(self.listed))
        return {
            "errcode": 0,
            "errmsg": "ok",
            "next_cursor": f"c{end}",
            "has_more": more,
            "msg_list": self.listed[begin:end],
        }

    def _oldest(self) -> int:
        since = self.clock() - KEPT
        return next((n for n, item in enumerate(self.listed) if item["send_time"] >= since), len(self.listed))

    def _without_right(self, ticket: str) -> int:
        now = self.clock()
        if ticket:
            return 0 if self._tickets.get(ticket, 0) > now else 95007
        self._bare = [at for at in self._bare if now - at < 3600]
        self._bare.append(now)
        return 45009 if len(self._bare) > WITHOUT_TICKET else 0

    def _send(self, body: Json) -> int | Json:
        if body.get("open_kfid") != self.account.open_kfid:
            return 95000
        to = str(body.get("touser", ""))
        if to not in self.sessions:
            return 40096
        session = self.sessions[to]
        if code := session.may_send(self.clock()):
            return code
        taken = self._take(body, to)
        if not isinstance(taken, int):
            session.sent += 1
        return taken

    def _welcome(self, body: Json) -> int | Json:
        code = str(body.get("code", ""))
        to = self.codes.get(code, "")
        if self.sessions[to].codes.pop(code, 0.0) <= self.clock():
            return 95033
        return self._take(body, to, welcome=True)

    def _take(self, body: Json, to: str, *, welcome: bool = False) -> int | Json:
        id, kind = str(body.get("msgid") or secrets.token_hex(8)), str(body.get("msgtype"))
        inner = body.get(kind)
        if not ID.fullmatch(id) or not isinstance(inner, dict):
            return 40058
        if id in self._ids:
            return REPEATED
        text = str(inner.get("content", "")) if kind == "text" else json.dumps(inner, ensure_ascii=False)
        if kind in NAMES:
            text = self.shelf.in_words(kind, inner.get("media_id")) or ""
        if not text.strip():
            return 44004
        if kind == "text" and len(text.encode()) > LONGEST:
            return 45002
        self._ids.add(id)
        sent = Sent(self.clock(), to, id, kind, text, welcome)
        self.sent.append(sent)
        self.on_sent(sent)
        return {"errcode": 0, "errmsg": "ok", "msgid": id}

    def _state(self, body: Json) -> int | Json:
        to = str(body.get("external_userid", ""))
        if to not in self.sessions:
            return 40096
        session = self.sessions[to]
        return {
            "errcode": 0,
            "errmsg": "ok",
            "service_state": session.state,
            "servicer_userid": session.servicer,
        }

    def _trans(self, body: Json) -> int | Json:
        to, wanted = str(body.get("external_userid", "")), body.get("service_state")
        if to not in self.sessions:
            return 40096
        session, servicer = self.sessions[to], str(body.get("servicer_userid", ""))
        if wanted not in BY_API[session.state]:
            return 95013 if session.state == 4 else 95016
        if wanted == HUMAN and servicer not in self.account.servicers:
            return 95014
        session.state, session.servicer = int(wanted), servicer if wanted == HUMAN else ""
        return {"errcode": 0, "errmsg": "ok", "msg_code": f"M{secrets.token_hex(8)}"}


def _accounts(platform: Platform, body: Json) -> int | Json:
    ours = {"open_kfid": platform.account.open_kfid, "name": "客服", "manage_privilege": True}
    return {"errcode": 0, "account_list": [ours]}


def _calls_from(platform: Platform, body: Json) -> int | Json:
    return {"errcode": 0, "ip_list": ["101.226.103.*"]}


def _who(self: Platform, body: Json) -> int | Json:
    """Without a unionid where the account is bound to no Open Platform account."""
    asked = body.get("external_userid_list")
    if not isinstance(asked, list) or not 0 < len(asked) <= 100:
        return 40058
    known = [one for one in asked if one in self.sessions or one in self.names]
    listed = [
        {"external_userid": one, "nickname": self.names.get(one, one), "avatar": "", "gender": 0}
        | ({"unionid": self.unionids[one]} if one in self.unionids else {})
        for one in known
    ]
    gone = [one for one in asked if one not in known]
    return {"errcode": 0, "errmsg": "ok", "customer_list": listed, "invalid_external_userid": gone}


PATHS: dict[str, Callable[[Platform, Json], int | Json]] = {
    "getcallbackip": _calls_from,
    "kf/account/list": _accounts,
    "kf/sync_msg": Platform._sync,
    "kf/send_msg": Platform._send,
    "kf/send_msg_on_event": Platform._welcome,
    "kf/customer/batchget": _who,
    "kf/service_state/get": Platform._state,
    "kf/service_state/trans": Platform._trans,
}


def _message(code: int) -> str:
    """As long as an errmsg is; nobody may decide by it."""
    return f"refused, hint: [{abs(code)}7950], from ip: 203.0.113.7" if code == 60020 else f"errcode {code}"
