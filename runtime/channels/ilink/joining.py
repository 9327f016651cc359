"""How an account is joined: a code, its states, and what the scan brings."""

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar

from runtime.channels import ApiAnswer, ApiRequest, Guide, Guides, Pairs, Progress, ScanCode, Symptom
from runtime.channels._pairing import Reached
from runtime.channels.ilink import guide
from runtime.channels.ilink.account import ID, TOKEN, Account, of_platform
from runtime.channels.ilink.codes import TEXTS, UNREADABLE, check
from runtime.errors import SendFailed

QR_CODE = re.compile(r"[!-~]{1,1024}")
CONTENT = re.compile(r"[!-~]{1,1500}")
STATES: Mapping[str, Reached] = {
    "wait": "shown",
    "scaned": "scanned",
    "need_verifycode": "digits",
    "verify_code_blocked": "blocked",
    "scaned_but_redirect": "elsewhere",
    "binded_redirect": "known",
    "expired": "expired",
    "confirmed": "joined",
}
HOLDS, MARGIN = 35.0, 5.0
DIGITS = re.compile(r"[0-9A-Za-z]{1,12}")


class Joins(Pairs, Guides):
    """Asked without the token of whoever was joined before."""

    settings: Account
    paths: ClassVar[tuple[str, ...]] = ("/ilink/bot/get_bot_qrcode", "/ilink/bot/get_qrcode_status")
    yields: ClassVar[frozenset[str]] = frozenset({"bot_token", "bot_id", "user_id", "base_url"})
    most_codes: ClassVar[int] = 3
    code_seconds: ClassVar[float] = 300.0
    symptoms: ClassVar[Sequence[Symptom]] = guide.SYMPTOMS
    guide: ClassVar[Guide] = guide.GUIDE

    @property
    def is_joined(self) -> bool:
        return bool(self.settings.bot_token.get_secret_value())

    def code_request(self, known: Sequence[Mapping[str, str]]) -> ApiRequest:
        tokens = [one["bot_token"] for one in known if one.get("bot_token")]
        return ApiRequest(self.paths[0], {"local_token_list": tokens[:10]}, {"bot_type": "3"})

    def code(self, answer: ApiAnswer) -> ScanCode:
        check(answer)
        code, content = answer.data.get("qrcode"), answer.data.get("qrcode_img_content")
        if not (isinstance(code, str) and QR_CODE.fullmatch(code)):
            raise SendFailed(TEXTS["shape"], code="unreadable")
        if not (isinstance(content, str) and CONTENT.fullmatch(content)):
            raise SendFailed(TEXTS["shape"], code="unreadable")
        return ScanCode(code, content)

    def progress_request(self, ticket: str, digits: str, host: str) -> ApiRequest:
        query = {"qrcode": ticket, **({"verify_code": digits} if DIGITS.fullmatch(digits) else {})}
        return ApiRequest(self.paths[1], query=query, host=host, seconds=HOLDS + MARGIN)

    def progress(self, answer: ApiAnswer) -> Progress:
        check(answer)
        status = answer.data.get("status")
        reached = STATES.get(status) if isinstance(status, str) else None
        if reached is None:
            raise SendFailed(UNREADABLE, code="unreadable")
        if reached == "elsewhere":
            return Progress(reached, host=_of_platform(answer.data.get("redirect_host")))
        if reached == "joined":
            return Progress(reached, settings=_brought(answer))
        return Progress(reached)


def _brought(answer: ApiAnswer) -> dict[str, str]:
    """Raises SendFailed when anything of it is missing."""
    names = {"bot_token": TOKEN, "ilink_bot_id": ID, "ilink_user_id": ID}
    found = {name: answer.data.get(name) for name in names}
    for name, form in names.items():
        value = found[name]
        if not isinstance(value, str) or not form.fullmatch(value):
            raise SendFailed(TEXTS["shape"], code="unreadable")
    given = answer.data.get("baseurl")
    return {
        "bot_token": str(found["bot_token"]),
        "bot_id": str(found["ilink_bot_id"]),
        "user_id": str(found["ilink_user_id"]),
        "base_url": _of_platform(given),
    }


def _of_platform(address: object) -> str:
    """ "" for any other: it is not followed, and what we know goes on being asked."""
    try:
        return of_platform(address if isinstance(address, str) else "")
    except ValueError:
        return ""
