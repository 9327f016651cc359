"""Buttons of a menu, as Tencent's APIs write them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from runtime import wellformed
from runtime.channels import Button
from runtime.channels._menu import ButtonKind
from runtime.channels._tencent.managing import items, text

MINI_PROGRAM, TEXT = "miniprogram", "text"
KINDS = {
    "click": "click",
    "view": "view",
    MINI_PROGRAM: MINI_PROGRAM,
    "view_miniprogram": MINI_PROGRAM,
    "scancode_push": "scan",
    "scancode_waitmsg": "scan_tell",
    "pic_sysphoto": "camera",
    "pic_photo_or_album": "photo",
    "pic_weixin": "album",
    "location_select": "place",
    "media_id": "material",
    "article_id": "article",
}
"""By the type of a button what it is composed as."""
TYPES = {kind: type for type, kind in reversed(KINDS.items())}
IN_APPS: Sequence[ButtonKind] = (
    "click",
    "view",
    "miniprogram",
    "scan",
    "scan_tell",
    "camera",
    "photo",
    "album",
    "place",
)
"""Those that an enterprise's apps have, too."""
CONSOLE = frozenset({"", "img", "photo", "voice", "video", "news", "finder", "finder_live"})
"""Types that only a console makes: they can only be kept there. What else there is goes back as it came."""


def written(button: Button, app: str = MINI_PROGRAM) -> dict[str, Any]:
    """`app`: what a button that opens a mini program is called."""
    if button.buttons:
        return {"name": button.name, "sub_button": [written(one, app) for one in button.buttons]}
    match button.kind:
        case "kept":
            return {**button.kept, "name": button.name}
        case "view":
            does = {"url": button.url}
        case "miniprogram":
            does = {"url": button.url, "appid": button.app_id, "pagepath": button.page}
        case "material":
            does = {"media_id": button.material}
        case "article":
            does = {"article_id": button.material}
        case _:
            does = {"key": button.key}
    kind = app if button.kind == "miniprogram" else TYPES[button.kind]
    return {"type": kind, "name": button.name, **does}


def read(data: Mapping[str, Any], left_out: list[str], answers: dict[str, str]) -> Iterator[Button]:
    """The button, if it can be put there; else its name is `left_out`. A text of the console's becomes a
    click whose answer is in `answers`. Raises what an odd answer causes.
    """
    name = text(data["name"])
    if "sub_button" in data and not _is_empty(data["sub_button"]):
        buttons = [one for button in _below(data) for one in read(button, left_out, answers)]
        if buttons:
            yield Button(name=name, buttons=buttons)
        return
    type = text(data.get("type", ""))
    if type == TEXT:
        answers[name] = text(data.get("value") or "")
        yield Button(name=name, kind="click", key=name)
    elif type in CONSOLE:
        left_out.append(name)
    elif type not in KINDS:
        yield Button(name=name, kind="kept", kept=wellformed.data(dict(data)))
    else:
        yield _composed(name, KINDS[type], data)


def _composed(name: str, kind: str, data: Mapping[str, Any]) -> Button:
    given = {
        "key": text(data.get("key") or ""),
        "url": text(data.get("url") or ""),
        "app_id": text(data.get("appid") or ""),
        "page": text(data.get("pagepath") or ""),
        "material": text(data.get("media_id") or data.get("article_id") or ""),
    }
    return Button.model_validate({"name": name, "kind": kind, **given})


def _below(data: Mapping[str, Any]) -> Any:
    below = data["sub_button"]
    return items(below.get("list", []) if isinstance(below, dict) else below)


def _is_empty(below: object) -> bool:
    """As a platform says it of a button that opens none."""
    return below in ([], {"list": []})
