"""Meta's side: who may be sent what and when, media, and what it tells of messages later.

https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages
"""

import itertools
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from runtime.simulator._multipart import form
from runtime.simulator.faults import Faults
from runtime.simulator.http import Request, Response

PHONE_ID, NUMBER = "106540352242922", "15550783881"
TOKEN = "EAAGplayedPlayedPlayedPlayed0123456789"
DAY = 24 * 3600.0
PATH = re.compile(r"/v[0-9]+\.[0-9]/([0-9]+)(?:/(messages|media))?")
BURST, SPAN = 12, 6.0
"""So many to one person within so many seconds are taken."""
NAMES = {"image": "[图片]", "audio": "[语音]", "video": "[视频]", "document": "[文件]"}


@dataclass
class Sent:
    at: float
    to: str
    kind: str
    text: str
    buttons: list[tuple[str, str]] = field(default_factory=list)
    given: str = ""
    """What we sent along, see biz_opaque_callback_data."""
    id: str = ""


@dataclass
class Platform:
    """One number. Everything that happened stands in plain lists."""

    clock: Callable[[], float]
    faults: Faults = field(default_factory=Faults)
    wrote: dict[str, float] = field(default_factory=dict)
    """When each person wrote last."""
    sent: list[Sent] = field(default_factory=list)
    failed: list[tuple[Sent, int]] = field(default_factory=list)
    """Taken, and then not brought to the person; to be told of."""
    typed: list[tuple[float, str]] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)
    """By message of a person's, who wrote it."""
    media: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    refused: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    _ids: Any = field(default_factory=lambda: itertools.count(1))

    def next_id(self) -> str:
        return f"wamid.HBgLMTY1MDU1NTEyMzQ{next(self._ids):06d}"

    def call(self, request: Request) -> Response:
        name = request.path.rpartition("/")[2] or "file"
        self.asked.append(name)
        fault = self.faults.take(name)
        if fault == "hang":
            return Response(after=None)
        if isinstance(fault, str) and fault.startswith("http_"):
            return Response(b"busy", int(fault[5:]), kind="text/plain")
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return self._no(190, "Error validating access token", 401)
        if isinstance(fault, int) and fault:
            return self._no(fault, "played")
        response = self._answer(request)
        if fault == "lost":
            response.after = None
        return response

    def _answer(self, request: Request) -> Response:
        if request.path == "/whatsapp_business/attachments/":
            return self._file(request.query.get("mid", ""))
        found = PATH.fullmatch(request.path)
        if found is None:
            return self._no(100, "Unsupported request")
        if found[2] is None:
            return self._about(found[1])
        if found[1] != PHONE_ID:
            return self._no(100, "Object does not exist")
        if found[2] == "media":
            return self._upload(form(request.body))
        return self._message(json.loads(request.body or b"{}"))

    def _no(self, code: int, why: str, status: int = 400) -> Response:
        self.refused.append(code)
        error = {
            "message": f"(#{code}) {why}",
            "type": "OAuthException",
            "code": code,
            "fbtrace_id": "Az8or2yhqkZ",
        }
        return Response.json({"error": error}, status)

    def _about(self, id: str) -> Response:
        if id == PHONE_ID:
            return Response.json({"id": PHONE_ID})
        if id not in self.media:
            return self._no(100, "Object does not exist")
        url = f"https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid={id}&ext=1&hash=x"
        return Response.json(
            {"url": url, "mime_type": self.media[id][0], "id": id, "messaging_product": "whatsapp"}
        )

    def _file(self, id: str) -> Response:
        if id not in self.media:
            return Response(b"", 404)
        kind, content = self.media[id]
        return Response(content, kind=kind)

    def _upload(self, given: Mapping[str, tuple[str, bytes]]) -> Response:
        if given.get("messaging_product", ("", b""))[1] != b"whatsapp" or "file" not in given:
            return self._no(100, "Invalid parameter")
        id = str(1_000_000 + next(self._ids))
        self.media[id] = given.get("type", ("", b""))[1].decode(), given["file"][1]
        return Response.json({"id": id})

    def _message(self, told: Mapping[str, Any]) -> Response:
        if told.get("messaging_product") != "whatsapp":
            return self._no(100, "The parameter messaging_product is required")
        if told.get("status") == "read":
            return self._read(told)
        to = str(told.get("recipient") or told.get("to") or "")
        if not to or (told.get("recipient") and told.get("to")):
            return self._no(131008, "Required parameter is missing")
        now = self.clock()
        if sum(one.to == to and now - one.at < SPAN for one in self.sent) >= BURST:
            return self._no(131056, "(Business Account, Consumer Account) pair rate limit hit")
        kind = str(told.get("type"))
        shown = self._shown(kind, told.get(kind))
        if shown is None:
            return self._no(131009, "Parameter value is not valid")
        one = Sent(
            now, to, kind, *shown, given=str(told.get("biz_opaque_callback_data", "")), id=self.next_id()
        )
        if kind != "template" and now - self.wrote.get(to, -DAY) >= DAY:
            self.failed.append((one, 131047))
        else:
            self.sent.append(one)
        contact = {"input": to, "wa_id": to} if told.get("to") else {"input": to, "user_id": to}
        return Response.json(
            {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": one.id}]}
        )

    def _read(self, told: Mapping[str, Any]) -> Response:
        id = str(told.get("message_id"))
        if id not in self.known:
            return self._no(131009, "Parameter value is not valid")
        if told.get("typing_indicator"):
            self.typed.append((self.clock(), self.known[id]))
        return Response.json({"success": True})

    def _shown(self, kind: str, told: Any) -> tuple[str, list[tuple[str, str]]] | None:
        """What the person sees; None for what is refused."""
        if not isinstance(told, dict):
            return None
        if kind == "text":
            body = str(told.get("body", ""))
            return (body, []) if 0 < len(body) <= 4096 else None
        if kind == "template":
            texts = [one["text"] for part in told["components"] for one in part["parameters"]]
            bad = any(
                "\n" in one or "\t" in one or "    " in one or not 0 < len(one) <= 1024 for one in texts
            )
            return None if bad or not told.get("name") else (f"[{told['name']}] {' '.join(texts)}", [])
        if kind == "interactive":
            return _choices(told)
        if kind in NAMES and told.get("id") in self.media:
            return (f"{NAMES[kind]} {told['filename']}" if kind == "document" else NAMES[kind]), []
        return None


def _choices(told: Mapping[str, Any]) -> tuple[str, list[tuple[str, str]]] | None:
    body, action = str(told.get("body", {}).get("text", "")), told.get("action", {})
    if told.get("type") == "button":
        buttons = [(one["reply"]["title"], one["reply"]["id"]) for one in action.get("buttons", [])]
        is_good = 0 < len(buttons) <= 3 and all(
            0 < len(title) <= 20 and 0 < len(id) <= 256 for title, id in buttons
        )
    else:
        buttons = [(row["title"], row["id"]) for one in action.get("sections", []) for row in one["rows"]]
        is_good = 0 < len(buttons) <= 10 and all(
            0 < len(title) <= 24 and 0 < len(id) <= 200 for title, id in buttons
        )
        is_good = is_good and 0 < len(str(action.get("button", ""))) <= 20
    is_good = is_good and len({id for _, id in buttons}) == len(buttons) and 0 < len(body) <= 1024
    return (body, buttons) if is_good else None
