"""WeChat's content check: texts at once, pictures and sound by an event that comes later."""

import secrets
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from runtime.simulator.wechat.accounts import Account

DAY = 86_400
LONGEST = 2500
PASS = {"suggest": "pass", "label": 100}


@dataclass(frozen=True)
class Looking:
    """A file that somebody is looking at."""

    account: str
    openid: str
    url: str
    kind: int


@dataclass
class Inspector:
    """Words with the label of what they are; those in `doubtful` are left to a person."""

    clock: Callable[[], float]
    risky: dict[str, int] = field(default_factory=dict)
    doubtful: dict[str, int] = field(default_factory=dict)
    most: int = 2_000_000
    """Texts of an account a day."""
    asked: list[tuple[str, int, str]] = field(default_factory=list)
    """Openid, scene and text of each."""
    looking: dict[str, Looking] = field(default_factory=dict)
    """By trace."""
    strangers: set[str] = field(default_factory=set)
    """Who did not open the Mini Program lately."""
    _counts: defaultdict[tuple[str, int], int] = field(default_factory=lambda: defaultdict(int))

    def answer(self, path: str, account: Account, body: Mapping[str, Any]) -> dict[str, Any] | int | None:
        """None: it is another's path."""
        if path not in ("/wxa/msg_sec_check", "/wxa/media_check_async"):
            return None
        openid, scene = str(body.get("openid", "")), body.get("scene")
        if body.get("version") != 2 or not openid:
            return 44002
        if scene not in (1, 2, 3, 4):
            return 40129
        if openid in self.strangers:
            return 61010
        day = (account.app_id, int(self.clock() // DAY))
        self._counts[day] += 1
        if self._counts[day] > self.most:
            return 45009
        return (
            self._text(openid, scene, body) if path.endswith("msg_sec_check") else self._file(account, body)
        )

    def _text(self, openid: str, scene: int, body: Mapping[str, Any]) -> dict[str, Any] | int:
        text = body.get("content")
        if not isinstance(text, str) or not text:
            return 44002
        if len(text) > LONGEST:
            return 45002
        self.asked.append((openid, scene, text))
        result = PASS
        for words, suggest in ((self.doubtful, "review"), (self.risky, "risky")):
            for word in words:
                if word in text:
                    result = {"suggest": suggest, "label": words[word]}
        detail = [{"strategy": "content_model", "errcode": 0, **result, "prob": 90}]
        return {"errcode": 0, "errmsg": "ok", "trace_id": _trace(), "result": result, "detail": detail}

    def _file(self, account: Account, body: Mapping[str, Any]) -> dict[str, Any] | int:
        url, kind = str(body.get("media_url", "")), body.get("media_type")
        if kind not in (1, 2) or not url.startswith(("http://", "https://")):
            return 40004
        trace = _trace()
        self.looking[trace] = Looking(account.app_id, str(body["openid"]), url, kind)
        return {"errcode": 0, "errmsg": "ok", "trace_id": trace}

    def event(self, account: Account, trace: str, suggest: str, label: int, code: int = 0) -> dict[str, Any]:
        """The fields of the push that tells what a file came to."""
        result: dict[str, Any] = {"suggest": suggest, "label": label}
        return {
            "ToUserName": account.original_id, "FromUserName": self.looking[trace].openid,
            "CreateTime": int(self.clock()), "MsgType": "event", "Event": "wxa_media_check",
            "appid": account.app_id, "trace_id": trace, "version": 2,
            "detail": {"strategy": "content_model", "errcode": code, **result, "prob": 90},
            "errcode": code, "errmsg": "ok" if not code else "download fail", "result": result,
        }  # fmt: skip


def _trace() -> str:
    return f"{secrets.token_hex(4)}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"
