"""A menu is checked before the platform sees it, and what is wrong is named by its button."""

import pytest

from runtime.channels import MenuLimits, checked_menu
from runtime.errors import BadSettings

LIMITS = MenuLimits(buttons=3, below=5, name=16, name_below=60, key=128, url=1024, shown=4, shown_below=7)
ASK = {"name": "问AI", "key": "你好"}
PAGE = {"name": "官网", "kind": "view", "url": "https://example.cn/"}
APP = {
    "name": "小程序",
    "kind": "miniprogram",
    "url": "https://example.cn/",
    "app_id": "wx1",
    "page": "pages/index",
}


def menu(*buttons):
    return checked_menu({"buttons": list(buttons)}, LIMITS)


GOOD = {
    "one button": [ASK],
    "each kind": [ASK, PAGE, APP],
    "five below": [{"name": "更多", "buttons": [ASK, PAGE, APP, ASK, PAGE]}],
    "16 bytes": [{"name": "五个汉字一a", "key": "k"} | {"name": "一二三四五a"}],
    "60 bytes below": [{"name": "更多", "buttons": [{"name": "一" * 20, "key": "k"}]}],
    "128 bytes": [{"name": "a", "key": "k" * 128}],
    "1024 bytes": [{"name": "a", "kind": "view", "url": "https://e.cn/".ljust(1024, "a")}],
}


@pytest.mark.parametrize("buttons", GOOD.values(), ids=GOOD)
def test_what_fits_is_taken(buttons):
    assert len(menu(*buttons).buttons) == len(buttons)


BAD = {
    "none": ([], "buttons"),
    "four": ([ASK] * 4, "buttons"),
    "six below": ([{"name": "更多", "buttons": [ASK] * 6}], "buttons.0.buttons"),
    "three levels": (
        [{"name": "a", "buttons": [{"name": "b", "buttons": [ASK]}]}],
        "buttons.0.buttons.0.buttons",
    ),
    "no name": ([ASK, {"name": " ", "key": "k"}], "buttons.1.name"),
    "17 bytes": ([{"name": "一二三四五ab", "key": "k"}], "buttons.0.name"),
    "61 bytes below": (
        [{"name": "a", "buttons": [{"name": "一" * 20 + "a", "key": "k"}]}],
        "buttons.0.buttons.0.name",
    ),
    "129 bytes": ([{"name": "a", "key": "k" * 129}], "buttons.0.key"),
    "1025 bytes": ([{"name": "a", "kind": "view", "url": "https://e.cn/".ljust(1025, "a")}], "buttons.0.url"),
    "says nothing": ([{"name": "a"}], "buttons.0.key"),
    "no address": ([{"name": "a", "kind": "view"}], "buttons.0.url"),
    "a script": ([{"name": "a", "kind": "view", "url": "javascript:alert(1)"}], "buttons.0.url"),
    "an address with a line break": (
        [{"name": "a", "kind": "view", "url": "https://e.cn/\nx"}],
        "buttons.0.url",
    ),
    "no page of a mini program": ([{**APP, "page": ""}], "buttons.0.page"),
    "a kind that is none": ([{**ASK, "kind": "location_select"}], "buttons.0.kind"),
    "a name that is a number": ([{"name": 1, "key": "k"}], "buttons.0.name"),
    "a lone surrogate": ([{"name": "a\ud800", "key": "k"}], "buttons.0.name"),
    "a line break": ([{"name": "a", "key": "k\nl"}], "buttons.0.key"),
    "an unknown field": ([{**ASK, "onclick": "x"}], "buttons.0.onclick"),
    "no list": ("x", "buttons"),
}


@pytest.mark.parametrize(("buttons", "field"), BAD.values(), ids=BAD)
def test_what_does_not_fit_is_named(buttons, field):
    with pytest.raises(BadSettings) as refused:
        checked_menu({"buttons": buttons}, LIMITS)
    assert refused.value.field == field
    assert refused.value.text.zh
