"""Buttons of a menu, as Tencent's APIs write them."""

from collections.abc import Iterator, Mapping
from typing import Any

from runtime.channels import Button
from runtime.channels._tencent.managing import items, text

MINI_PROGRAM, TEXT = "miniprogram", "text"
KINDS = {
    "click": "click",
    "view": "view",
    MINI_PROGRAM: MINI_PROGRAM,
    "view_miniprogram": MINI_PROGRAM,
    TEXT: "",
}
"""Types of buttons that are composed here; another can only be kept there."""
KEYS = ("key", "url", "appid", "pagepath", "value")


def written(button: Button, app: str = MINI_PROGRAM) -> dict[str, Any]:
    """`app`: what a button that opens a mini program is called."""
    if button.buttons:
        return {"name": button.name, "sub_button": [written(one, app) for one in button.buttons]}
    match button.kind:
        case "click":
            does = {"key": button.key}
        case "view":
            does = {"url": button.url}
        case "miniprogram":
            does = {"url": button.url, "appid": button.app_id, "pagepath": button.page}
    kind = app if button.kind == "miniprogram" else button.kind
    return {"type": kind, "name": button.name, **does}


def read(data: Mapping[str, Any], left_out: list[str], answers: dict[str, str]) -> Iterator[Button]:
    """The button, if it can be composed here; else its name is `left_out`. A text of the console's becomes a
    click whose answer is in `answers`. Raises what an odd answer causes.
    """
    name = text(data["name"])
    if "sub_button" in data:
        below = data["sub_button"]
        listed = items(below.get("list", []) if isinstance(below, dict) else below)
        buttons = [one for button in listed for one in read(button, left_out, answers)]
        if buttons:
            yield Button(name=name, buttons=buttons)
        return
    kind, given = text(data.get("type", "")), {key: text(data.get(key) or "") for key in KEYS}
    if kind not in KINDS:
        left_out.append(name)
    elif kind == TEXT:
        answers[name] = given["value"]
        yield Button(name=name, kind="click", key=name)
    else:
        yield Button.model_validate(
            {
                "name": name,
                "kind": KINDS[kind],
                "key": given["key"],
                "url": given["url"],
                "app_id": given["appid"],
                "page": given["pagepath"],
            }
        )
