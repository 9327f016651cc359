"""How WeCom signs and seals a call, written from its documentation and not from our channels.

https://developer.work.weixin.qq.com/document/path/90930
"""

import base64
import hashlib
import os

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from runtime.simulator import Knock

BLOCK = 32
"""Bytes that PKCS7 pads to here; AES itself has 16."""


class Wire:
    """One enterprise's address, as its console has it."""

    def __init__(self, token: str, encoding_aes_key: str, corp_id: str) -> None:
        self._token, self._corp_id = token, corp_id
        key = base64.b64decode(encoding_aes_key + "=")
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))

    def signal(self, ticket: str, open_kfid: str, now: float) -> Knock:
        """Something waits; what, is not said."""
        fields = {
            "ToUserName": self._corp_id,
            "CreateTime": str(int(now)),
            "MsgType": "event",
            "Event": "kf_msg_or_event",
            "Token": ticket,
            "OpenKfId": open_kfid,
        }
        sealed = self._close(_xml(fields))
        body = _xml({"ToUserName": self._corp_id, "Encrypt": sealed, "AgentID": ""})
        return Knock(self._query(sealed, now), body.encode())

    def handshake(self, echo: str, now: float) -> Knock:
        """The console checks the address: the challenge is to come back in the clear."""
        sealed = self._close(echo)
        return Knock({**self._query(sealed, now), "echostr": sealed}, method="GET")

    def _query(self, sealed: str, now: float) -> dict[str, str]:
        stamp, nonce = str(int(now)), os.urandom(5).hex()
        signed = "".join(sorted((self._token, stamp, nonce, sealed)))
        return {
            "msg_signature": hashlib.sha1(signed.encode()).hexdigest(),
            "timestamp": stamp,
            "nonce": nonce,
        }

    def _close(self, text: str) -> str:
        message = text.encode()
        data = os.urandom(16) + len(message).to_bytes(4, "big") + message + self._corp_id.encode()
        pad = BLOCK - len(data) % BLOCK
        encryptor = self._cipher.encryptor()
        return base64.b64encode(encryptor.update(data + bytes([pad]) * pad) + encryptor.finalize()).decode()


def _xml(fields: dict[str, str]) -> str:
    return (
        "<xml>"
        + "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in fields.items())
        + "</xml>"
    )
