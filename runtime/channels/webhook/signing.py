"""Who calls has our secret, and whom we call can see that we have it.

Ways that are about: GitHub `X-Hub-Signature-256: sha256=hex(body)`, Slack `v0=hex("v0:time:body")`, Stripe
`t=time,v1=hex("time.body")`, https://www.standardwebhooks.com `webhook-signature: v1,base64("id.time.body")`.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping

from runtime.channels import WebRequest
from runtime.channels.webhook.settings import WebhookSettings
from runtime.errors import Refused
from runtime.lang import Text

TOLERANCE = 300.0
"""Seconds that a signed time may be off."""
MOST_SIGNATURES = 8
"""In one header: while secrets rotate there are two."""
HEADERS = {
    "id.timestamp.body": ("webhook-signature", "webhook-timestamp"),
    "v0:timestamp:body": ("x-slack-signature", "x-slack-request-timestamp"),
}
USUAL = ("x-signature", "x-timestamp")
ID = "webhook-id"
TIME = re.compile(r"[0-9]{9,13}")
IN_ONE = re.compile(r"(?:^|,)\s*t=([0-9]{9,13})(?:,|$)")
"""The time within the signature's header."""
SIGNATURE = Text("签名或密钥不对。", "The signature or the secret is wrong.")
STALE = Text("时间差了 5 分钟以上。", "The time is more than 5 minutes off.")


class Signing:
    def __init__(self, settings: WebhookSettings) -> None:
        self._its = settings
        usual = HEADERS.get(settings.signed, USUAL)
        self.key = _key(settings)
        self._header = settings.header.lower() or (
            "authorization" if settings.proof == "bearer" else usual[0]
        )
        self._time_header = settings.time_header.lower() or usual[1]

    @property
    def header(self) -> str:
        return self._header

    @property
    def time_header(self) -> str:
        """ "" where no time is signed."""
        return "" if self._its.proof == "bearer" or self._its.signed == "body" else self._time_header

    @property
    def is_base64(self) -> bool:
        usual = "base64" if self._its.signed.startswith("id.") else "hex"
        return (usual if self._its.encoding == "usual" else self._its.encoding) == "base64"

    @property
    def prefix(self) -> str:
        """What stands before a signature of ours."""
        usual = {"id.timestamp.body": "v1,", "v0:timestamp:body": "v0="}
        return self._its.prefix or usual.get(self._its.signed, f"{self._its.algorithm}=")

    def check(self, request: WebRequest, now: float) -> str:
        """What tells this call from every other one, "" where nothing does. Raises Refused."""
        given = request.headers.get(self._header, "")[:4096]
        if self._its.proof == "bearer":
            secret = given.removeprefix(self._its.prefix or "Bearer ").encode("utf-8", "replace")
            if not hmac.compare_digest(secret, self._its.secret.get_secret_value().encode()):
                raise Refused(SIGNATURE, code="signature")
            return ""
        time = self._time(request, given) if self.time_header else ""
        expected = self.signature(request.body, time, request.headers.get(ID, "")[:200])
        if not any([hmac.compare_digest(expected.encode(), one) for one in self._candidates(given)]):
            raise Refused(SIGNATURE, code="signature")
        if time and abs(now - _seconds(time)) > TOLERANCE:
            raise Refused(STALE, code="stale")
        return expected[:64] if time else ""

    def signature(self, body: bytes, time: str, id: str) -> str:
        before = {
            "body": "",
            "timestamp.body": f"{time}.",
            "id.timestamp.body": f"{id}.{time}.",
            "v0:timestamp:body": f"v0:{time}:",
        }[self._its.signed]
        digest = hmac.digest(self.key, before.encode() + body, getattr(hashlib, self._its.algorithm))
        return base64.b64encode(digest).decode() if self.is_base64 else digest.hex()

    def headers(self, body: bytes, id: str, now: float) -> Mapping[str, str]:
        """What proves us to whom we call. `id`: the same for the same answer however often it is sent."""
        if self._its.proof == "bearer":
            secret = self._its.secret.get_secret_value()
            return {self._header: f"{self._its.prefix or 'Bearer '}{secret}", ID: id}
        time = str(int(now)) if self.time_header else ""
        signature = self.signature(body, time, id)
        told = {self._header: f"{self.prefix}{signature}", ID: id}
        if self.time_header == self._header:
            told[self._header] = f"t={time},{self.prefix}{signature}"
        elif time:
            told[self.time_header] = time
        return told

    def _time(self, request: WebRequest, given: str) -> str:
        inside = IN_ONE.search(given) if self._time_header == self._header else None
        time = inside[1] if inside else request.headers.get(self._time_header, "").strip()
        if not TIME.fullmatch(time):
            raise Refused(STALE, code="stale")
        return time

    def _candidates(self, given: str) -> list[bytes]:
        known = (self._its.prefix, f"{self._its.algorithm}=", "v0=", "v1=")
        found = []
        for one in re.split(r"[\s,]+", given.strip())[:MOST_SIGNATURES]:
            prefix = next((sign for sign in known if sign and one.startswith(sign)), "")
            found.append(one[len(prefix) :].encode("utf-8", "replace"))
        return found


def _key(settings: WebhookSettings) -> bytes:
    """Standard Webhooks' secrets are base64 behind `whsec_`."""
    secret = settings.secret.get_secret_value()
    if secret.startswith("whsec_"):
        try:
            return base64.b64decode(secret[6:], validate=True)
        except (binascii.Error, ValueError):
            return secret.encode()
    return secret.encode()


def _seconds(time: str) -> float:
    return int(time) / (1000 if len(time) > 11 else 1)
