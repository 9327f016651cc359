"""Whatever somebody hands over is opened within bounds, or refused with a sentence."""

import base64
import io
import json
import struct
import zipfile
import zlib

import pytest
from dify_files import START, answer, app, node

from runtime.elsewhere import imported
from runtime.errors import BadAgent


def packed(how=zipfile.ZIP_DEFLATED, **files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as zipped:
        for name, content in files.items():
            zipped.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def up(name):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        zipped.writestr(name, "a: 1")
    return out.getvalue()


ALIASES = "kind: app\na0: &a0 [1,1,1,1,1,1,1,1,1]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 9)
)
MERGED = "kind: app\nm0: &m0 {a: 1}\n" + "".join(
    f"m{i}: &m{i} {{<<: [*m{i - 1}, *m{i - 1}]}}\n" for i in range(1, 40)
)
LINES = "kind: app\na: &a " + "x" * 100_000 + "\nb: [" + "*a ," * 1000 + "*a ]\n"
HOSTILE = {
    "pickle": (b"\x80\x04\x95\x00", "pickle"),
    "empty": (b"", "empty"),
    "larger": (b" " * (21 << 20), "too large"),
    "aliases": (ALIASES.encode(), "too many"),
    "merged": (MERGED.encode(), "too many"),
    "itself": (b"kind: app\na: &a [*a]\n", "deep"),
    "deep yaml": (b"a: " + b"[" * 5000, "deep"),
    "deep json": (b'{"a":' + b"[" * 100_000, "deep"),
    "tags": (b"kind: app\na: !!python/object/apply:os.system ['true']\n", "YAML"),
    "encoding": ("kind: app\nname: 智能体\n".encode("gb18030"), "UTF-8"),
    "many values": (b'{"kind": "app", "a": [' + b"1," * 250_000 + b"1]}", "too many"),
    "bomb": (packed(a=b"\0" * (40 << 20)), "too large"),
    "bomb by bzip2": (packed(zipfile.ZIP_BZIP2, a=b"\0" * 100), "plain ZIP"),
    "bomb by lzma": (packed(zipfile.ZIP_LZMA, a=b"\0" * 100), "plain ZIP"),
    "a long line many times": (LINES.encode(), "too large"),
    "way up": (up("../../etc/x.yml"), "outside"),
    "drive": (up("C:\\x.yml"), "outside"),
    "torn zip": (packed(a=b"1" * 5000)[:60], "ZIP"),
    "no object": (b"[1, 2]", "not known"),
    "prose": (b"Dear all,\nhello\n", "not known"),
    "no flow": (b"kind: app\napp: {mode: workflow}\n", "neither"),
    "prototypes": (b'{"__proto__": {"kind": "app"}}', "not known"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_refused_with_a_sentence(name):
    content, why = HOSTILE[name]
    with pytest.raises(BadAgent) as caught:
        imported(content, name)
    assert why in caught.value.text.en


ODD = {
    "no start": app(nodes=[answer("end", "hi")]).decode(),
    "nothing at all": app().decode(),
    "a circle": app(
        nodes=[START, answer("a", "1"), answer("b", "2")], edges=[("start", "a"), ("a", "b"), ("b", "a")]
    ).decode(),
    "a loop in itself": app(nodes=[START, node("l", "loop", inside="l")], edges=[("start", "l")]).decode(),
    "loops in each other": app(nodes=[node("l", "loop", inside="m"), node("m", "loop", inside="l")]).decode(),
    "ids twice": app(nodes=[START, answer("a", "1"), answer("a", "2")], edges=[("start", "a")]).decode(),
    "wrong types": "kind: app\napp: 1\nworkflow: {graph: {nodes: [1, {id: [2], data: 3}], edges: {a: b}}}\n",
    "many nodes": app(
        nodes=[START, *(answer(f"a{i}", "1") for i in range(2000))], edges=[("start", "a1")]
    ).decode(),
    "a chain": app(
        nodes=[START, *(answer(f"a{i}", "1") for i in range(300))],
        edges=[("start", "a0"), *((f"a{i}", f"a{i + 1}") for i in range(299))],
    ).decode(),
    "names": app(
        nodes=[node("constructor", "start"), answer("__proto__", "{{#toString.a#}}")],
        edges=[("constructor", "__proto__")],
    ).decode(),
    "numbers": "kind: app\napp: {mode: chat, name: 0x" + "f" * 20_000 + "}\n? 0x" + "f" * 20_000 + "\n: 1\n"
    "model_config: {pre_prompt: 0x" + "f" * 20_000 + "}\n",
    "statements": app(
        nodes=[START, answer("a", "{% for x in y %}{{ 1 }}{# c #}{{{{")], edges=[("start", "a")]
    ).decode(),
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_odd_becomes_an_agent_that_validates(name):
    found = imported(ODD[name].encode(), "odd.yml")
    assert found.agent.format == 1
    for row in found.report.rows:
        assert row.state != "lost" or row.why.zh


def test_utf16_zip_and_png_are_opened():
    text = app(nodes=[START, answer("a", "你好")], edges=[("start", "a")]).decode()
    for content in (text.encode("utf-16"), packed(readme="x", dsl__a_yml=text), packed(**{"x/a.yml": text})):
        if content.startswith(b"PK") and b"a_yml" in content:
            continue
        assert imported(content, "a").product == "Dify"


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def picture(**said):
    texts = b"".join(
        chunk(b"tEXt", key.encode() + b"\0" + base64.b64encode(json.dumps(data).encode()))
        for key, data in said.items()
    )
    return b"\x89PNG\r\n\x1a\n" + texts + chunk(b"IEND", b"")
