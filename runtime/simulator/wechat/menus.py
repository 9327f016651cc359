"""Menus and automatic answers of an account, as api.weixin.qq.com keeps them.

https://developers.weixin.qq.com/doc/service/api/custommenu/api_createcustommenu.html
https://developers.weixin.qq.com/doc/service/api/custommenu/api_getcurrentselfmenuinfo.html
"""

from dataclasses import dataclass, field
from typing import Any

from runtime.simulator.wechat.accounts import Account

NOT_ALLOWED, NONE, NO_RULE = 48001, 46003, 65303
TOPS, BUTTONS, KIND, NAME, KEY, URL = 40016, 40023, 40017, 40018, 40019, 40020
SUB_NAME, SUB_KEY, SUB_URL, NO_APP = 40025, 40026, 40027, 40013
WITH_KEY = frozenset(
    {
        "click",
        "scancode_push",
        "scancode_waitmsg",
        "pic_sysphoto",
        "pic_photo_or_album",
        "pic_weixin",
        "location_select",
    }
)
FINE = {"errcode": 0, "errmsg": "ok"}


@dataclass
class Menus:
    """By AppID. `console`: what the owner made there; it is not shown while `server_url` is enabled."""

    created: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    console: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    replies: dict[str, dict[str, Any]] = field(default_factory=dict)
    some: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Menus that only some have, the newest first."""
    server_url: bool = True
    changes: int = 0

    def answer(self, path: str, account: Account, body: dict[str, Any]) -> dict[str, Any] | int:
        """The JSON or an errcode."""
        if not account.rights.menus:
            return NOT_ALLOWED
        mine = self.created.get(account.app_id)
        match path:
            case "menu/create":
                return self._create(account, body)
            case "menu/delete":
                self.created.pop(account.app_id, None)
                self.some.pop(account.app_id, None)
                return dict(FINE)
            case "menu/addconditional" | "menu/delconditional":
                return self._for_some(path, account, body)
            case "menu/get":
                some = self.some.get(account.app_id, [])
                more = {"conditionalmenu": some} if some else {}
                return {"menu": {"button": mine, "menuid": 1}, **more} if mine else NONE
        shown = mine or self.console.get(account.app_id)
        is_shown = bool(mine) or (bool(shown) and not self.server_url)
        if not shown:
            return {"is_menu_open": 0}
        return {"is_menu_open": int(is_shown), "selfmenu_info": {"button": list(map(_as_told, shown))}}

    def seen(self, account: Account) -> list[dict[str, Any]]:
        """The buttons that people have below the chat."""
        mine = self.created.get(account.app_id)
        return mine or ([] if self.server_url else self.console.get(account.app_id, []))

    def automatic(self, account: Account) -> dict[str, Any] | int:
        """What it answers by itself."""
        if not account.rights.menus:
            return NOT_ALLOWED
        nothing = {"is_add_friend_reply_open": 0, "is_autoreply_open": 0}
        return self.replies.get(account.app_id, nothing)

    def _for_some(self, path: str, account: Account, body: dict[str, Any]) -> dict[str, Any] | int:
        some = self.some.setdefault(account.app_id, [])
        if path == "menu/delconditional":
            some[:] = [one for one in some if str(one["menuid"]) != str(body.get("menuid"))]
            return dict(FINE)
        rule, buttons = body.get("matchrule"), body.get("button")
        if not self.created.get(account.app_id) or not isinstance(rule, dict) or not any(rule.values()):
            return NO_RULE
        if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
            return TOPS
        if code := next((code for one in buttons if (code := _wrong(one))), 0):
            return code
        self.changes += 1
        some.insert(0, {"button": buttons, "matchrule": rule, "menuid": 400 + self.changes})
        return {"menuid": str(400 + self.changes)}

    def _create(self, account: Account, body: dict[str, Any]) -> dict[str, Any] | int:
        buttons = body.get("button")
        if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
            return TOPS
        for button in buttons:
            if code := _wrong(button):
                return code
        self.created[account.app_id] = buttons
        self.changes += 1
        return dict(FINE)


def _wrong(button: Any, *, below: bool = False) -> int:
    """0 or an errcode."""
    if not isinstance(button, dict):
        return KIND
    name = str(button.get("name", ""))
    if not name or len(name.encode()) > (60 if below else 16):
        return SUB_NAME if below else NAME
    under = button.get("sub_button")
    if under is not None:
        if below or not isinstance(under, list) or not 1 <= len(under) <= 5:
            return BUTTONS
        return next((code for one in under if (code := _wrong(one, below=True))), 0)
    kind = button.get("type")
    if kind in WITH_KEY:
        return 0 if 0 < len(str(button.get("key", "")).encode()) <= 128 else SUB_KEY if below else KEY
    if kind in ("media_id", "view_limited", "article_id", "article_view_limited"):
        return 0 if button.get("media_id") or button.get("article_id") else KIND
    if kind == "miniprogram" and not (button.get("appid") and button.get("pagepath")):
        return NO_APP
    if kind in ("view", "miniprogram"):
        url = str(button.get("url", ""))
        fits = url.startswith(("http://", "https://")) and len(url.encode()) <= 1024
        return 0 if fits else SUB_URL if below else URL
    return KIND


def _as_told(button: dict[str, Any]) -> dict[str, Any]:
    """The one question lists what is below in another way than it was given."""
    if "sub_button" not in button:
        return button
    return {"name": button["name"], "sub_button": {"list": button["sub_button"]}}
