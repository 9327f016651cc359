"""What a page of `getupdates` holds, as our messages. Tencent's openclaw-weixin 2.4.9, src/api/types."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from runtime.channels._border.lenient import text_in
from runtime.channels._text.printable import clean
from runtime.message import THREAD, Kind, Message
from runtime.newest import Newest

BOT = 2
"""`message_type` of what the bot itself said."""
ID = re.compile(r"[0-9]{1,20}")
SENDER = re.compile(r"[!-~]{1,128}")
MOST_ITEMS = 20
QUOTED = 300
"""Characters of a quote that go along."""
REMEMBERED = 500
"""Messages whose words are known when somebody quotes them by number alone."""
ALIKE = 12
"""From so many characters on nobody types the same again…"""
SOON = 10.0
"""…within so many seconds."""
FILES: Mapping[int, Kind] = {2: "image", 3: "voice", 4: "file", 5: "video"}


class _Item(NamedTuple):
    kind: Kind
    text: str
    place: dict[str, str]


class Reader:
    """Of one account. Remembers what was said, since newer clients quote by number."""

    def __init__(self) -> None:
        self._said = Newest[str, str](REMEMBERED)

    def messages(self, found: object) -> list[Message]:
        """What can be read of it; one that cannot does not stop the others, since it would come for ever."""
        if not isinstance(found, list):
            return []
        return [message for one in found if isinstance(one, dict) and (message := self._message(one))]

    def _message(self, one: Mapping[str, Any]) -> Message | None:
        id, sender = number(one.get("message_id")), one.get("from_user_id")
        if one.get("message_type") == BOT or not isinstance(sender, str) or not SENDER.fullmatch(sender):
            return None
        if not ID.fullmatch(id):
            return None
        thread = one.get("context_token")
        handle = {THREAD: thread} if isinstance(thread, str) and 0 < len(thread) <= 4096 else {}
        kind, text, data = self._content(one.get("item_list"), one.get("ref_msg"))
        if text:
            self._said[id] = text
        return Message(id, sender, text, kind, _seconds(one.get("create_time_ms")), data, handle=handle)

    def _content(self, items: object, ref: object) -> tuple[Kind, str, dict[str, Any]]:
        given = [one for one in items if isinstance(one, dict)] if isinstance(items, list) else []
        found = [item for one in given[:MOST_ITEMS] if (item := _item(one))]
        words = "\n".join(item.text for item in found if item.text)
        files = [{"kind": item.kind, **item.place} for item in found if item.place]
        refs = [ref, *(one.get("ref_msg") for one in given[:MOST_ITEMS])]
        quote = next((said for one in refs if (said := self._quote(one))), "")
        data: dict[str, Any] = {}
        if files:
            data["attached"] = files
        if quote:
            data["quote"] = quote
            words = f"「{quote}」\n{words}" if words else words
        if not found:
            types = [str(one.get("type"))[:20] for one in given[:1]]
            return "event", "", {"event": "unsupported", "type": (types or [""])[0]}
        kind: Kind = next((item.kind for item in found if item.kind != "text"), "text")
        return kind, words, data

    def _quote(self, ref: object) -> str:
        """In words: what the client sends of it, else what we know under its number."""
        if not isinstance(ref, dict):
            return ""
        inner = ref.get("message_item")
        item = _item(inner) if isinstance(inner, dict) else None
        said = [item.text if item else "", *(text_in(ref, name) for name in ("partial_text", "title"))]
        known = self._said.get(number(ref.get("svr_id")), "")
        return next((one for one in (*said, known) if one.strip()), "").strip()[:QUOTED]


def is_same(earlier: Message, later: Message) -> bool:
    """Re-sends under new ids occur. The same moment, to the millisecond, is the same message; what is long
    and comes again within seconds, too. Somebody may well say 「好」 twice."""
    if earlier.id == later.id or not later.text or earlier.kind == "event":
        return False
    if (earlier.kind, earlier.text) != (later.kind, later.text):
        return False
    apart = abs(later.at - earlier.at)
    return bool(later.at) and (apart == 0 or (len(later.text) >= ALIKE and apart <= SOON))


def number(value: object) -> str:
    """A uint64 as text, exactly as it came; "" for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return ""
    if isinstance(value, int):
        return str(value) if 0 <= value < 2**64 else ""
    return value if ID.fullmatch(value) else ""


def _item(one: Mapping[str, Any]) -> _Item | None:
    type = one.get("type")
    if type == 1:
        text = clean(text_in(one.get("text_item"), "text"))
        return _Item("text", text, {}) if text.strip() else None
    kind = FILES.get(type) if isinstance(type, int) and not isinstance(type, bool) else None
    inner = one.get(f"{kind}_item")
    if kind is None or not isinstance(inner, dict):
        return None
    words = clean(text_in(inner, "text")) if kind == "voice" else ""
    return _Item(kind, words.strip(), _place(inner))


def _place(inner: Mapping[str, Any]) -> dict[str, str]:
    """Where the file lies and what opens it; {} when that is not said."""
    media = inner.get("media")
    if not isinstance(media, dict):
        return {}
    place = {
        "url": text_in(media, "full_url"),
        "param": text_in(media, "encrypt_query_param"),
        "hex": text_in(inner, "aeskey"),
        "key": text_in(media, "aes_key"),
        "name": text_in(inner, "file_name")[:200],
    }
    place = {name: value for name, value in place.items() if value and len(value) <= 8192}
    return place if {"url", "param"} & place.keys() else {}


def _seconds(milliseconds: object) -> float:
    if isinstance(milliseconds, str) and ID.fullmatch(milliseconds):
        milliseconds = int(milliseconds)
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int | float):
        return 0.0
    # compared before it is a float: a whole number of 400 digits becomes none
    return milliseconds / 1000 if 0 < milliseconds < 10**14 else 0.0


def cursor(data: Mapping[str, Any]) -> str | None:
    found = data.get("get_updates_buf")
    return found if isinstance(found, str) and len(found) <= 1_000_000 else None
