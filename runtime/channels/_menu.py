"""A menu below a chat: what its owner composes, and how much of it a platform takes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import ValidationError

from runtime import wellformed
from runtime.errors import BadSettings
from runtime.lang import Text
from runtime.schema import Problem, Strict, first_problem, setting

WEB = re.compile(r"https?://[^\s\\/?#]+[^\s\\]*")
ButtonKind = Literal["click", "view", "miniprogram"]
KINDS: Mapping[ButtonKind, Text] = {
    "click": Text("发给智能体", "Say it to the agent"),
    "view": Text("打开网页", "Open a page"),
    "miniprogram": Text("打开小程序", "Open a mini program"),
}


class Button(Strict):
    """One button. With `buttons` it opens them and does nothing else.

    `click`: `key` comes as a message, as if the person had typed it. `miniprogram`: `url` is for clients that
    are too old for it.
    """

    name: str = setting(title=Text("按钮名称", "Name"))
    kind: ButtonKind = setting("click", title=Text("点了之后", "A tap"), choices=lambda: dict(KINDS.items()))
    key: str = setting("", title=Text("发给智能体的话", "What it says to the agent"))
    url: str = setting("", title=Text("网页地址", "Address of the page"))
    app_id: str = setting("", title=Text("小程序的 AppID", "App id of the mini program"))
    page: str = setting("", title=Text("小程序页面路径", "Path of its page"))
    buttons: list["Button"] = setting([], title=Text("下面的按钮", "Buttons below"))


class Menu(Strict):
    """The buttons from left to right."""

    buttons: list[Button]


@dataclass(frozen=True)
class MenuLimits:
    """What a platform takes; sizes are UTF-8 bytes."""

    buttons: int
    below: int
    """Buttons of one that opens others."""
    name: int
    name_below: int
    key: int
    url: int
    shown: int
    """Of a name, about so many wide characters are seen…"""
    shown_below: int
    """…and here."""
    kinds: Sequence[ButtonKind] = ("click", "view", "miniprogram")


@dataclass(frozen=True)
class MenuFound:
    """The menu as it is at the platform; None: there is none.

    `shown`: whether people see it just now. `left_out`: names of buttons that can only be kept there.
    `answers`: what buttons said that answered by themselves, by the key that they have now.
    """

    menu: Menu | None
    shown: bool
    left_out: Sequence[str] = ()
    answers: Mapping[str, str] = field(default_factory=dict)


def checked_menu(data: Any, limits: MenuLimits) -> Menu:
    """Raises BadSettings that names the button and the field, such as `buttons.0.buttons.1.key`."""
    try:
        menu = Menu.model_validate(data)
    except ValidationError as e:
        raise _bad(first_problem(e)) from None
    for problem in _problems(menu, limits):
        raise _bad(problem)
    return menu


def _bad(problem: Problem) -> BadSettings:
    return BadSettings(Text("{text}。", "{text}.").fill(text=problem.text), field=problem.field)


def _problems(menu: Menu, limits: MenuLimits) -> Iterator[Problem]:
    if not 1 <= len(menu.buttons) <= limits.buttons:
        yield Problem("buttons", COUNT.fill(most=limits.buttons))
    for i, top in enumerate(menu.buttons):
        place = f"buttons.{i}"
        yield from _named(top, place, limits.name)
        if not top.buttons:
            yield from _does(top, place, limits)
        elif len(top.buttons) > limits.below:
            yield Problem(f"{place}.buttons", BELOW.fill(name=top.name, most=limits.below))
        for j, button in enumerate(top.buttons):
            here = f"{place}.buttons.{j}"
            yield from _named(button, here, limits.name_below)
            if button.buttons:
                yield Problem(f"{here}.buttons", DEEP.fill(name=button.name))
            yield from _does(button, here, limits)


def _named(button: Button, place: str, most: int) -> Iterator[Problem]:
    if not button.name.strip():
        yield Problem(f"{place}.name", NAMELESS)
    yield from _fits(button.name, f"{place}.name", most, Text("名称", "name"), button)


def _does(button: Button, place: str, limits: MenuLimits) -> Iterator[Problem]:
    match button.kind:
        case kind if kind not in limits.kinds:
            yield Problem(f"{place}.kind", NO_KIND.fill(name=button.name))
        case "click":
            yield from _needs(button, place, "key", SILENT)
            yield from _fits(button.key, f"{place}.key", limits.key, Text("发出的话", "message"), button)
        case "miniprogram":
            yield from _needs(button, place, "app_id", NO_APP)
            yield from _needs(button, place, "page", NO_APP)
            yield from _leads(button, place, limits)
        case "view":
            yield from _leads(button, place, limits)


def _needs(button: Button, place: str, name: str, text: Text) -> Iterator[Problem]:
    if not getattr(button, name).strip():
        yield Problem(f"{place}.{name}", text.fill(name=button.name))


def _leads(button: Button, place: str, limits: MenuLimits) -> Iterator[Problem]:
    if not WEB.fullmatch(button.url):
        yield Problem(f"{place}.url", NO_PAGE.fill(name=button.name))
    yield from _fits(button.url, f"{place}.url", limits.url, Text("网页地址", "address"), button)


def _fits(value: str, place: str, most: int, what: Text, button: Button) -> Iterator[Problem]:
    size = len(value.encode("utf-8", "replace"))
    if size > most:
        yield Problem(place, LONG.fill(name=button.name, what=what, size=size, most=most))
    if value != wellformed.text(value) or any(ord(one) < 32 for one in value):
        yield Problem(place, ODD.fill(name=button.name, what=what))


COUNT = Text("菜单要有 1 到 {most} 个按钮", "a menu has 1 to {most} buttons")
BELOW = Text("「{name}」下面最多 {most} 个按钮", "at most {most} buttons may be below {name!r}")
DEEP = Text(
    "「{name}」下面不能再有按钮：菜单只有两层", "no buttons may be below {name!r}: menus have two levels"
)
NAMELESS = Text("有个按钮还没有名称", "a button has no name yet")
NO_KIND = Text("「{name}」的这种动作这里用不了", "{name!r} cannot do that here")
SILENT = Text("请填写点「{name}」后发给智能体的话", "say what {name!r} says to the agent")
NO_APP = Text(
    "「{name}」要填写小程序的 AppID 和页面路径", "{name!r} needs the mini program's app id and page"
)
NO_PAGE = Text("「{name}」的网页地址应以 https:// 开头", "the address of {name!r} should begin with https://")
LONG = Text(
    "「{name}」的{what}太长：{size} 字节，最多 {most}（一个汉字 3 字节）",
    "the {what} of {name!r} is too long: {size} bytes of {most} (a Chinese character has 3)",
)
ODD = Text("「{name}」的{what}里有无法识别的字符", "the {what} of {name!r} contains broken characters")
