"""The server side: codes to scan, a poll that is held, sending with its limits, the CDN.

Answers come as application/octet-stream, ids are beyond 2^53, and a poll under another token ends the first.
"""

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from runtime.simulator.faults import Faults
from runtime.simulator.http import Request, Response

HOLD = 35.0
CODE_LIFE = 150.0
"""Seconds that a code lives."""
DAY = 24 * 3600.0
ALLOWED = 10
"""Messages within a day of one of the person's."""
BURST = (3, 1.0)
"""So many within so many seconds are taken."""
FIRST_ID = 7460012345678901234
PERSON, BOT = "o9cq80-abc@im.wechat", "b5f0-xyz@im.bot"


@dataclass
class Code:
    """One that was shown. `steps`: what is said of it, one an answer; then `wait` until something happens."""

    name: str
    until: float
    steps: list[str] = field(default_factory=list)
    digits: str = ""
    """That the phone shows, when it does."""
    tries: int = 0


@dataclass
class Sent:
    at: float
    to: str
    item: dict[str, Any]
    thread: str
    client_id: str
    shown: bool = True

    @property
    def text(self) -> str:
        return str(self.item.get("text_item", {}).get("text", ""))


@dataclass
class Platform:
    """One person and their bot. Everything that happened stands in plain lists."""

    clock: Callable[[], float]
    faults: Faults = field(default_factory=Faults)
    scans: list[list[str]] = field(default_factory=list)
    """What is said of each further code; one that is not scripted is scanned and confirmed at once, when
    `scans_itself`."""
    scans_itself: bool = True
    digits: str = "135790"
    redirect: str = ""
    token: str = ""
    """Of whoever may poll now."""
    codes: list[Code] = field(default_factory=list)
    known: list[list[str]] = field(default_factory=list)
    inbox: list[dict[str, Any]] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    typed: list[tuple[float, int]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    uploads: list[dict[str, Any]] = field(default_factory=list)
    hides: bool = False
    """Takes what is sent, gives it no id, and shows it to nobody."""
    written_at: float = -DAY
    since: int = 0
    """Sent since the person wrote."""
    _ids: Any = field(default_factory=lambda: itertools.count(FIRST_ID))
    _tokens: Any = field(default_factory=lambda: itertools.count(1))
    _held: list[tuple[Response, int]] = field(default_factory=list)

    def call(self, request: Request) -> Response:
        path = request.path
        self.asked.append(path.rpartition("/")[2])
        self.headers.append(request.headers)
        fault = self.faults.take(path)
        if fault == "hang":
            return Response(after=None)
        if isinstance(fault, str) and fault.startswith("http_"):
            return Response(b"busy", int(fault[5:]), kind="text/plain")
        if isinstance(fault, int) and fault:
            return octets({"ret": fault})
        response = self._answer(path, request)
        if fault == "lost":
            response.after = None
        return response

    def _answer(self, path: str, request: Request) -> Response:
        if path.startswith("/c2c/"):
            return self._cdn(path, request)
        body = json.loads(request.body or b"{}")
        match path:
            case "/ilink/bot/get_bot_qrcode":
                return self._new_code(body)
            case "/ilink/bot/get_qrcode_status":
                return self._status(request.query)
        if "base_info" not in body:
            return octets({"ret": -14, "errmsg": "no base_info"})
        if not self._is_token(request):
            return octets({"ret": -14, "errcode": -14, "errmsg": "session timeout"})
        return self._joined(path, body)

    def _joined(self, path: str, body: dict[str, Any]) -> Response:
        """What is asked with the right token."""
        match path:
            case "/ilink/bot/getupdates":
                return self._updates(str(body.get("get_updates_buf", "")))
            case "/ilink/bot/sendmessage":
                return octets(self._send(body["msg"]))
            case "/ilink/bot/getconfig":
                return octets({"ret": 0, "typing_ticket": f"ticket-{body['ilink_user_id']}"})
            case "/ilink/bot/sendtyping":
                if body.get("typing_ticket") != f"ticket-{body['ilink_user_id']}":
                    return octets({"ret": -1})
                self.typed.append((self.clock(), body["status"]))
            case "/ilink/bot/getuploadurl":
                return octets(self._upload_url(body))
        return octets({"ret": 0})

    # A scan

    def _new_code(self, body: dict[str, Any]) -> Response:
        self.known.append(list(body.get("local_token_list", [])))
        steps = self.scans.pop(0) if self.scans else (["scaned", "confirmed"] if self.scans_itself else [])
        code = Code(f"qr-{len(self.codes) + 1}", self.clock() + CODE_LIFE, list(steps))
        self.codes.append(code)
        content = f"https://liteapp.weixin.qq.com/q/{code.name}?bot_type=3"
        return octets({"ret": 0, "qrcode": code.name, "qrcode_img_content": content})

    def _status(self, query: dict[str, str]) -> Response:
        code = next((one for one in self.codes if one.name == query.get("qrcode")), None)
        if code is None or self.clock() >= code.until:
            return octets({"ret": 0, "status": "expired"})
        status = code.steps[0] if code.steps else "wait"
        if status == "need_verifycode":
            if query.get("verify_code") != self.digits:
                code.tries += "verify_code" in query
                return octets({"status": "verify_code_blocked" if code.tries >= 3 else status})
            code.steps.pop(0)
            return self._status(query)
        if status == "wait":
            return octets({"ret": 0, "status": "wait"}, after=min(HOLD, code.until - self.clock()))
        code.steps.pop(0)
        if status == "scaned_but_redirect":
            return octets({"ret": 0, "status": status, "redirect_host": self.redirect})
        return octets(self._confirmed() if status == "confirmed" else {"ret": 0, "status": status})

    def _confirmed(self) -> dict[str, Any]:
        self.token = f"bot-token-{next(self._tokens)}"
        self._end_polls()
        return {
            "ret": 0,
            "status": "confirmed",
            "bot_token": self.token,
            "ilink_bot_id": BOT,
            "baseurl": "https://ilinkai.weixin.qq.com",
            "ilink_user_id": PERSON,
        }

    def _is_token(self, request: Request) -> bool:
        return bool(self.token) and request.headers.get("authorization") == f"Bearer {self.token}"

    def lose(self) -> None:
        """It was scanned elsewhere."""
        self.token = "somebody-elses"
        self._end_polls()

    # In

    def write(self, *items: dict[str, Any], **more: Any) -> dict[str, Any]:
        """The person writes."""
        message = {
            "seq": len(self.inbox) + 1,
            "message_id": next(self._ids),
            "from_user_id": PERSON,
            "to_user_id": BOT,
            "create_time_ms": int(self.clock() * 1000),
            "message_type": 1,
            "message_state": 2,
            "context_token": f"ctx-{len(self.inbox) + 1}",
            "item_list": list(items),
            **more,
        }
        self.written_at, self.since = self.clock(), 0
        return self.deliver(message)

    def deliver(self, message: dict[str, Any]) -> dict[str, Any]:
        self.inbox.append(message)
        self._wake(self._page)
        return message

    def _updates(self, buf: str) -> Response:
        after = int(buf.removeprefix("buf-") or 0) if buf.startswith("buf-") else 0
        self._end_polls()
        response = octets({})
        response.body = self._page(after)
        if after >= len(self.inbox):
            response.after, self._held = HOLD, [(response, after)]
        return response

    def _page(self, after: int) -> bytes:
        msgs = self.inbox[after:]
        page = {
            "ret": 0,
            "msgs": msgs,
            "get_updates_buf": f"buf-{len(self.inbox)}",
            "longpolling_timeout_ms": int(HOLD * 1000),
        }
        return json.dumps(page, ensure_ascii=False).encode()

    def _end_polls(self) -> None:
        """One poll at a time: who comes later ends the first."""
        self._wake(lambda after: json.dumps({"ret": -14, "errcode": -14}).encode())

    def _wake(self, say: Callable[[int], bytes]) -> None:
        held, self._held = self._held, []
        for response, after in held:
            response.body = say(after)
            if response.send:
                response.send()

    # Out

    def _send(self, message: dict[str, Any]) -> dict[str, Any]:
        now, items = self.clock(), message.get("item_list", [])
        if message.get("to_user_id") != PERSON or len(items) != 1:
            return {"ret": -3}
        text = items[0].get("text_item", {}).get("text", "")
        if len(text) > 4000 or items[0].get("type") == 3:
            return {"ret": -3}
        if now - self.written_at > DAY or self.since >= ALLOWED:
            return {"ret": -2, "errmsg": "prepare failed"}
        if sum(now - one.at < BURST[1] for one in self.sent) >= BURST[0]:
            return {"ret": -2, "errmsg": "rate limited"}
        self.since += 1
        one = Sent(now, PERSON, items[0], message.get("context_token", ""), message.get("client_id", ""))
        one.shown = not self.hides
        self.sent.append(one)
        return {"ret": 0} if self.hides else {"ret": 0, "message_id": next(self._ids)}

    def _upload_url(self, body: dict[str, Any]) -> dict[str, Any]:
        if body["filesize"] != (body["rawsize"] + 16) // 16 * 16 or body["media_type"] not in (1, 2, 3):
            return {"ret": -3}
        self.uploads.append(body)
        return {"ret": 0, "upload_param": f"up-{body['filekey']}"}

    def _cdn(self, path: str, request: Request) -> Response:
        param = request.query.get("encrypted_query_param", "")
        if path == "/c2c/upload":
            name = param.replace("up-", "down-")
            self.files[name] = request.body
            return Response(b"", kind="text/plain", headers={"x-encrypted-param": name})
        found = self.files.get(param)
        return Response(found, kind="application/octet-stream") if found else Response(b"", 404)

    def text(self, words: str) -> dict[str, Any]:
        return {"type": 1, "text_item": {"text": words}}


def octets(data: dict[str, Any], after: float | None = 0.0) -> Response:
    body = json.dumps(data, ensure_ascii=False).encode()
    return Response(body, kind="application/octet-stream", after=after)
