"""An address to which sealed calls come: checked and opened on the way in, sealed on the way out."""

import re
import secrets
from collections.abc import Mapping

from runtime.channels import AddressCheck, Verified, WebRequest
from runtime.channels._border.refusals import refused
from runtime.channels._tencent import xml_body
from runtime.channels._tencent.crypto import Envelope, check_signature, signature
from runtime.channels._tencent.refusals import TIME
from runtime.errors import Compared

MAX_BODY = 1024 * 1024
"""Bytes of one call."""
MAX_SKEW = 300
"""Seconds between a call and our clock. Repeats come within 15 s and with fresh timestamps."""
TIMESTAMP = re.compile(r"[0-9]{10}")
NONCE = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Sealed:
    """One address's Token and key. `receive_id`: whose it is, see Envelope."""

    def __init__(self, token: str, encoding_aes_key: str, receive_id: str) -> None:
        self._token, self._key = token, encoding_aes_key
        self._envelope = Envelope(encoding_aes_key, receive_id)

    def open(self, query: Mapping[str, str], sealed: str, now: float) -> bytes:
        """What came, in the clear. Raises Refused: signature, stale, decrypt, receive_id."""
        self._check(query, sealed)
        check_age(query["timestamp"], now)
        return self._envelope.open(sealed)

    def posted(self, request: WebRequest, now: float) -> dict[str, str]:
        """The fields of a call that brings sealed XML. Raises Refused."""
        if request.method != "POST":
            raise refused("method")
        if len(request.body) > MAX_BODY:
            raise refused("too_large")
        outer = xml_body.parse(request.body)
        if "Encrypt" not in outer:
            raise refused("downgrade")
        return xml_body.parse(self.open(request.query, outer["Encrypt"], now))

    def echo(self, query: Mapping[str, str]) -> Verified:
        """Answers the check of the address with the challenge in the clear. Its age is not looked at: an echo
        repeated changes nothing. Raises Refused."""
        nonce = self._check(query, query.get("echostr", ""))
        try:
            return Verified(self._envelope.open(query["echostr"]).decode(), mark=nonce)
        except UnicodeDecodeError:
            raise refused("decrypt") from None

    def seal(self, reply: str, now: float) -> dict[str, str | int]:
        """The fields of a sealed answer, named as the XML envelope names them."""
        sealed, timestamp, nonce = self._envelope.seal(reply), int(now), secrets.token_hex(8)
        return {
            "Encrypt": sealed,
            "MsgSignature": signature(self._token, str(timestamp), nonce, sealed),
            "TimeStamp": timestamp,
            "Nonce": nonce,
        }

    def address_check(self, mark: str, now: float) -> AddressCheck:
        """As the console asks when its owner saves the address there; the mark is the nonce.

        Its challenge has a `+` in it, because a proxy on the way may make a blank of that.
        """
        echo, sealed = str(secrets.randbelow(10**18)), ""
        while "+" not in sealed:
            sealed = self._envelope.seal(echo)
        stamp = str(int(now))
        query = {
            "msg_signature": signature(self._token, stamp, mark, sealed),
            "timestamp": stamp,
            "nonce": mark,
            "echostr": sealed,
        }
        return AddressCheck(WebRequest("GET", query), echo.encode())

    def _check(self, query: Mapping[str, str], sealed: str) -> str:
        timestamp, nonce = stamp(query)
        if not sealed:
            raise refused("signature")
        mistaken = {"EncodingAESKey": self._key}
        check_signature(
            query.get("msg_signature", ""), self._token, timestamp, nonce, sealed, mistaken=mistaken
        )
        return nonce


def stamp(query: Mapping[str, str]) -> tuple[str, str]:
    """Timestamp and nonce, in a strict form: signed text is joined without separators. Raises Refused."""
    timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
    if not NONCE.fullmatch(nonce) or not timestamp:
        raise refused("signature")
    if not TIMESTAMP.fullmatch(timestamp):
        raise refused("stale")
    return timestamp, nonce


def check_age(timestamp: str, now: float) -> None:
    """Raises Refused (`stale`)."""
    if abs(now - int(timestamp)) > MAX_SKEW:
        raise refused("stale", Compared(TIME, str(int(now)), timestamp))


def console_check(token: str, mark: str, now: float) -> AddressCheck:
    """As the console asks in the clear when its owner saves the address there; the mark is the nonce."""
    echo, timestamp = str(secrets.randbelow(10**18)), str(int(now))
    query = {
        "signature": signature(token, timestamp, mark),
        "timestamp": timestamp,
        "nonce": mark,
        "echostr": echo,
    }
    return AddressCheck(WebRequest("GET", query), echo.encode())
