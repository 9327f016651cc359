"""api.weixin.qq.com for a Mini Program: also sign-ins and subscription messages.

https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/kf-mgnt/kf-message/sendCustomMessage.html
"""

import time
from collections.abc import Callable
from typing import Any, TypeGuard

from runtime.simulator.http import Request
from runtime.simulator.miniprogram.logins import Logins
from runtime.simulator.miniprogram.subscriptions import BAD_FIELDS, NO_PAGE, Subscriptions
from runtime.simulator.wechat.accounts import Account
from runtime.simulator.wechat.material import WRONG_KIND
from runtime.simulator.wechat.platform import Platform, Sent
from runtime.simulator.wechat.quotas import Trigger

SESSION = "/sns/jscode2session"
CHECKS = ("/wxa/msg_sec_check", "/wxa/media_check_async")
LATELY = 2 * 3600.0
"""Seconds since a person was in the Mini Program, within which what they write may be checked."""
KINDS = ("text", "image", "link", "miniprogrampage")
"""Of customer-service messages."""
BAD_GRANT, NOBODY, BAD_KIND, STRANGER = 40002, 40003, 40008, 61010


def _are_texts(shown: object, *names: str) -> TypeGuard[dict[str, str]]:
    """Whether these are all that is shown, each a text; a link's address and its title are not empty."""
    if not isinstance(shown, dict) or set(shown) != set(names):
        return False
    return all(isinstance(shown[name], str) for name in names) and bool(shown["title"])


class MiniProgramPlatform(Platform):
    def __init__(
        self, account: Account, clock: Callable[[], float] = time.time, *, open_to_all: bool = False
    ) -> None:
        super().__init__([account], clock, open_to_all=open_to_all)
        self.account = account
        self.logins = Logins()
        self.subscriptions = Subscriptions()
        self.lately: dict[str, float] = {}
        """When each person was there last."""

    def acted(self, app_id: str, openid: str, trigger: Trigger) -> None:
        super().acted(app_id, openid, trigger)
        self.lately[openid] = self.clock()

    def login(self, openid: str) -> str:
        """The code of wx.login on a person's phone."""
        self.lately[openid] = self.clock()
        return self.logins.login(openid, self.clock())

    def _answer(self, path: str, request: Request) -> tuple[str, dict[str, Any] | bytes | int]:
        return self._session(request) if path == SESSION else super()._answer(path, request)

    def _session(self, request: Request) -> tuple[str, dict[str, Any] | int]:
        query, account = request.query, self.account
        if query.get("appid") != account.app_id:
            return "", 40013
        if query.get("secret") != account.app_secret:
            return account.app_id, 40125
        if query.get("grant_type") != "authorization_code":
            return account.app_id, BAD_GRANT
        openid = self.logins.use(query.get("js_code", ""), self.clock())
        if isinstance(openid, int):
            return account.app_id, openid
        bound = {"unionid": account.unionids[openid]} if openid in account.unionids else {}
        return account.app_id, {"openid": openid, "session_key": "c2Vzc2lvbl9rZXlfcGxheWVk", **bound}

    def _other(self, path: str, account: Account, body: dict[str, Any]) -> dict[str, Any] | int | None:
        if path == "message/subscribe/send":
            return self._tell(account, body)
        if path in CHECKS and not self._is_there(str(body.get("openid", ""))):
            return STRANGER
        return None

    def _is_there(self, openid: str) -> bool:
        return self.open_to_all or self.clock() - self.lately.get(openid, -LATELY) < LATELY

    def _send(self, account: Account, body: dict[str, Any]) -> dict[str, Any] | int:
        kind = body.get("msgtype")
        if kind not in KINDS:
            return BAD_KIND
        shown = body.get(kind)
        if kind == "link" and not _are_texts(shown, "title", "description", "url", "thumb_url"):
            return BAD_FIELDS
        if kind == "miniprogrampage":
            if not _are_texts(shown, "title", "pagepath", "thumb_media_id"):
                return BAD_FIELDS
            if shown["pagepath"].partition("?")[0] not in self.subscriptions.pages:
                return NO_PAGE
            cover = {"media_id": shown["thumb_media_id"]}
            if code := self.shelf.sendable(account.app_id, "image", cover, self.clock()):
                return code
        return super()._send(account, body)

    def _upload(self, account: Account, body: dict[str, Any]) -> dict[str, Any] | int:
        """Pictures alone."""
        return super()._upload(account, body) if body.get("type") == "image" else WRONG_KIND

    def _tell(self, account: Account, body: dict[str, Any]) -> dict[str, Any] | int:
        to = str(body.get("touser", ""))
        if to not in self.lately and not self.open_to_all:
            return NOBODY
        text = self.subscriptions.send(body)
        if isinstance(text, int):
            return text
        sent = Sent(self.clock(), account.app_id, to, "subscribe", text)
        self.sent.append(sent)
        self.on_sent(sent)
        return {"errcode": 0, "errmsg": "ok"}
