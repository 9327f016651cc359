"""WeChat's content check: msgSecCheck of texts, mediaCheckAsync of pictures and sound.

https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/sec-center/sec-check/msgSecCheck.html
It is documented for Mini Programs: of an Official Account's followers WeChat may refuse it, by a code.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, ClassVar, Protocol, get_args

from runtime.answer import MediaKind
from runtime.channels import ApiAnswer, ApiRequest, Inspects, MediaLimits
from runtime.channels._tencent.answers import Answers, errcode
from runtime.channels._tencent.xml_body import parse
from runtime.channels._text.printable import clean
from runtime.inspected import Inspected, Sort, Suggestion

SCENES: Mapping[Sort, int] = {"profile": 1, "comment": 2, "forum": 3, "log": 4}
EVENT = "wxa_media_check"
LABELS = {
    "100": "正常 normal",
    "10001": "广告 advertising",
    "20001": "时政 politics",
    "20002": "色情 pornography",
    "20003": "辱骂 abuse",
    "20006": "违法犯罪 illegal",
    "20008": "欺诈 fraud",
    "20012": "低俗 vulgar",
    "20013": "版权 copyright",
    "21000": "其他 other",
}
TRACE = re.compile(r"[\w-]{1,128}")
RISKY = "87014"
"""What the first version of the check answers; the second says it in its result."""
MB = 1_000_000
SOUNDS = frozenset({"audio/mpeg", "audio/aac", "audio/flac", "audio/ogg", "audio/wav"})
PICTURES = frozenset({"image/jpeg", "image/png", "image/bmp", "image/gif"})


class Known(Protocol):
    @property
    def has_token(self) -> bool:
        """Whether there is a way to an access token."""
        ...


class AccountInspects(Inspects):
    """At most 4,000 texts and 2,000 files a minute, 2 million and 200,000 a day."""

    settings: Known
    answers: ClassVar[Answers]
    inspected_characters: ClassVar[int] = 2500
    inspected_media: ClassVar[Mapping[MediaKind, MediaLimits]] = {
        "image": MediaLimits(10 * MB, PICTURES),
        "voice": MediaLimits(10 * MB, SOUNDS),
    }

    @property
    def may_inspect(self) -> bool:
        return self.settings.has_token

    def inspect(self, text: str, sender: str, sort: Sort) -> ApiRequest:
        body = {"version": 2, "openid": sender, "scene": SCENES[sort], "content": clean(text)}
        return ApiRequest("/wxa/msg_sec_check", body)

    def inspected(self, answer: ApiAnswer) -> Inspected:
        code = errcode(answer.data)
        if code == RISKY:
            return Inspected("risky", RISKY)
        found = _judged(answer.data) if code == "0" else None
        if found is None:
            raise self.answers.failure(answer.data if code != "0" else {})
        return found

    def inspect_media(self, kind: MediaKind, url: str, sender: str, sort: Sort) -> ApiRequest:
        media = 2 if kind == "image" else 1
        body = {"version": 2, "openid": sender, "scene": SCENES[sort], "media_url": url, "media_type": media}
        return ApiRequest("/wxa/media_check_async", body)

    def inspection(self, answer: ApiAnswer) -> str:
        trace = answer.data.get("trace_id")
        if errcode(answer.data) != "0":
            raise self.answers.failure(answer.data)
        if not isinstance(trace, str) or not TRACE.fullmatch(trace):
            raise self.answers.failure({})
        return trace


def told(body: bytes, fields: Mapping[str, str]) -> Inspected | None:
    """What a file came to, of a push that was verified; None for any other, also one that names no file."""
    if fields.get("MsgType", "").lower() != "event" or fields.get("Event", "").lower() != EVENT:
        return None
    trace = fields.get("trace_id", "")
    if not TRACE.fullmatch(trace):
        return None
    if fields.get("errcode", "0") != "0":
        return Inspected("review", trace=trace, code=fields["errcode"][:12])
    found = _judged({"result": _result(body)})
    if found is None:
        return Inspected("review", trace=trace, code="unreadable")
    return Inspected(found.suggestion, found.what, trace)


def _result(body: bytes) -> Mapping[str, Any]:
    """The verdict stands a level below what messages have."""
    if body.startswith(b"{"):  # it was read as a message already, so it is bounded and well-formed
        result = json.loads(body).get("result")
        return result if isinstance(result, dict) else {}
    return parse(body, within="result")


def _judged(data: Mapping[str, Any]) -> Inspected | None:
    result = data.get("result")
    if not isinstance(result, Mapping) or result.get("suggest") not in get_args(Suggestion):
        return None
    label = str(result.get("label", ""))[:12]
    what = "" if result["suggest"] == "pass" else f"{label} {LABELS.get(label, '')}".strip()
    return Inspected(result["suggest"], what or ("" if result["suggest"] == "pass" else "21000"))
