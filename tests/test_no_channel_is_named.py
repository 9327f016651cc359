"""Outside its own folders nothing says how one platform calls its things."""

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OWN = (
    "runtime/channels/[a-z]*/*",
    "runtime/channels/[a-z]*.py",
    "runtime/channels/_tencent/*",
    "runtime/access/sso/kinds/[a-z]*",
    "runtime/access/sso/kinds/_words.py",
    "runtime/simulator/*/*",
)
WORDS = re.compile(
    r"(?i)we_?chat|weixin|微信|公众号|公众平台|\b48001\b|\bgh_|encoding_?aes|echostr|\berrcode"
    r"|openid(?! connect|-conf)|app_?secret"
    r"|Token（令牌）|stable_token|we_?com\b|企业微信|qyapi|corp_?id|open_?kf|i_?link(ai|_bot)"
)

PRODUCT = "what the product is for, said to whoever meets it first"
CALLED = "as people call what tells who they are"
LOOKS_LIKE = "how credentials of any platform look, so that none is logged or shared"
ALLOWED = {
    ("app.py", "WeChat"): PRODUCT,
    ("runtime/cli/arguments.py", "WeChat"): PRODUCT,
    ("runtime/server/door/sign_in_page.py", "微信"): PRODUCT,
    ("runtime/server/door/sign_in_page.py", "WeChat"): PRODUCT,
    ("builder/texts/zh.json", "微信"): PRODUCT,
    ("builder/texts/en.json", "WeChat"): PRODUCT,
    ("runtime/server/logs.py", "*"): LOOKS_LIKE,
    ("runtime/safety/masking/numbers.py", "*"): CALLED,
    ("runtime/safety/masking/fields.py", "*"): CALLED,
    ("runtime/safety/masking/names.py", "*"): CALLED,
    ("builder/static/people/sessions.js", "WeChat"): "as a browser calls itself",
    ("runtime/models/reading/said.py", "errcode"): "so some model providers call it too",
}
"""File and word, and why. In the texts once each: `agents.subtitle`."""


def sources():
    files = [ROOT / "app.py", *(ROOT / "builder").rglob("*"), *(ROOT / "runtime").rglob("*")]
    files += [*(ROOT / "templates" / "deploy").rglob("*")]
    for file in sorted(files):
        path = file.relative_to(ROOT).as_posix()
        if file.suffix in {".py", ".js", ".css", ".json", ".html", ".j2"} and "__pycache__" not in path:
            yield path, file.read_text(encoding="utf-8")


def named(path, source):
    """Each line that names a platform's thing, unless it may."""
    if any(fnmatch(path, pattern) for pattern in OWN):
        return []
    return [
        f"{path}:{number} says {found[0]}"
        for number, line in enumerate(source.splitlines(), 1)
        for found in WORDS.finditer(line)
        if not {(path, found[0]), (path, "*")} & ALLOWED.keys()
    ]


def test_no_file_names_a_platform_or_its_things():
    assert [line for path, source in sources() for line in named(path, source)] == []


@pytest.mark.parametrize("word", ["微信", "WeChat"])
def test_the_texts_say_it_once_where_they_say_what_the_product_is_for(word):
    texts = ROOT / "builder" / "texts" / f"{'zh' if word == '微信' else 'en'}.json"
    lines = [line for line in texts.read_text("utf-8").splitlines() if word in line]
    assert [line.split('"')[1] for line in lines] == ["agents.subtitle"]


@pytest.mark.parametrize(("path", "word"), ALLOWED)
def test_what_is_allowed_is_there(path, word):
    source = (ROOT / path).read_text(encoding="utf-8")
    assert WORDS.search(source) if word == "*" else word in source


@pytest.mark.parametrize(
    "line",
    [
        'code = "48001"',
        "# 到微信后台",
        "says gh_ first",
        "channel == 'wechat'",
        "公众号",
        '"errcode"',
        "AppSecret",
    ],
)
def test_a_name_is_found(line):
    assert named("runtime/gateway/worker.py", line)
    assert not named("runtime/channels/wechat/errcodes.py", line)
