"""Feishu's side of one bot: who is where, what it may do, and what its members see."""

import itertools
import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from runtime.simulator.faults import Faults
from runtime.simulator.feishu.cards import Card, Kit, card_of
from runtime.simulator.http import Request, Response

SCOPES = frozenset({"im:message", "im:resource", "cardkit:card:write"})
TOKEN_LIFE = 7200
A_SECOND = 5
HOUR = 3600.0
EDITS = 20
NAMES = {"image": "[图片]", "audio": "[语音]", "media": "[视频]", "file": "[文件]"}
LARGEST = {"text": 150 * 1024, "post": 30 * 1024}
IN_FORM = re.compile(rb'name="(image|file)"; filename="([^"\r\n]{1,200})"')
FIELD = re.compile(rb'name="(\w+)"\r\n(?:[^\r\n]+\r\n)*\r\n([^\r\n]*)\r\n')


@dataclass
class Said:
    """`to`: a chat. `asked`: the message that it answers."""

    id: str
    at: float
    to: str
    text: str
    card: Card | None = None
    asked: str = ""
    edits: int = 0

    @property
    def buttons(self) -> Mapping[str, Any]:
        """What each stands for, by its words."""
        return self.card.buttons if self.card else {}

    @property
    def shown(self) -> str:
        return self.card.text if self.card else self.text


class Platform:
    """`faults`: by path, with the ids in it as `*`; a code refuses, `lost` does it and does not answer."""

    def __init__(self, app_id: str, secret: str, clock: Callable[[], float]) -> None:
        self.app_id, self.secret, self.clock = app_id, secret, clock
        self.faults, self.kit = Faults(), Kit(clock)
        self.scopes = set(SCOPES)
        self.members: dict[str, str] = {}
        """Their chats alone with the bot, by open id."""
        self.groups, self.written = set[str](), dict[str, str]()
        """…and to which chat each message was written."""
        self.said: dict[str, Said] = {}
        self.refused: list[tuple[str, int]] = []
        self.calls: list[tuple[str, str]] = []
        self.files: dict[str, bytes] = {}
        """By the key with which a message brings them."""
        self.uploads: dict[str, str] = {}
        self.tickets: set[str] = set()
        self.link = "wss://msg-frontier.feishu.cn/ws/v2"
        self._uuids: dict[str, tuple[float, str]] = {}
        self._tokens: dict[str, float] = {}
        self._sent: dict[str, list[float]] = {}
        self._ids = itertools.count(1)

    def next_id(self, kind: str = "om") -> str:
        return f"{kind}_{next(self._ids):032x}"

    def void_tokens(self) -> None:
        self._tokens.clear()

    def call(self, request: Request) -> Response:
        self.calls.append((request.method, request.path))
        place = re.sub(r"(messages|cards|resources|elements)/(?!id_convert)[^/]+", r"\1/*", request.path)
        fault = self.faults.take(place)
        if fault == "hang":
            return Response(after=None)
        if isinstance(fault, int) and fault:
            return self._no(place, fault)
        answer = self._answered(request, place)
        answer.after = None if fault == "lost" else answer.after
        return answer

    def _answered(self, request: Request, place: str) -> Response:
        if request.path in ("/open-apis/im/v1/images", "/open-apis/im/v1/files"):
            return self._upload(request) if self._is_token(request) else self._no(place, 99991663)
        try:
            told = request.json()
        except ValueError:
            return self._no(place, 9499)
        if request.path == "/open-apis/auth/v3/tenant_access_token/internal":
            return self._token(told)
        if request.path == "/callback/ws/endpoint":
            return self._endpoint(told)
        if not self._is_token(request):
            return self._no(place, 99991663)
        return self._api(request, place, told)

    def _api(self, request: Request, place: str, told: dict[str, Any]) -> Response:
        parts = request.path.split("/")
        cards = "/open-apis/cardkit/v1/cards"
        asked: dict[tuple[str, str], tuple[str, Callable[[], Response]]] = {
            ("GET", "/open-apis/bot/v3/info"): ("im:message", lambda: Response.json(BOT)),
            ("POST", "/open-apis/im/v1/messages"): ("im:message", lambda: self._create(request, told)),
            ("POST", "/open-apis/im/v1/messages/*/reply"): (
                "im:message",
                lambda: self._reply(parts[5], told),
            ),
            ("PATCH", "/open-apis/im/v1/messages/*"): ("im:message", lambda: self._edit(parts[5], told)),
            ("GET", "/open-apis/im/v1/messages/*/resources/*"): ("im:resource", lambda: self._file(parts[7])),
            ("POST", f"{cards}/id_convert"): ("cardkit:card:write", lambda: self._convert(told)),
            ("PUT", f"{cards}/*/elements/*/content"): (
                "cardkit:card:write",
                lambda: self._kit(place, self.kit.write(parts[5], parts[7], told)),
            ),
            ("PATCH", f"{cards}/*/settings"): (
                "cardkit:card:write",
                lambda: self._kit(place, self.kit.settings(parts[5], told)),
            ),
        }
        found = asked.get((request.method, place))
        if found is None:
            return Response(b"404 page not found", 404, kind="text/plain")
        return found[1]() if found[0] in self.scopes else self._no(place, 99991672)

    def _is_token(self, request: Request) -> bool:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        return self._tokens.get(token, 0.0) > self.clock()

    def _token(self, told: dict[str, Any]) -> Response:
        if (told.get("app_id"), told.get("app_secret")) != (self.app_id, self.secret):
            return self._no("token", 10014, 200)
        token = f"t-{secrets.token_hex(16)}"
        self._tokens[token] = self.clock() + TOKEN_LIFE
        return Response.json({"code": 0, "msg": "ok", "tenant_access_token": token, "expire": TOKEN_LIFE})

    def _endpoint(self, told: dict[str, Any]) -> Response:
        if (told.get("AppID"), told.get("AppSecret")) != (self.app_id, self.secret):
            return self._no("endpoint", 10014, 200)
        ticket = secrets.token_hex(16)
        self.tickets.add(ticket)
        url = f"{self.link}?fpid=493&device_id=7&access_key=k&service_id=33554678&ticket={ticket}"
        config = {"ReconnectCount": -1, "ReconnectInterval": 120, "ReconnectNonce": 30, "PingInterval": 120}
        return Response.json({"code": 0, "msg": "", "data": {"URL": url, "ClientConfig": config}})

    def _create(self, request: Request, told: dict[str, Any]) -> Response:
        kind, to = request.query.get("receive_id_type"), str(told.get("receive_id"))
        chat = self.members.get(to, "") if kind == "open_id" else to if to in self._chats() else ""
        if not chat:
            return self._no("create", 230013 if kind == "open_id" else 230002)
        return self._say(chat, told)

    def _reply(self, asked: str, told: dict[str, Any]) -> Response:
        chat = self.written.get(asked)
        return self._say(chat, told, asked) if chat else self._no("reply", 230002)

    def _say(self, chat: str, told: dict[str, Any], asked: str = "") -> Response:
        uuid, before = str(told.get("uuid", "")), self._uuids.get(f"{chat} {told.get('uuid')}")
        if len(uuid) > 50:
            return self._no("create", 230001)
        if uuid and before and self.clock() - before[0] < HOUR:
            return self._ok({"message_id": before[1]})
        if not self._counts(chat):
            return self._no("create", 230020)
        said = Said(self.next_id(), self.clock(), chat, "", asked=asked)
        if code := self._content(said, str(told.get("msg_type")), str(told.get("content"))):
            return self._no("create", code)
        self.said[said.id] = said
        self._uuids[f"{chat} {uuid}"] = self.clock(), said.id
        return self._ok({"message_id": said.id, "chat_id": chat})

    def _content(self, said: Said, kind: str, content: str) -> int:
        """Shows it; a code where it does not."""
        try:
            told = json.loads(content)
            if kind == "interactive":
                said.card = card_of(content, self.clock())
                return 0 if said.card else 230099
            if len(content.encode()) > LARGEST.get(kind, 10_000):
                return 230025
            if kind == "text":
                said.text = told["text"]
            elif kind == "post":
                lines = told["zh_cn"]["content"]
                said.text = "\n".join("".join(one["text"] for one in line) for line in lines)
            else:
                key = told["image_key" if kind == "image" else "file_key"]
                if self.uploads[key] != kind:
                    return 230055
                said.text = NAMES[kind]
        except (KeyError, TypeError, ValueError):
            return 230001
        return 0 if said.text else 230001

    def _edit(self, id: str, told: dict[str, Any]) -> Response:
        said = self.said.get(id)
        if said is None or said.card is None:
            return self._no("edit", 230001)
        card, said.edits = card_of(str(told.get("content")), self.clock()), said.edits + 1
        if card is None:
            return self._no("edit", 230099)
        if said.edits > EDITS:
            return self._no("edit", 230072)
        said.card.told = card.told
        said.card.show(self.clock())
        return self._ok({})

    def _convert(self, told: dict[str, Any]) -> Response:
        said = self.said.get(str(told.get("message_id")))
        if said is None or said.card is None:
            return self._no("convert", 200740)
        return self._ok({"card_id": self.kit.convert(said.card)})

    def _kit(self, place: str, code: int) -> Response:
        return self._no(place, code) if code else self._ok({})

    def _file(self, key: str) -> Response:
        content = self.files.get(key)
        if content is None:
            return self._no("resource", 234003)
        return Response(content, kind="application/octet-stream")

    def _upload(self, request: Request) -> Response:
        if "im:resource" not in self.scopes:
            return self._no("upload", 99991672)
        found, fields = IN_FORM.search(request.body), dict(FIELD.findall(request.body))
        if found is None:
            return self._no("upload", 234001)
        if found[1] == b"image":
            if fields.get(b"image_type") != b"message":
                return self._no("upload", 234001)
            return self._kept("image", "img_v3")
        kind = {b"opus": "audio", b"mp4": "media"}.get(fields.get(b"file_type", b""), "file")
        if not fields.get(b"file_name"):
            return self._no("upload", 234001)
        return self._kept(kind, "file_v3")

    def _kept(self, kind: str, prefix: str) -> Response:
        key = self.next_id(prefix)
        self.uploads[key] = kind
        return self._ok({"image_key" if kind == "image" else "file_key": key})

    def _chats(self) -> set[str]:
        return self.groups | set(self.members.values())

    def _counts(self, chat: str) -> bool:
        times = self._sent.setdefault(chat, [])
        times[:] = [at for at in times if at > self.clock() - 1]
        times.append(self.clock())
        return len(times) <= A_SECOND

    def _ok(self, data: dict[str, Any]) -> Response:
        return Response.json({"code": 0, "msg": "success", "data": data})

    def _no(self, what: str, code: int, status: int = 400) -> Response:
        self.refused.append((what, code))
        return Response.json({"code": code, "msg": f"refused {code}"}, status)


BOT = {"code": 0, "msg": "ok", "bot": {"activate_status": 2, "app_name": "鸿雁", "open_id": "ou_bot"}}
