"""Temporary material, which Official Accounts, WeCom's apps and its customer service have alike.

https://developers.weixin.qq.com/doc/service/api/material/temporary/
https://developer.work.weixin.qq.com/document/path/90253
"""

from runtime.channels import ApiAnswer, ApiRequest, FormFile, Steps, at_address
from runtime.channels._tencent.answers import Answers, errcode

DAYS_3 = 3 * 86_400.0
"""Seconds that it is kept."""


def got(answers: Answers, media_id: str, most: int) -> Steps[bytes]:
    """Its bytes, at most so many. Raises SendFailed: what is refused comes as JSON."""
    answer = yield ApiRequest("/cgi-bin/media/get", query={"media_id": media_id}, most=most)
    leads = answer.data.get("video_url")
    if at := at_address(leads, most, with_http=True):
        answer = yield at
    return taken(answers, answer)


def put(answers: Answers, kind: str, name: str, content: bytes, type: str) -> Steps[str]:
    """Its id. `kind`: image, voice, video, file or thumb. Raises SendFailed."""
    answer = yield ApiRequest(
        "/cgi-bin/media/upload", query={"type": kind}, upload=FormFile("media", name, content, type)
    )
    found = answer.data.get("media_id") or answer.data.get("thumb_media_id")
    if errcode(answer.data) not in ("", "0") or not isinstance(found, str) or not 0 < len(found) <= 512:
        raise answers.failure(answer.data)
    return found


def taken(answers: Answers, answer: ApiAnswer) -> bytes:
    """Raises SendFailed."""
    if answer.data or not answer.content:
        raise answers.failure(answer.data)
    return answer.content
