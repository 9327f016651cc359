"""Programs in JavaScript become Python that gives the same, or are refused by the name of what it is."""

from datetime import UTC, datetime

import pytest

from runtime.code.running import Sandbox
from runtime.javascript import LONGEST, Unknown, translated

NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
ROWS = "[{n: 1, t: 'a'}, {n: 2, t: 'b'}, {n: 3, t: 'a'}]"
GIVES = {
    "text and numbers": ("1 + 2 + 'x' + 3", "3x3"),
    "a fraction that is none": ("4 / 2", 2),
    "a fraction": ("`${1 / 4}!`", "0.25!"),
    "of another type": ("['1' == 1, '1' === 1, null == undefined, 0 === false]", [True, False, True, False]),
    "empty is true": ("[[] ? 1 : 2, '' ? 1 : 2, {} && 3, 0 || 4, '' ?? 5]", [1, 2, 3, 4, ""]),
    "of nothing": ("const a = {}; return [a.b?.c, a.b ?? 'none', typeof a.b]", [None, "none", "undefined"]),
    "map, filter, reduce": (f"{ROWS}.filter(r => r.t === 'a').map(r => r.n).reduce((a, b) => a + b, 0)", 4),
    "grouped": (f"const by = {{}}; {ROWS}.forEach(({{n, t}}) => {{ (by[t] = by[t] || []).push(n); }});"
                " return by", {"a": [1, 3], "b": [2]}),
    "sorted": ("[10, 9, 1].sort()", [1, 10, 9]),
    "sorted by": ("[10, 9, 1].sort((a, b) => b - a)", [10, 9, 1]),
    "found": ("[[5, 6].findIndex(x => x === 6), [5].indexOf(7), [5, 6].find(x => x > 5)]", [1, -1, 6]),
    "counted": ("let s = 0; for (let i = 0; i < 5; i++) { if (i === 2) continue; s += i; } return s", 8),
    "chosen": ("const f = x => { switch (x) { case 1: case 2: return 'few'; default: return 'many'; } };"
               " return [f(2), f(9)]", ["few", "many"]),
    "caught": ("try { JSON.parse('{'); return 1 } catch (e) { return e.message.length > 0 }", True),
    "thrown": ("try { throw new Error('no') } catch ({message}) { return message } finally { }", "no"),
    "letters of their own": (
        r"['你a1'.match(/\w+/)[0], /^\d+$/.test('٣'), 'x\n'.search(/x$/)]", ["a1", False, -1]),
    "replaced": (r"'1.2, 3.4'.replace(/(\d)\.(\d)/g, '$2:$1') + '|' + 'aa'.replace('a', x => x + '!')",
                 "2:1, 4:3|a!a"),
    "code cut out": (
        "const m = 'x ```js\\n1+1\\n``` y'.match(/```\\w*\\n([\\s\\S]*?)```/); return m ? m[1].trim() : 0",
        "1+1",
    ),
    "JSON": ("JSON.stringify({a: [1, 2.0, null], 中: '文'})", '{"a":[1,2,null],"中":"文"}'),
    "taken apart": ("const [a, , ...rest] = [1, 2, 3, 4]; const {b: {c = 7} = {}, ...more} = {d: 1};"
                    " return [a, rest, c, more]", [1, [3, 4], 7, {"d": 1}]),
    "what a closure sets": ("let n = 0; const up = () => { n += 1; }; up(); up(); return n", 2),
    "a name in a block": ("let t = 'a'; if (true) { let t = 'b'; t += '!'; } return t", "a"),
    "names of Python": ("const list = 1, def = 2, None = 3; return list + def + None", 6),
    "dates": (
        "const d = new Date(); d.setDate(d.getDate() - 1); return d.toISOString()",
        "2026-02-28T08:30:00.000Z"),
    "sets": ("[...new Set([1, 1, 2])].length", 2),
    "defaults": ("const f = (a, b = 2, ...c) => a + b + c.length; return [f(1), f(1, 1, 1, 1)]", [3, 4]),
    "while it is": (
        "const r = /a/g; let n = 0, m; while ((m = r.exec('aXa')) !== null) { n++; } return n", 2),
    "encoded": ("encodeURIComponent('a b/中')", "a%20b%2F%E4%B8%AD"),
}  # fmt: skip


@pytest.fixture(scope="module")
async def sandbox():
    found = Sandbox()
    yield found
    await found.close()


def program(text):
    return translated(text if "return" in text else f"return {text}", "main()", body=True)


@pytest.mark.parametrize("name", GIVES)
async def test_it_gives_what_javascript_gives(name, sandbox):
    text, gives = GIVES[name]
    assert (await sandbox.run(program(text), {}, now=NOW, seconds=5)).result == gives


REFUSED = {
    "require('fs')": "require", "fetch('http://10.0.0.1')": "fetch", "process.env.KEY": "process",
    "this.helpers.httpRequest({})": ".httpRequest()", "eval('1')": "eval",
    "new Function('x')": "new Function",
    "[].constructor.constructor('x')()": ".constructor()", "import('fs')": "", "a.b.c": "a",
    "new RegExp(x)": "", "class A {}": "", "function* f() {}": "function*",
    "label: for (;;) { break label; }": "",
    "$('Other').first()": "$('Other')", "/\\p{L}/u.test('a')": "/\\p/", "x =": "",
    "__import__('os')": "__import__",
    "globalThis.x": "globalThis", "({get a() { return 1 }})": "get", "(" * 3000: "",
}  # fmt: skip


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text[:30])
def test_what_is_not_known_is_refused_by_its_name(text):
    with pytest.raises(Unknown) as caught:
        program(text)
    assert REFUSED[text] in str(caught.value)


def test_what_is_too_long_is_not_read():
    with pytest.raises(Unknown, match=str(LONGEST)):
        translated(" " * (LONGEST + 1), "main()")


async def test_it_is_given_values_by_its_parameters(sandbox):
    text = translated(
        "function main({text, n = 2}) { return {text: text.repeat(n)} }", "main({'text': in_text})"
    )
    assert (await sandbox.run(text, {"in_text": "ab"}, now=NOW, seconds=5)).result == {"text": "abab"}
    with pytest.raises(Unknown, match="main"):
        translated("const a = 1", "main({})")
