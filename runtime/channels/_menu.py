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
ButtonKind = Literal[
    "click", "view", "miniprogram", "scan", "scan_tell", "camera", "photo", "album", "place", "material",
    "article", "kept",
]  # fmt: skip
KINDS: Mapping[ButtonKind, Text] = {
    "click": Text("发给智能体", "Say it to the agent"),
    "view": Text("打开网页", "Open a page"),
    "miniprogram": Text("打开小程序", "Open a mini program"),
    "scan": Text("扫一扫", "Scan a code"),
    "scan_tell": Text("扫一扫，结果发给智能体", "Scan a code and tell the agent what it says"),
    "camera": Text("拍一张照片发来", "Take a photo and send it"),
    "photo": Text("拍照或从相册选图发来", "Take or choose a photo and send it"),
    "album": Text("从相册选图发来", "Choose photos and send them"),
    "place": Text("发送位置", "Send a place"),
    "material": Text("显示一个素材", "Show something that lies there"),
    "article": Text("打开一篇发布过的文章", "Open an article that was published"),
    "kept": Text("保持原样", "As it is"),
}
SAY: frozenset[ButtonKind] = frozenset({"click", "scan", "scan_tell", "camera", "photo", "album", "place"})
"""These have a `key`."""
BRIEF: tuple[ButtonKind, ...] = ("click", "view", "miniprogram")
LARGEST = 4000
"""Characters of a button that is kept as it is."""


class Button(Strict):
    """One button. With `buttons` it opens them and does nothing else.

    `click`: `key` comes as a message, as if the person had typed it. `miniprogram`: `url` is for clients that
    are too old for it. `kept`: what the platform says of a button that is not composed here, which goes back
    as it came.
    """

    name: str = setting(title=Text("按钮名称", "Name"))
    kind: ButtonKind = setting("click", title=Text("点了之后", "A tap"), choices=lambda: dict(KINDS.items()))
    key: str = setting("", title=Text("发给智能体的话", "What it says to the agent"))
    url: str = setting("", title=Text("网页地址", "Address of the page"))
    app_id: str = setting("", title=Text("小程序的 AppID", "App id of the mini program"))
    page: str = setting("", title=Text("小程序页面路径", "Path of its page"))
    material: str = setting("", title=Text("素材或文章的编号", "Id of what lies there"))
    kept: dict[str, Any] = setting({}, title=Text("原样", "As it came"))
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
    kinds: Sequence[ButtonKind] = BRIEF
    phones: bool = False
    """Some people may have another menu, by their kind of phone or a tag, see MenuFor."""


Phone = Literal["", "ios", "android", "other"]
PHONES: Mapping[Phone, Text] = {
    "": Text("不限", "Any"),
    "ios": Text("苹果手机", "iPhones"),
    "android": Text("安卓手机", "Android phones"),
    "other": Text("其他", "Others"),
}


class Whom(Strict):
    """Whom a menu is for: whoever all of it is true of."""

    phone: Phone = setting("", title=Text("手机", "Phone"), choices=lambda: dict(PHONES.items()))
    tag: str = setting("", title=Text("标签编号", "Id of a tag"), max_length=20, pattern=r"^[0-9]*$")


@dataclass(frozen=True)
class MenuFor:
    """A menu that only some have, instead of everybody's."""

    id: str
    whom: Whom
    menu: Menu | None
    left_out: Sequence[str] = ()


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
    others: Sequence[MenuFor] = ()
    """Those that only some have."""


def checked_menu(data: Any, limits: MenuLimits) -> Menu:
    """Raises BadSettings that names the button and the field, such as `buttons.0.buttons.1.key`."""
    try:
        menu = Menu.model_validate(data)
    except ValidationError as e:
        raise _bad(first_problem(e)) from None
    for problem in _problems(menu, limits):
        raise _bad(problem)
    return menu


def checked_whom(data: Any) -> Whom:
    """Raises BadSettings that names the field."""
    try:
        whom = Whom.model_validate(data)
    except ValidationError as e:
        raise _bad(first_problem(e)) from None
    if not whom.phone and not whom.tag:
        raise _bad(Problem("phone", NOBODY))
    return whom


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
        case "kept":
            if not button.kept.get("type") or len(str(button.kept)) > LARGEST:
                yield Problem(f"{place}.kind", NO_KIND.fill(name=button.name))
        case kind if kind not in limits.kinds:
            yield Problem(f"{place}.kind", NO_KIND.fill(name=button.name))
        case "material" | "article":
            yield from _needs(button, place, "material", NO_MATERIAL)
            yield from _fits(button.material, f"{place}.material", 256, Text("编号", "id"), button)
        case kind if kind in SAY:
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
NO_MATERIAL = Text("请填写「{name}」要显示的素材或文章编号", "say the id of what {name!r} shows")
NOBODY = Text("请选择给谁看：手机，或标签", "say whom it is for: a kind of phone, or a tag")
NO_APP = Text(
    "「{name}」要填写小程序的 AppID 和页面路径", "{name!r} needs the mini program's app id and page"
)
NO_PAGE = Text("「{name}」的网页地址应以 https:// 开头", "the address of {name!r} should begin with https://")
LONG = Text(
    "「{name}」的{what}太长：{size} 字节，最多 {most}（一个汉字 3 字节）",
    "the {what} of {name!r} is too long: {size} bytes of {most} (a Chinese character has 3)",
)
ODD = Text("「{name}」的{what}里有无法识别的字符", "the {what} of {name!r} contains broken characters")
