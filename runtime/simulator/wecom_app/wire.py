"""Sealed XML between WeCom and an app, written from the documentation and not from our channels.

https://developer.work.weixin.qq.com/document/path/90968
"""

import base64
import hashlib
import os
import random
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from runtime.simulator import Knock

BLOCK = 32
LONGEST = 2048
"""Bytes of a text; what is longer is cut, silently."""


@dataclass(frozen=True)
class App:
    """One app of an enterprise, as its console shows it."""

    corp_id: str = "ww5a1b2c3d4e5f6071"
    agent_id: str = "1000002"
    secret: str = "h7KxV8sQmZ1rT6yWc0LhNpB5dGfUeAoI9vXtRiKqMwE"
    token: str = "Qx7mR2kLp9"
    encoding_aes_key: str = "k3JxV8sQmZ1rT6yWc0LhNpB5dGfUeAoI9vXtRiKqMwE"

    @property
    def settings(self) -> dict[str, str]:
        """What its owner enters to publish on it."""
        return {
            "corp_id": self.corp_id,
            "agent_id": self.agent_id,
            "secret": self.secret,
            "token": self.token,
            "encoding_aes_key": self.encoding_aes_key,
        }


@dataclass(frozen=True)
class Reply:
    """What WeCom makes of a response: `silent`, `text`, `other`, or `fault` with the reason in `text`."""

    kind: str
    text: str = ""


class Wire:
    def __init__(self, app: App) -> None:
        self._app = app
        key = base64.b64decode(app.encoding_aes_key + "=")
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))
        self._nonces = random.Random(1)

    def push(self, fields: Mapping[str, str | int], now: float) -> Knock:
        app, sealed = self._app, self._close(_xml({**fields, "AgentID": int(self._app.agent_id)}))
        outer = _xml({"ToUserName": app.corp_id, "AgentID": app.agent_id, "Encrypt": sealed})
        return Knock(self._signed(sealed, now), outer.encode())

    def check(self, echo: str, now: float) -> Knock:
        """The console's check of the address, whose answer must be `echo` and nothing else."""
        sealed = self._close(echo)
        return Knock({**self._signed(sealed, now), "echostr": sealed}, b"", "GET")

    def read(self, to: str, status: int, body: str) -> Reply:
        """Judge a response that came in time. `to`: who wrote."""
        if status != 200:
            return Reply("fault", f"http {status}")
        if body == "":
            return Reply("silent")
        try:
            outer = {child.tag: child.text or "" for child in ElementTree.fromstring(body)}
            sealed = outer["Encrypt"]
            if outer["MsgSignature"] != _sign(self._app.token, outer["TimeStamp"], outer["Nonce"], sealed):
                return Reply("fault", "signature")
            fields = {child.tag: child.text or "" for child in ElementTree.fromstring(self._open(sealed))}
        except (ElementTree.ParseError, ValueError, KeyError) as e:
            return Reply("fault", f"unreadable: {e}")
        if (fields.get("ToUserName"), fields.get("FromUserName")) != (to, self._app.corp_id):
            return Reply("fault", "names swapped or wrong")
        if fields.get("MsgType") != "text":
            return Reply("other", fields.get("MsgType", ""))
        return Reply("text", cut(fields.get("Content", "")))

    def _signed(self, sealed: str, now: float) -> dict[str, str]:
        stamp, nonce = str(int(now)), str(self._nonces.randrange(10**8, 10**10))
        return {
            "msg_signature": _sign(self._app.token, stamp, nonce, sealed),
            "timestamp": stamp,
            "nonce": nonce,
        }

    def _close(self, text: str) -> str:
        message = text.encode()
        data = os.urandom(16) + len(message).to_bytes(4, "big") + message + self._app.corp_id.encode()
        pad = BLOCK - len(data) % BLOCK
        encryptor = self._cipher.encryptor()
        return base64.b64encode(encryptor.update(data + bytes([pad]) * pad) + encryptor.finalize()).decode()

    def _open(self, sealed: str) -> str:
        """Raises ValueError."""
        decryptor = self._cipher.decryptor()
        data = decryptor.update(base64.b64decode(sealed, validate=True)) + decryptor.finalize()
        data = data[: -data[-1]]
        end = 20 + int.from_bytes(data[16:20], "big")
        if data[end:] != self._app.corp_id.encode():
            raise ValueError("another CorpID")
        return data[20:end].decode()


def cut(text: str) -> str:
    return text.encode()[:LONGEST].decode(errors="ignore")


def _sign(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def _xml(fields: Mapping[str, str | int]) -> str:
    return f"<xml>{''.join(_element(name, value) for name, value in fields.items())}</xml>"


def _element(name: str, value: str | int) -> str:
    if isinstance(value, int):
        return f"<{name}>{value}</{name}>"
    safe = value.replace("]]>", "]]]]><![CDATA[>")
    return f"<{name}><![CDATA[{safe}]]></{name}>"
