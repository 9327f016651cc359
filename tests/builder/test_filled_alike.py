"""A Chinese sentence reads alike whoever fills it in, the server or a page: Latin words stand apart in it."""

import pytest

from deno_script import told
from runtime.lang import Text, filled

ROWS = [
    ("等待{platform}来验证…", {"platform": "WhatsApp"}, "等待 WhatsApp 来验证…"),
    ("等待{platform}来验证…", {"platform": "微信"}, "等待微信来验证…"),
    ("等待{platform}来验证…", {"platform": "企业微信 App"}, "等待企业微信 App 来验证…"),
    ("在{a}和{b}里", {"a": "Slack", "b": "飞书"}, "在 Slack 和飞书里"),
    ("没有「{name}」，{name}：{name}。", {"name": "Ann"}, "没有「Ann」，Ann：Ann。"),
    ("共{n}条，v{n}", {"n": 3}, "共3条，v3"),
    ("连不上 {host} 了", {"host": "a.example"}, "连不上 a.example 了"),
    ("把{x}{y}写成", {"x": "{y}", "y": "B"}, "把{y}B 写成"),
    ("叫Élan：{name}呢", {"name": "Élan"}, "叫Élan：Élan 呢"),
    ("空的{name}也行", {"name": ""}, "空的也行"),
]
SCRIPT = """
const { filled } = await import("EDITOR/static/common/filled.js");
console.log(JSON.stringify(asked.map(([pattern, values, lang]) => filled(pattern, values, lang))));
"""


@pytest.mark.parametrize(("pattern", "values", "said"), ROWS)
def test_a_latin_word_stands_apart_in_a_chinese_sentence(pattern, values, said):
    assert filled(pattern, values, "zh") == said
    assert Text(pattern, "x").fill(**values).to("zh") == said
    assert filled(pattern, values, "en") == pattern.format(**values)


def test_the_pages_fill_in_as_the_server_does(tmp_path):
    asked = [(pattern, values, lang) for pattern, values, _ in ROWS for lang in ("zh", "zh-CN", "en")]
    english = [pattern.format(**values) for pattern, values, _ in ROWS]
    expected = [one for row, plain in zip(ROWS, english, strict=True) for one in (row[2], row[2], plain)]
    assert told(tmp_path, SCRIPT, asked) == expected
