"""An app's menu, as qyapi.weixin.qq.com keeps it.

https://developer.work.weixin.qq.com/document/path/90231
"""

from dataclasses import dataclass, field
from typing import Any

NONE, COUNT, BELOW, KIND, NAME, KEY, URL = 46003, 40016, 40023, 40017, 40018, 40019, 40020
FINE = {"errcode": 0, "errmsg": "ok"}


@dataclass
class AppMenu:
    buttons: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, path: str, body: dict[str, Any]) -> dict[str, Any] | int:
        """The JSON or an errcode."""
        match path:
            case "menu/get":
                return {**FINE, "button": self.buttons} if self.buttons else NONE
            case "menu/delete":
                self.buttons = []
                return FINE
            case "menu/create":
                return self._create(body.get("button"))
        return 40066

    def _create(self, buttons: Any) -> dict[str, Any] | int:
        if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
            return COUNT
        if code := next((code for one in buttons if (code := _wrong(one, 16))), 0):
            return code
        self.buttons = buttons
        return FINE


def _wrong(button: dict[str, Any], name: int) -> int:
    """0 or an errcode."""
    if not 0 < len(str(button.get("name", "")).encode()) <= name:
        return NAME
    if "sub_button" in button:
        below = button["sub_button"]
        if name != 16 or not 1 <= len(below) <= 5:
            return BELOW
        return next((code for one in below if (code := _wrong(one, 40))), 0)
    match button.get("type"):
        case "click" | "scancode_push" | "scancode_waitmsg" | "location_select":
            return 0 if 0 < len(str(button.get("key", "")).encode()) <= 128 else KEY
        case "pic_sysphoto" | "pic_photo_or_album" | "pic_weixin":
            return 0 if button.get("key") else KEY
        case "view":
            return 0 if str(button.get("url", "")).startswith("http") else URL
        case "view_miniprogram":
            return 0 if button.get("appid") and button.get("pagepath") else KIND
    return KIND
