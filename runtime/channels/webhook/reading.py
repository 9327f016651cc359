"""What a call of a platform that nobody here knows brings: by its owner's places, else by usual names."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl

from runtime import wellformed
from runtime.channels import WebRequest
from runtime.channels.webhook.paths import Path, condition
from runtime.channels.webhook.settings import WebhookSettings
from runtime.errors import Refused, Wrong
from runtime.lang import Text
from runtime.message import Message
from runtime.newest import Newest
from runtime.schema import Problem
from runtime.standard_message import StandardMessage
from runtime.standard_reading import name_of, read, where

MOST = 50
"""Messages of one call."""
MOST_FIELDS = 200
"""Of a form."""
SAME = 10.0
"""Seconds within which the very same call without an id or a signed time is taken for a repeat."""
REMEMBERED = 1000
MALFORMED = Text("请求里找不到消息：{why}", "No message was found in the request: {why}")
NO_LIST = Text("「列表」那里不是列表", "where the list should be there is none")
NO_BODY = Text("正文既不是 JSON 也不是表单", "its body is neither JSON nor a form")


@dataclass
class Found:
    """`problems`: why what should be a message is none."""

    messages: list[StandardMessage] = field(default_factory=list)
    problems: list[Text] = field(default_factory=list)
    ignored: int = 0
    """Those that the owner does not want."""


class Reader:
    def __init__(self, settings: WebhookSettings) -> None:
        places = {
            "sender": settings.sender_at,
            "content": settings.content_at,
            "id": settings.id_at,
            "msg_type": settings.kind_at,
            "files": settings.file_at,
        }
        self._places = {name: Path.parse(written) for name, written in places.items() if written}
        self._list = Path.parse(settings.list_at) if settings.list_at else None
        self._only = condition(settings.only) if settings.only else None
        self._challenge = Path.parse(settings.challenge) if settings.challenge else None
        self._came = Newest[str, float](REMEMBERED)

    def challenge(self, request: WebRequest, body: object) -> str:
        """What is to be given back; "" for none."""
        found = self._challenge.of(body, request) if self._challenge else None
        return found if isinstance(found, str) and 0 < len(found) <= 200 and found.isprintable() else ""

    def messages(self, request: WebRequest, body: object, proof: str, now: float) -> list[Message]:
        """`proof`: what tells this call from others. Raises Refused (`malformed`)."""
        found = self.found(request, body)
        if found.problems and not found.messages:
            raise Refused(MALFORMED.fill(why=found.problems[0]), code="malformed")
        once = proof or self._once(request, now)
        return [
            replace(message.to_message(now), id=message.id or f"{once}.{number}")
            for number, message in enumerate(found.messages)
        ]

    def found(self, request: WebRequest, body: object) -> Found:
        """All of it, with what is wrong. Never raises."""
        found = Found()
        items = self._list.of(body, request) if self._list else [body]
        if not isinstance(items, Sequence) or isinstance(items, str):
            return Found(problems=[NO_LIST])
        for item in items[:MOST]:
            if self._only and not _holds(self._only, item, body, request):
                found.ignored += 1
                continue
            try:
                found.messages.append(read(self._named(item, body, request)))
            except Wrong as e:
                found.problems.append(Problem(e.field, e.text).clause(where(e)))
        return found

    def _named(self, item: object, body: object, request: WebRequest) -> object:
        """By our names, where the owner said where they stand."""
        if not self._places or not isinstance(item, Mapping):
            return item
        named = {name: value for name, value in item.items() if name_of(name) not in self._places}
        for name, place in self._places.items():
            value = place.of(item, request)
            value = place.of(body, request) if value is None else value
            if name == "files":
                value = list(_files(value))
            if value is not None:
                named[name] = value
        return named

    def _once(self, request: WebRequest, now: float) -> str:
        """A platform that calls again after a while without an answer, and says no id."""
        said = hashlib.sha256(request.body).hexdigest()[:32]
        first = self._came.get(said)
        if first is None or now - first > SAME:
            self._came[said] = first = now
        return f"{said[:24]}{int(first * 1000):x}"


def _holds(only: tuple[Path, str], item: object, body: object, request: WebRequest) -> bool:
    place, wanted = only
    value = place.of(item, request)
    value = place.of(body, request) if value is None else value
    said = str(value).lower() if isinstance(value, bool) else str(value)
    return value is not None and said == wanted


def _files(value: Any) -> Iterator[Mapping[str, Any]]:
    """Addresses, or objects that have one."""
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str) and one:
            is_picture = one.lower().partition("?")[0].endswith(PICTURES)
            yield {"kind": "image" if is_picture else "file", "url": one}
        elif isinstance(one, Mapping):
            yield one


PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")


def body_of(request: WebRequest) -> object:
    """Of JSON or of a form; None for none. Raises Refused (`malformed`)."""
    if not request.body:
        return None
    if "form-urlencoded" in request.headers.get("content-type", ""):
        try:
            pairs = parse_qsl(request.body.decode("utf-8", "replace"), max_num_fields=MOST_FIELDS)
        except ValueError:
            raise Refused(MALFORMED.fill(why=NO_BODY), code="malformed") from None
        return {wellformed.text(name): wellformed.text(value) for name, value in pairs}
    try:
        return wellformed.load(request.body, largest=1024 * 1024, deepest=20)
    except ValueError:
        raise Refused(MALFORMED.fill(why=NO_BODY), code="malformed") from None
