"""DingTalk's side of one robot: who wrote, what it may do, and what its members see."""

import itertools
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from runtime.simulator._multipart import in_form
from runtime.simulator.dingtalk.cards import Cards
from runtime.simulator.faults import Faults
from runtime.simulator.http import Request, Response

SCOPES = frozenset({"qyapi_robot_sendmsg", "Card.Instance.Write", "Card.Streaming.Write"})
NO_SUCH = {"code": "param.error", "requestid": "A1B2", "message": "processQueryKey"}
TOKEN_LIFE = 7200
A_MINUTE = 20
MOST = 20_000
"""Bytes of a message."""
MEDIA = {"image": "[图片]", "voice": "[语音]", "video": "[视频]", "file": "[文件]"}
DENIED = "Forbidden.AccessDenied.AccessTokenPermissionDenied"
CARDS = "/v1.0/card/instances"
CARD, STREAM, ROBOT = "Card.Instance.Write", "Card.Streaming.Write", "qyapi_robot_sendmsg"


@dataclass(frozen=True)
class Said:
    """`way`: session or push. `buttons`: what each says when it is tapped, by its words."""

    at: float
    chat: str
    text: str
    way: str
    buttons: dict[str, str] = field(default_factory=dict)
    asked: tuple[str, ...] = ()
    """Who was named."""


class Platform:
    """`faults`: by path, see faults.py; a code in words refuses, `lost` does it and does not answer."""

    def __init__(self, client_id: str, secret: str, clock: Callable[[], float]) -> None:
        self.client_id, self.secret, self.clock = client_id, secret, clock
        self.faults, self.cards = Faults(), Cards(clock)
        self.scopes = set(SCOPES)
        self.session_life = 5400.0
        """Seconds that an address to answer at is good."""
        self.members, self.groups = set[str](), set[str]()
        self.said: list[Said] = []
        self.refused: list[tuple[str, str]] = []
        self.calls: list[tuple[str, str]] = []
        self.tickets: set[str] = set()
        self.files: dict[str, bytes] = {}
        """By the code with which a message brings them."""
        self.uploads: dict[str, tuple[str, str]] = {}
        """Kind and name, by media id."""
        self.endpoint = "wss://wss-open-connection.dingtalk.com:443/connect"
        self._sessions: dict[str, tuple[str, float]] = {}
        self._tokens: dict[str, float] = {}
        self._sent: dict[str, list[float]] = {}
        self._ids = itertools.count(1)

    def next_id(self) -> str:
        return f"msg{next(self._ids)}=="

    def session(self, chat: str) -> tuple[str, int]:
        """A new address to answer at, and its end in milliseconds."""
        name, until = secrets.token_hex(16), self.clock() + self.session_life
        self._sessions[name] = chat, until
        return name, int(until * 1000)

    def void_tokens(self) -> None:
        self._tokens.clear()

    def call(self, request: Request) -> Response:
        self.calls.append((request.method, request.path))
        fault = self.faults.take(request.path)
        if fault == "hang":
            return Response(after=None)
        if isinstance(fault, str) and fault not in ("lost",):
            return self._no(request.path, 403, fault)
        answer = self._answered(request)
        answer.after = None if fault == "lost" else answer.after
        return answer

    def _answered(self, request: Request) -> Response:
        path = request.path
        if path.startswith("/down/"):
            content = self.files.get(path.removeprefix("/down/"))
            return Response(content, kind="application/octet-stream") if content else Response(status=404)
        if path == "/media/upload":
            return self._upload(request)
        try:
            told = request.json()
        except ValueError:
            return self._no(path, 400, "param.error")
        if path == "/v1.0/oauth2/accessToken":
            return self._token(told)
        if path == "/v1.0/gateway/connections/open":
            return self._open(told)
        if path == "/robot/sendBySession":
            return self._by_session(request, told)
        token = request.headers.get("x-acs-dingtalk-access-token", "")
        if self._tokens.get(token, 0.0) <= self.clock():
            return self._no(path, 401, "InvalidAuthentication")
        return self._api(request, told)

    def _api(self, request: Request, told: dict[str, Any]) -> Response:
        """What needs a token, and most of it a permission."""
        cards, path = self.cards, request.path
        if path == "/v1.0/robot/messageFiles/download":
            return self._download(told)
        asked: dict[tuple[str, str], tuple[str, Callable[[], Response]]] = {
            ("POST", "/v1.0/robot/oToMessages/batchSend"): (ROBOT, lambda: self._alone(told)),
            ("POST", "/v1.0/robot/groupMessages/send"): (ROBOT, lambda: self._group(told)),
            ("GET", "/v1.0/robot/oToMessages/readStatus"): (
                ROBOT,
                lambda: Response.json(NO_SUCH, 400),
            ),
            ("POST", CARDS): (CARD, lambda: self._card(cards.create(told))),
            ("POST", f"{CARDS}/deliver"): (CARD, lambda: self._card(self._deliver(told))),
            ("POST", f"{CARDS}/createAndDeliver"): (
                CARD,
                lambda: self._card(cards.create(told) or self._deliver(told)),
            ),
            ("PUT", CARDS): (CARD, lambda: self._card(cards.update(told))),
            ("PUT", "/v1.0/card/streaming"): (STREAM, lambda: self._card(cards.stream(told))),
        }
        found = asked.get((request.method, path))
        return (
            self._scoped(found[0], path, found[1]) if found else self._no(path, 404, "InvalidAction.NotFound")
        )

    def _download(self, told: dict[str, Any]) -> Response:
        if told.get("robotCode") != self.client_id or told.get("downloadCode") not in self.files:
            return self._no("download", 400, "download.code.invalid")
        return Response.json({"downloadUrl": f"http://down.dingtalk.com/down/{told['downloadCode']}"})

    def _scoped(self, scope: str, path: str, do: Callable[[], Response]) -> Response:
        if scope in self.scopes:
            return do()
        self.refused.append((path, DENIED))
        told = {"code": DENIED, "message": "…", "accessdenieddetail": {"requiredScopes": [scope]}}
        return Response.json(told, 403)

    def _deliver(self, told: dict[str, Any]) -> str:
        return self.cards.deliver(told, self.members, self.groups)

    def _card(self, code: str) -> Response:
        return self._no("card", 400, code) if code else Response.json({"success": True, "result": True})

    def _token(self, told: dict[str, Any]) -> Response:
        if (told.get("appKey"), told.get("appSecret")) != (self.client_id, self.secret):
            return self._no("accessToken", 400, "invalidClientIdOrSecret")
        token = secrets.token_hex(16)
        self._tokens[token] = self.clock() + TOKEN_LIFE
        return Response.json({"accessToken": token, "expireIn": TOKEN_LIFE})

    def _open(self, told: dict[str, Any]) -> Response:
        if (told.get("clientId"), told.get("clientSecret")) != (self.client_id, self.secret):
            return self._no("open", 401, "authFailed")
        ticket = secrets.token_hex(16)
        self.tickets.add(ticket)
        return Response.json({"endpoint": self.endpoint, "ticket": ticket})

    def _upload(self, request: Request) -> Response:
        if self._tokens.get(request.query.get("access_token", ""), 0.0) <= self.clock():
            return Response.json({"errcode": 40014, "errmsg": "不合法的access_token"})
        found = in_form(request.body)
        kind = next((one for one in MEDIA if f"\r\n\r\n{one}\r\n".encode() in request.body), "")
        if found is None or not kind:
            return Response.json({"errcode": 40004, "errmsg": "不合法的媒体文件"})
        id = f"@lAD{next(self._ids)}"
        self.uploads[id] = kind, found[0]
        return Response.json({"errcode": 0, "errmsg": "ok", "media_id": id, "type": kind})

    def _by_session(self, request: Request, told: dict[str, Any]) -> Response:
        chat, until = self._sessions.get(request.query.get("session", ""), ("", 0.0))
        if self.clock() >= until:
            return self._old(300001, "session 不存在")
        if len(request.body) > MOST:
            return self._old(460101, "message too long, exceed 20000 bytes")
        if not self._counts(chat):
            return self._old(130101, "send too fast, exceed 20 times per minute")
        kind = str(told.get("msgtype"))
        inner = told.get(kind)
        shown = _session_shown(kind, inner) if isinstance(inner, dict) else None
        if shown is None:
            return self._old(400105, "unsupported msgtype")
        at = told.get("at", {}).get("atUserIds", [])
        self.said.append(Said(self.clock(), chat, shown[0], "session", shown[1], tuple(at)))
        return Response.json({"errcode": 0, "errmsg": "ok"})

    def _alone(self, told: dict[str, Any]) -> Response:
        ids = told.get("userIds")
        if told.get("robotCode") != self.client_id or not isinstance(ids, list) or not 0 < len(ids) <= 20:
            return self._no("batchSend", 400, "invalidParameter")
        invalid = [one for one in ids if one not in self.members]
        slow = [one for one in ids if one in self.members and not self._counts(one)]
        code = next((self._message(one, told) for one in ids if one not in (*invalid, *slow)), "")
        if code:
            return self._no("batchSend", 400, code)
        key = {"processQueryKey": f"pqk{next(self._ids)}"}
        return Response.json({**key, "invalidStaffIdList": invalid, "flowControlledStaffIdList": slow})

    def _group(self, told: dict[str, Any]) -> Response:
        chat = str(told.get("openConversationId"))
        if told.get("robotCode") != self.client_id or chat not in self.groups:
            return self._no("group", 400, "robot.conversation.notExist")
        if not self._counts(chat):
            return self._no("group", 400, "send.too.fast")
        if code := self._message(chat, told):
            return self._no("group", 400, code)
        return Response.json({"processQueryKey": f"pqk{next(self._ids)}"})

    def _message(self, chat: str, told: dict[str, Any]) -> str:
        """Shows it; a code where it does not."""
        try:
            given = json.loads(told["msgParam"])
            shown = self._shown(told["msgKey"], given)
        except (KeyError, TypeError, ValueError):
            return "invalidParameter.msgParam"
        self.said.append(Said(self.clock(), chat, shown[0], "push", shown[1]))
        return ""

    def _shown(self, key: str, given: dict[str, str]) -> tuple[str, dict[str, str]]:
        match key:
            case "sampleText":
                return given["content"], {}
            case "sampleMarkdown":
                return given["title"] and given["text"], {}
            case "sampleLink":
                return f"{given['title']}\n{given['text']}\n{given['messageUrl']}", {}
            case "sampleImageMsg":
                return self._media("image", given["photoURL"]), {}
            case "sampleAudio":
                return self._media("voice", given["mediaId"]), {}
            case "sampleFile":
                return f"{self._media('file', given['mediaId'])} {given['fileName']}", {}
            case "sampleActionCard":
                return given["text"], {given["singleTitle"]: given["singleURL"]}
        count = int(key.removeprefix("sampleActionCard"))
        buttons = {given[f"actionTitle{n}"]: given[f"actionURL{n}"] for n in range(1, count + 1)}
        return given["text"], buttons

    def _media(self, kind: str, id: str) -> str:
        if self.uploads[id][0] != kind:
            raise KeyError(id)
        return MEDIA[kind]

    def _counts(self, chat: str) -> bool:
        times = self._sent.setdefault(chat, [])
        times[:] = [at for at in times if at > self.clock() - 60]
        times.append(self.clock())
        return len(times) <= A_MINUTE

    def _old(self, code: int, words: str) -> Response:
        self.refused.append(("session", str(code)))
        return Response.json({"errcode": code, "errmsg": words})

    def _no(self, what: str, status: int, code: str) -> Response:
        self.refused.append((what, code))
        return Response.json({"code": code, "requestid": "A1B2", "message": code}, status)


def _session_shown(kind: str, inner: dict[str, Any]) -> tuple[str, dict[str, str]] | None:
    if kind == "text" and inner.get("content"):
        return str(inner["content"]), {}
    if kind == "markdown" and inner.get("title") and inner.get("text"):
        return str(inner["text"]), {}
    if kind == "actionCard" and inner.get("title") and inner.get("text") and inner.get("btns"):
        return str(inner["text"]), {one["title"]: one["actionURL"] for one in inner["btns"]}
    return None
