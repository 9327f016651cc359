"""Message fields on the wire: XML or JSON, in the clear, sealed, or both."""

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

from runtime.simulator import Knock
from runtime.simulator.wechat.accounts import Account
from runtime.simulator.wechat.crypto import CannotOpen, Seal, sign

Value = str | int | Mapping[str, str]


class Push(Knock):
    """One signed request of WeChat's to a callback."""

    @property
    def query_string(self) -> str:
        return urlencode(self.query)


@dataclass(frozen=True)
class Reply:
    """What WeChat makes of a response: `silent`, `text`, a kind of media or `news` with its content as JSON,
    `transfer`, `other`, or `fault` with the reason in `text`."""

    kind: str
    text: str = ""


class Wire:
    """Writes pushes as the account's console is set up, and reads the replies."""

    def __init__(self, account: Account, nonces: random.Random | None = None) -> None:
        self._account = account
        self._seal = Seal(account.encoding_aes_key, account.sealed_to or account.app_id)
        self._nonces = nonces or random.SystemRandom()

    def push(self, fields: Mapping[str, Value], now: float) -> Push:
        """A new timestamp, nonce and signature each time, as WeChat's repeats have them."""
        account, clear = self._account, self._write(fields)
        stamp, nonce = str(int(now)), str(self._nonces.randrange(10**8, 10**10))
        query = {"signature": sign(account.token, stamp, nonce), "timestamp": stamp, "nonce": nonce}
        query["openid"] = str(fields["FromUserName"])
        if account.mode == "plain":
            return Push(query, clear.encode())
        sealed = self._seal.close(clear)
        query |= {"encrypt_type": "aes", "msg_signature": sign(account.token, stamp, nonce, sealed)}
        shown = fields if account.mode == "compatible" else {"ToUserName": account.original_id}
        return Push(query, self._write({**shown, "Encrypt": sealed}).encode())

    def handshake(self, echo: str, now: float) -> Push:
        """The console's check of a callback address; the answer must be `echo` and nothing else."""
        stamp, nonce = str(int(now)), str(self._nonces.randrange(10**8, 10**10))
        signature = sign(self._account.token, stamp, nonce)
        query = {"signature": signature, "timestamp": stamp, "nonce": nonce, "echostr": echo}
        return Push(query, b"", "GET")

    def read(self, to: str, status: int, body: str) -> Reply:
        """Judge a response in time, as strictly as WeChat. `to`: who wrote."""
        if status != 200:
            return Reply("fault", f"http {status}")
        if body in ("", "success"):
            return Reply("silent")
        try:
            return self._judged(to, self._opened(self.parse(body)))
        except (CannotOpen, ElementTree.ParseError, ValueError) as e:
            return Reply("fault", f"unreadable: {e}")

    def _opened(self, fields: dict[str, str]) -> dict[str, str]:
        if self._account.mode == "plain":
            return fields
        sealed = fields.get("Encrypt")
        if sealed is None:
            raise CannotOpen("not encrypted")
        signed = (self._account.token, fields.get("TimeStamp", ""), fields.get("Nonce", ""), sealed)
        if sign(*signed) != fields.get("MsgSignature"):
            raise CannotOpen("signature")
        return self.parse(self._seal.open(sealed))

    def _judged(self, to: str, fields: dict[str, str]) -> Reply:
        if (fields.get("ToUserName"), fields.get("FromUserName")) != (to, self._account.original_id):
            return Reply("fault", "names swapped or wrong")
        if not fields.get("CreateTime", "").isdigit():
            return Reply("fault", "CreateTime")
        kind, text = fields.get("MsgType", ""), fields.get("Content", "")
        if kind == "transfer_customer_service":
            return Reply("transfer", "")
        if kind in ("image", "voice", "video", "news"):
            return Reply(kind, json.dumps(_content(kind, fields), ensure_ascii=False))
        if kind != "text":
            return Reply("other" if kind else "fault", kind or "MsgType")
        if not text.strip():
            return Reply("fault", "empty Content")
        if len(text.encode()) > 2048:
            return Reply("fault", "too long")
        return Reply("text", text)

    def _write(self, fields: Mapping[str, Value]) -> str:
        if self._account.wire == "json":
            return json.dumps(fields, ensure_ascii=False)
        return f"<xml>{''.join(_element(name, value) for name, value in fields.items())}</xml>"

    def parse(self, text: str) -> dict[str, str]:
        """Raises ValueError for JSON where the console says XML, and the other way round."""
        if self._account.wire == "json":
            return dict(_flat(json.loads(text)))
        found = {child.tag: child.text or "" for child in ElementTree.fromstring(text)}
        below = ((child.tag, inner) for child in ElementTree.fromstring(text) for inner in child.iter())
        return found | {f"{top}/{inner.tag}": inner.text or "" for top, inner in below if inner.tag != top}


def _flat(data: Mapping[str, Any], under: str = "") -> Iterator[tuple[str, str]]:
    for name, value in data.items():
        if isinstance(value, dict):
            yield from _flat(value, under or f"{name}/")
        else:
            yield f"{under}{name}", str(value)


def _content(kind: str, fields: Mapping[str, str]) -> dict[str, Any]:
    """What a passive reply shows, as a customer-service message would say it."""
    if kind == "news":
        names = ("Title", "Description", "PicUrl", "Url")
        article = {name.lower(): fields.get(f"Articles/{name}", "") for name in names}
        return {"articles": [article] * int(fields.get("ArticleCount", "0"))}
    top = kind.capitalize()
    return {"media_id": fields.get(f"{top}/MediaId"), "title": fields.get(f"{top}/Title", "")}


def _element(name: str, value: Value) -> str:
    if isinstance(value, int):
        return f"<{name}>{value}</{name}>"
    if isinstance(value, str):
        safe = value.replace("]]>", "]]]]><![CDATA[>")
        return f"<{name}><![CDATA[{safe}]]></{name}>"
    return f"<{name}>{''.join(_element(*inner) for inner in value.items())}</{name}>"
