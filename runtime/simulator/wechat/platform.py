"""api.weixin.qq.com, played: tokens, customer-service messages, typing, media, menus and clear_quota.

Errors come as errcodes in an HTTP 200, as they do there; see section 12 of its error list:
https://developers.weixin.qq.com/doc/oplatform/developers/errCode/errCode.html
"""

import json
import secrets
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from runtime.simulator.faults import DONE, Fault, Faults
from runtime.simulator.http import Request, Response
from runtime.simulator.wechat.accounts import Account
from runtime.simulator.wechat.errmsgs import MESSAGES
from runtime.simulator.wechat.inspector import Inspector
from runtime.simulator.wechat.looked_after import LookedAfter, Remembered
from runtime.simulator.wechat.material import Shelf
from runtime.simulator.wechat.people import described
from runtime.simulator.wechat.quotas import Standing, Trigger
from runtime.simulator.wechat.tokens import TokenOffice

DAY = 86_400
LONGEST = 2048
"""Bytes of a text; the documentation names no limit, and 45002 exists."""


@dataclass(frozen=True)
class Sent:
    """A customer-service message that WeChat took. `kind` is its msgtype."""

    at: float
    account: str
    to: str
    kind: str
    text: str


@dataclass(frozen=True)
class Called:
    at: float
    path: str
    account: str
    code: Fault


class Platform:
    """Several accounts on one host. `call` is the handler of an http.Server, and `sent` what arrived.

    `open_to_all`: whoever never acted here may be written to and is not counted, for load without people.
    """

    def __init__(
        self,
        accounts: Iterable[Account],
        clock: Callable[[], float] = time.time,
        *,
        open_to_all: bool = False,
    ) -> None:
        self.accounts = {account.app_id: account for account in accounts}
        self.clock = clock
        self.open_to_all = open_to_all
        self.faults = Faults()
        self.tokens = TokenOffice()
        self.shelf = Shelf()
        self.allowed_addresses: set[str] | None = None
        """None: every address may fetch a token."""
        self.sent: list[Sent] = []
        self.called: list[Called] = []
        self.counts: Counter[str] = Counter()
        """Errcodes and other faults of all calls, as text."""
        self.on_sent: Callable[[Sent], None] = lambda sent: None
        self.owner = LookedAfter(clock, self._used)
        self.inspector = Inspector(clock)
        self._people: dict[tuple[str, str], Standing] = {}
        self._sends: defaultdict[tuple[str, int], int] = defaultdict(int)

    def acted(self, app_id: str, openid: str, trigger: Trigger) -> None:
        """A person did something that lets the account write to them."""
        self._people.setdefault((app_id, openid), Standing()).acted(trigger, self.clock())

    def left(self, app_id: str, openid: str) -> None:
        """A person stopped following."""
        self._people.setdefault((app_id, openid), Standing()).follows = False

    def call(self, request: Request) -> Response:
        if (content := self.shelf.addresses.get(request.path)) is not None:
            return Response(content, kind="image/jpeg")
        path = request.path.removeprefix("/cgi-bin/")
        fault = self.faults.take(path)
        if fault == "hang":
            return self._note(path, "", fault, Response(after=None))
        if isinstance(fault, int) and fault:
            return self._refuse(path, "", fault, request.address)
        if isinstance(fault, str) and fault and fault not in DONE:
            return self._note(path, "", fault, self._broken(fault))
        account, answer = self._answer(path, request)
        code = answer if isinstance(answer, int) else 0
        if isinstance(fault, str) and fault:
            return self._note(path, account, fault, self._garbled(fault, answer))
        if isinstance(answer, bytes):
            file = Response(answer, kind="application/octet-stream", after=self.faults.latency)
            return self._note(path, account, 0, file)
        if code or not isinstance(answer, dict):
            return self._refuse(path, account, code, request.address)
        return self._note(path, account, 0, Response.json(answer, after=self.faults.latency))

    def _answer(self, path: str, request: Request) -> tuple[str, dict[str, Any] | bytes | int]:
        """The account that called, and the JSON, a file or an errcode."""
        try:
            is_form = path.startswith(("media/", "material/"))
            body = {"form": request.body, **request.query} if is_form else json.loads(request.body or b"{}")
        except ValueError:
            return "", 47001
        if not isinstance(body, dict):
            return "", 47001
        if path in ("token", "stable_token"):
            return self._token(path, request, body)
        app_id, code = self.tokens.check(request.query.get("access_token"), self.clock())
        account = self.accounts.get(app_id)
        if code or account is None:
            return app_id, code or 40001
        if b"\\u" in request.body and not is_form:
            return app_id, 40033
        work = {
            "message/custom/send": self._send,
            "message/custom/typing": self._type,
            "media/upload": self._upload,
            "media/get": self._get,
            "user/info": lambda account, _: described(account, self._people, request.query),
            "clear_quota": self._clear,
        }.get(path)
        if work is not None:
            return app_id, work(account, body)
        for asked in (self._other, self.inspector.answer, self.owner.answer):
            if (answer := asked(path, account, body)) is not None:
                return app_id, answer
        return app_id, 48001

    def _other(self, path: str, account: Account, body: dict[str, Any]) -> dict[str, Any] | int | None:
        """What only some kind of account has; None: it is another's path."""

    def _token(self, path: str, request: Request, body: dict[str, Any]) -> tuple[str, dict[str, Any] | int]:
        given = request.query if path == "token" else body
        account = self.accounts.get(str(given.get("appid", "")))
        if account is None:
            return "", 40013
        if given.get("secret") != account.app_secret:
            return account.app_id, 40125
        if self.allowed_addresses is not None and request.address not in self.allowed_addresses:
            return account.app_id, 40164
        now = self.clock()
        if path == "token":
            token = self.tokens.plain(account.app_id, now, account.rights.tokens)
        else:
            token = self.tokens.stable(account.app_id, now, bool(given.get("force_refresh")))
        if isinstance(token, int):
            return account.app_id, token
        return account.app_id, {"access_token": token[0], "expires_in": int(token[1])}

    def _send(self, account: Account, body: dict[str, Any]) -> dict[str, Any] | int:
        if not account.rights.pushes:
            return 48001
        kind, to = str(body.get("msgtype", "")), str(body.get("touser", ""))
        content = body.get(kind)
        if not isinstance(content, dict):
            return 40008
        if kind in ("image", "voice", "video", "news") and (
            code := self.shelf.sendable(account.app_id, kind, content, self.clock())
        ):
            return code
        text = content.get("content", "") if kind == "text" else json.dumps(content, ensure_ascii=False)
        if not str(text).strip():
            return 44004
        if len(str(text).encode()) > LONGEST:
            return 45002
        if code := self._standing(account, to, Standing.send):
            return code
        day = (account.app_id, int(self.clock() // DAY))
        self._sends[day] += 1
        if self._sends[day] > account.rights.sends:
            return 45009
        sent = Sent(self.clock(), account.app_id, to, kind, str(text))
        self.sent.append(sent)
        self.on_sent(sent)
        return _fine()

    def _type(self, account: Account, body: dict[str, Any]) -> dict[str, Any] | int:
        if not account.rights.pushes:
            return 48001
        if body.get("command") == "CancelTyping":
            return _fine()
        if body.get("command") != "Typing":
            return 45072
        return self._standing(account, str(body.get("touser", "")), Standing.type) or _fine()

    def _standing(self, account: Account, to: str, ask: Callable[[Standing, float], int]) -> int:
        person = self._people.get((account.app_id, to))
        if person is None and self.open_to_all:
            person = Standing(bounded=False)
        return ask(person, self.clock()) if person else 40003

    def _upload(self, account: Account, body: dict[str, Any]) -> dict[str, Any] | int:
        if not account.rights.media:
            return 48001
        kind = str(body.get("type", ""))
        if self.shelf.uploads[account.app_id, int(self.clock() // DAY)] >= account.rights.uploads:
            return 45009
        id = self.shelf.upload(account.app_id, kind, body["form"], self.clock())
        if isinstance(id, int):
            return id
        name = "thumb_media_id" if kind == "thumb" else "media_id"
        return {"type": kind, name: id, "created_at": int(self.clock())}

    def _get(self, account: Account, body: dict[str, Any]) -> dict[str, Any] | bytes | int:
        if not account.rights.media:
            return 48001
        found = self.shelf.find(account.app_id, body.get("media_id"), self.clock())
        return 40007 if found is None else found.content

    def _clear(self, account: Account, body: dict[str, Any]) -> dict[str, Any] | int:
        self._sends[account.app_id, int(self.clock() // DAY)] = 0
        return _fine()

    def _used(self, account: Account, path: str) -> tuple[int, int]:
        if path == "/cgi-bin/message/custom/send":
            return account.rights.sends, self._sends[account.app_id, int(self.clock() // DAY)]
        return 1000, 0

    def _refuse(self, path: str, account: str, code: int, address: str) -> Response:
        message, rid = MESSAGES.get(code, "error").format(address=address), secrets.token_hex(8)
        rid = f"{rid[:8]}-{rid[8:]}"
        body = {"errcode": code, "errmsg": f"{message} rid: {rid}"}
        self.owner.calls[rid] = Remembered(
            self.clock(), account, f"/cgi-bin/{path}", address, json.dumps(body)
        )
        return self._note(path, account, code, Response.json(body, after=self.faults.latency))

    def _broken(self, fault: str) -> Response:
        if fault == "html":
            body = b"<html><body>Bad Gateway</body></html>"
            return Response(body, kind="text/html", after=self.faults.latency)
        status = int(fault.removeprefix("http_")) if fault.startswith("http_") else 200
        return Response(b"", status, after=self.faults.latency)

    def _garbled(self, fault: str, answer: dict[str, Any] | bytes | int) -> Response:
        """It was done; the answer says so in a way that is hard to read, or not at all."""
        said = answer if isinstance(answer, dict) else {"errcode": answer if isinstance(answer, int) else 0}
        if fault == "text":
            said = {name: str(value) for name, value in said.items()}
        response = Response.json(said, after=self.faults.latency)
        match fault:
            case "lost":
                response.after = None
            case "cut":
                response.cut = True
            case "gzip":
                response.encoding = "gzip"
            case "deep":
                response.body = b"[" * 60_000
        return response

    def _note(self, path: str, account: str, code: Fault, response: Response) -> Response:
        self.called.append(Called(self.clock(), path, account, code))
        self.counts[str(code)] += 1
        return response


def _fine() -> dict[str, Any]:
    return {"errcode": 0, "errmsg": "ok"}
