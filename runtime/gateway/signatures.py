"""Whether a call was signed by whoever knows the secret, and is none that somebody recorded."""

import hmac
from collections.abc import Mapping

from runtime.errors import Refused
from runtime.lang import Text
from runtime.newest import Newest

SIGNATURE = "x-signature-256"
STAMP = "x-hongyan-timestamp"
LATE = 300.0
"""Seconds between our clock and the time that was signed."""
SEEN = 10_000
"""Signatures of late calls that are remembered."""

UNSIGNED = Text(
    "签名不对：请求头 X-Signature-256 应为 sha256= 加上用密钥对内容做的 HMAC-SHA256（十六进制）；带 "
    "X-Hongyan-Timestamp 时是对「时间.内容」做的。",
    "The signature is wrong: X-Signature-256 should be sha256= and the HMAC-SHA256 of the body, in hex; with "
    "X-Hongyan-Timestamp, of “time.body”.",
)
UNDATED = Text(
    "请求头 X-Hongyan-Timestamp 应为现在的 Unix 秒数，前后不超过 5 分钟，并且一起签名。",
    "X-Hongyan-Timestamp should be the time now in Unix seconds, at most 5 minutes off, and signed as well.",
)
AGAIN = Text("这个签名已经用过了。", "This signature was used already.")


class Signatures:
    """Those of calls that say when they were signed: each begins one run, whatever else is sent with it."""

    def __init__(self) -> None:
        self._seen: Newest[str, str] = Newest(SEEN)

    def check(self, secret: str, body: bytes, headers: Mapping[str, str], *, dated: bool, now: float) -> None:
        """`dated`: none without a time is taken. Raises Refused."""
        stamp, shown = headers.get(STAMP, "").strip(), headers.get(SIGNATURE, "").strip().lower()
        if (dated or stamp) and not _is_now(stamp, now):
            raise Refused(UNDATED, code="signature")
        signed = stamp.encode() + b"." + body if stamp else body
        meant = "sha256=" + hmac.digest(secret.encode(), signed, "sha256").hex()
        if not hmac.compare_digest(meant.encode(), shown.encode()):
            raise Refused(UNSIGNED, code="signature")
        key = headers.get("idempotency-key", "")
        if stamp and self._seen.setdefault(shown, key) != key:
            raise Refused(AGAIN, code="signature")

    @staticmethod
    def name(headers: Mapping[str, str]) -> str:
        """By which a call is run once that brings no key of its own; "" for one without a time."""
        return headers.get(SIGNATURE, "").strip().lower() if headers.get(STAMP) else ""


def _is_now(stamp: str, now: float) -> bool:
    return stamp.isascii() and stamp.isdigit() and len(stamp) <= 12 and abs(now - int(stamp)) <= LATE
