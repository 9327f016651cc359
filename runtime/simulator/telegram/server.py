"""The server's side: updates that are looked for or brought, sending with its limits, files.

https://core.telegram.org/bots/api
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
from runtime.simulator.telegram.sent import NAMES, SENDS, Sent, body, yes
from runtime.simulator.telegram.wire import CannotParse, parsed

TOKEN = "7000000001:AAHplayedPlayedPlayedPlayedPlayedPla"
BOT = {"id": 7000000001, "is_bot": True, "first_name": "Shop", "username": "tea_shop_bot"}
PATH = re.compile(r"/(file/)?bot([^/]+)/(.+)")
BURST, SPAN = 3, 1.0
"""So many a second in one chat are taken: short bursts are."""
IN_GROUP, MINUTE = 20, 60.0
"""So many a minute, sent or edited."""


@dataclass
class Platform:
    """One bot. Everything that happened stands in plain lists."""

    clock: Callable[[], float]
    faults: Faults = field(default_factory=Faults)
    chats: set[int] = field(default_factory=set)
    """Who ever wrote to the bot, and its groups."""
    blocked: set[int] = field(default_factory=set)
    waiting: dict[int, dict[str, Any]] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    drafts: list[tuple[float, int, int, str]] = field(default_factory=list)
    """When, in which chat, which one, its text."""
    edits: list[tuple[float, int, str]] = field(default_factory=list)
    """When, which message, what it says since."""
    typed: list[tuple[float, int]] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    """Taps that were answered."""
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    webhook: str = ""
    secret: str = ""
    deletions: int = 0
    """How often it was told to call nowhere."""
    _ids: Any = field(default_factory=lambda: itertools.count(870_000_001))
    _messages: Any = field(default_factory=lambda: itertools.count(1))
    _held: Response | None = None

    def call(self, request: Request) -> Response:
        found = PATH.fullmatch(request.path)
        if not found or found[2] != TOKEN:
            return self._no(404 if found else 401, "Not Found" if found else "Unauthorized")
        self.asked.append(found[3])
        fault = self.faults.take(found[3])
        if fault == "hang":
            return Response(after=None)
        if isinstance(fault, str) and fault.startswith("http_"):
            return Response(b"busy", int(fault[5:]), kind="text/plain")
        if isinstance(fault, int) and fault:
            return self._no(fault, "Too Many Requests: retry after 2" if fault == 429 else "played", 2)
        response = self._file(found[3]) if found[1] else self._method(found[3], request)
        if fault == "lost":
            response.after = None
        return response

    def _method(self, name: str, request: Request) -> Response:
        if name in SENDS:
            return self._send_file(name, form(request.body))
        methods: Mapping[str, Callable[[Mapping[str, Any]], Response]] = {
            "getMe": lambda given: yes(BOT),
            "getUpdates": self._updates,
            "setWebhook": self._set,
            "deleteWebhook": self._delete,
            "sendMessage": self._send,
            "sendMessageDraft": self._draft,
            "sendChatAction": lambda given: self._in_chat(given) or self._type(given),
            "editMessageText": self._edit,
            "deleteMessage": self._remove,
            "answerCallbackQuery": self._answer,
            "getFile": self._get_file,
        }
        if name not in methods:
            return self._no(404, "Not Found: method not found")
        return methods[name](json.loads(request.body or b"{}"))

    def _no(self, code: int, why: str, wait: int = 0) -> Response:
        self.refused.append(why)
        more = {"parameters": {"retry_after": wait}} if wait else {}
        return Response.json({"ok": False, "error_code": code, "description": why, **more}, code)

    # In

    def put(self, update: Mapping[str, Any]) -> dict[str, Any]:
        """It waits until it is looked for."""
        whole = self.numbered(update)
        self.waiting[whole["update_id"]] = whole
        if self._held and not self.webhook:
            held, self._held = self._held, None
            held.body = body(list(self.waiting.values()))
            if held.send:
                held.send()
        return whole

    def numbered(self, update: Mapping[str, Any]) -> dict[str, Any]:
        return {"update_id": next(self._ids), **update}

    def said(self, chat: int, person: int, content: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        """A message of a person's; `chat` below 0: of a group."""
        self.chats.add(chat)
        who = {"id": person, "is_bot": False, "first_name": "Ann", "language_code": "zh-hans"}
        place = {"id": chat, "type": "private", "first_name": "Ann"}
        if chat < 0:
            place = {"id": chat, "type": "supergroup", "title": "茶友"}
        told = {"message_id": next(self._messages), "from": who, "chat": place, "date": int(self.clock())}
        return {"message": {**told, **content, **more}}

    def _updates(self, given: Mapping[str, Any]) -> Response:
        if self.webhook:
            return self._no(409, "Conflict: can't use getUpdates method while webhook is active")
        if self._held and self._held.send:
            held, self._held = self._held, None
            no = self._no(409, "Conflict: terminated by other getUpdates request")
            held.body, held.status = no.body, no.status
            if held.send:
                held.send()
        offset = int(given.get("offset", 0))
        for id in [id for id in self.waiting if id < offset]:
            del self.waiting[id]
        found = list(self.waiting.values())[: int(given.get("limit", 100))]
        if found or not given.get("timeout"):
            return yes(found)
        self._held = yes([])
        self._held.after = float(given["timeout"])
        return self._held

    def _set(self, given: Mapping[str, Any]) -> Response:
        secret = str(given.get("secret_token", ""))
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            return self._no(400, "Bad Request: secret token contains unallowed characters")
        if not str(given.get("url", "")).startswith("https://"):
            return self._no(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook, self.secret = str(given["url"]), secret
        return yes(True)

    def _delete(self, given: Mapping[str, Any]) -> Response:
        self.webhook, self.deletions = "", self.deletions + 1
        return yes(True)

    def _answer(self, given: Mapping[str, Any]) -> Response:
        self.answered.append(str(given.get("callback_query_id")))
        return yes(True)

    def _get_file(self, given: Mapping[str, Any]) -> Response:
        id = str(given.get("file_id"))
        if id not in self.files:
            return self._no(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        if len(self.files[id]) > 20_000_000:
            return self._no(400, "Bad Request: file is too big")
        return yes({"file_id": id, "file_size": len(self.files[id]), "file_path": f"documents/{id}.bin"})

    def _file(self, path: str) -> Response:
        found = self.files.get(path.removeprefix("documents/").removesuffix(".bin"))
        if found is None:
            return self._no(404, "Not Found")
        return Response(found, kind="application/octet-stream")

    # Out

    def _in_chat(self, given: Mapping[str, Any]) -> Response | None:
        """None where the bot may write."""
        chat = given.get("chat_id")
        if isinstance(chat, str) and chat.lstrip("-").isdigit():
            chat = int(chat)
        if chat not in self.chats:
            return self._no(400, "Bad Request: chat not found")
        if chat in self.blocked:
            return self._no(403, "Forbidden: bot was blocked by the user")
        return None

    def _send(self, given: Mapping[str, Any]) -> Response:
        if no := self._in_chat(given) or self._too_fast(int(given["chat_id"])):
            return no
        text = str(given.get("text", ""))
        try:
            words = parsed(text).text if given.get("parse_mode") == "HTML" else text
        except CannotParse as e:
            return self._no(400, f"Bad Request: {e}")
        if not words.strip():
            return self._no(400, "Bad Request: message text is empty")
        if len(words.encode("utf-16-le")) // 2 > 4096:
            return self._no(400, "Bad Request: message is too long")
        rows = given.get("reply_markup", {}).get("inline_keyboard", [])
        buttons = [(one["text"], one["callback_data"]) for row in rows for one in row]
        if any(not 1 <= len(data.encode()) <= 64 for _, data in buttons):
            return self._no(400, "Bad Request: BUTTON_DATA_INVALID")
        return self._took(given, text, words, buttons)

    def _send_file(self, name: str, given: Mapping[str, tuple[str, bytes]]) -> Response:
        key, most = SENDS[name]
        chat = given.get("chat_id", ("", b""))[1].decode()
        if no := self._in_chat({"chat_id": chat}) or self._too_fast(int(chat)):
            return no
        if key not in given or not given[key][1]:
            return self._no(400, f"Bad Request: there is no {key} in the request")
        called, content = given[key]
        if len(content) > most * 1_000_000:
            return self._no(413, "Request Entity Too Large")
        words = f"{NAMES[key]} {called}" if key == "document" else NAMES[key]
        return self._took({"chat_id": int(chat)}, words, words, [], content)

    def _took(
        self,
        given: Mapping[str, Any],
        text: str,
        words: str,
        buttons: list[tuple[str, str]],
        file: bytes = b"",
    ) -> Response:
        reply = int(given.get("reply_parameters", {}).get("message_id", 0))
        one = Sent(
            next(self._messages), int(given["chat_id"]), self.clock(), text, words, buttons, file, reply
        )
        self.sent.append(one)
        return yes({"message_id": one.id, "chat": {"id": one.chat}, "date": int(one.at), "text": words})

    def _too_many(self, chat: int) -> Response | None:
        """In a group, with what was edited."""
        since = self.clock() - MINUTE
        ids = {one.id for one in self.sent if one.chat == chat}
        lately = sum(at > since for at, id, _ in self.edits if id in ids)
        lately += sum(one.chat == chat and one.at > since for one in self.sent)
        is_full = chat < 0 and lately >= IN_GROUP
        return self._no(429, "Too Many Requests: retry after 5", 5) if is_full else None

    def _too_fast(self, chat: int) -> Response | None:
        if no := self._too_many(chat):
            return no
        now = self.clock()
        lately = sum(one.chat == chat and now - one.at < SPAN for one in self.sent)
        return self._no(429, "Too Many Requests: retry after 1", 1) if lately >= BURST else None

    def _draft(self, given: Mapping[str, Any]) -> Response:
        if no := self._in_chat(given):
            return no
        if int(given["chat_id"]) < 0 or not given.get("draft_id"):
            return self._no(400, "Bad Request: drafts are for private chats")
        try:
            words = parsed(str(given.get("text", ""))).text
        except CannotParse as e:
            return self._no(400, f"Bad Request: {e}")
        self.drafts.append((self.clock(), int(given["chat_id"]), int(given["draft_id"]), words))
        return yes(True)

    def _type(self, given: Mapping[str, Any]) -> Response:
        self.typed.append((self.clock(), int(given["chat_id"])))
        return yes(True)

    def _edit(self, given: Mapping[str, Any]) -> Response:
        found = [
            one for one in self.sent if (one.chat, one.id) == (given.get("chat_id"), given.get("message_id"))
        ]
        if not found:
            return self._no(400, "Bad Request: message to edit not found")
        if no := self._too_many(found[0].chat):
            return no
        text = str(given["text"])
        try:
            words = parsed(text).text if given.get("parse_mode") == "HTML" else text
        except CannotParse as e:
            return self._no(400, f"Bad Request: {e}")
        if (words, []) == (found[0].words, found[0].buttons):
            return self._no(
                400, "Bad Request: message is not modified: specified new message content is the same"
            )
        found[0].text, found[0].words, found[0].buttons = text, words, []
        self.edits.append((self.clock(), found[0].id, words))
        return yes({"message_id": found[0].id, "chat": {"id": found[0].chat}})

    def _remove(self, given: Mapping[str, Any]) -> Response:
        left = [
            one for one in self.sent if (one.chat, one.id) != (given.get("chat_id"), given.get("message_id"))
        ]
        if len(left) == len(self.sent):
            return self._no(400, "Bad Request: message to delete not found")
        self.sent[:] = left
        return yes(True)
