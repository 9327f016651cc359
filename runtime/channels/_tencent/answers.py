"""What an API of Tencent's answers, as an outcome: done, or a SendFailed that says what to do."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runtime.channels import AccessToken, Codes
from runtime.errors import SendFailed
from runtime.lang import Text

UNKNOWN = Text(
    "{platform}拒绝了请求（错误码 {code}）。请按错误码查阅{platform}的文档。",
    "{platform} refused the request ({code}). Look the code up in its documentation.",
)
UNREADABLE = Text(
    "{platform}的回应无法识别，不能确定消息是否送达。请检查 API 地址和中间的代理。",
    "{platform}'s answer is unreadable, so delivery is uncertain. Check the API host and any proxy "
    "in between.",
)
NOT_TOLD = Text("（没有说明是哪个）", "(which one it did not say)")


@dataclass(frozen=True)
class Answers:
    """One API host: what its errcodes mean, and the sentence for each."""

    platform: Text
    codes: Codes
    texts: Mapping[str, Text]
    ip: re.Pattern[str]
    """Finds, in an errmsg, our own address as the platform sees it."""
    trace: re.Pattern[str]
    """…and the name and value by which its support finds the request."""

    def failure(self, answer: Mapping[str, Any], unreadable: str = "unreadable") -> SendFailed:
        """The exception for an answer that is not a success. Of `errmsg` only the address and the trace are
        used.

        `unreadable`: the code when there is no errcode, so that nobody knows what the platform did.
        """
        code, message = errcode(answer), str(answer.get("errmsg", ""))
        if not code:
            return SendFailed(UNREADABLE.fill(platform=self.platform), code=unreadable)
        ip = self.ip.search(message)
        text = self.texts.get(code, UNKNOWN)
        text = text.fill(code=code, ip=ip[1] if ip else NOT_TOLD, platform=self.platform)
        if found := self.trace.search(message):
            text = Text("{text}（{name}: {value}）", "{text} ({name}: {value})").fill(
                text=text, name=found["name"], value=found["value"]
            )
        return SendFailed(text, code=code, retryable=code in self.codes.throttled)

    def address(self, answer: Mapping[str, Any]) -> str:
        """Our own address, where the answer is that it is not in the allow-list; else ""."""
        found = self.ip.search(str(answer.get("errmsg", "")))
        return found[1] if found and errcode(answer) in self.codes.address else ""

    def token(self, answer: Mapping[str, Any]) -> AccessToken:
        """Raises SendFailed."""
        value = answer.get("access_token")
        if errcode(answer) not in ("", "0") or not isinstance(value, str) or not value:
            raise self.failure(answer)
        return AccessToken(value, _life(answer.get("expires_in")))

    def explain(self, code: str) -> Text | None:
        """The sentence for a code that stands alone, with no answer around it."""
        text = self.texts.get(code)
        return text and text.fill(code=code, ip=NOT_TOLD, platform=self.platform)


def errcode(answer: Mapping[str, Any]) -> str:
    """The errcode as text, whether it came as a number or a string; "" when there is none."""
    code = answer.get("errcode")
    return str(code).strip() if isinstance(code, int | str) and not isinstance(code, bool) else ""


def _life(seconds: object) -> float:
    """A token's seconds to live. Missing or senseless counts as a minute: neither for ever nor never."""
    if isinstance(seconds, int | float) and 0 < seconds < math.inf:
        return float(seconds)
    return 60.0
