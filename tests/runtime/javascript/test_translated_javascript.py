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
    "var is the function's": (
        "var y = 'a'; for (const z of [1]) { var y = 'b'; } if (0) { var n = 1; } var y; return [y, n]",
        ["b", None]),
    "one more than a text": ("let s = '5', n = s++; return [s, n]", [6, 5]),
    "without what a Map has": ("const o = {a: 1}, m = {}; return [o.size || 0, m.size || 0]", [0, 0]),
    "numbers as text": (
        "[1 / 0, 1e21, 1e-7, 1 / 1e6, 2 ** 64, 1.5].map(String)",
        ["Infinity", "1e+21", "1e-7", "0.000001", "18446744073709552000", "1.5"]),
    "text as numbers": (
        "['1_000', 'inf', 'nan', ' 12 ', '0x1F', '', '1e3'].map(x => String(Number(x)))",
        ["NaN", "NaN", "NaN", "12", "31", "0", "1000"]),
    "rounded for people": (
        "[(2.5).toFixed(0), (0.125).toFixed(2), (1.005).toFixed(2), (-2.5).toFixed(0), (7).toFixed(2)]",
        ["3", "0.13", "1.00", "-3", "7.00"]),
    "of another time zone": (
        "const d = new Date('2020-01-01T00:00:00+08:00'); return [d.toISOString(), d.getHours()]",
        ["2019-12-31T16:00:00.000Z", 16]),
    "in the order of people": (
        "['Zebra', 'apple', 'Banana', 'b'].sort((a, b) => a.localeCompare(b))",
        ["apple", "b", "Banana", "Zebra"]),
    "nothing but numbers": (
        "[Number.isNaN('abc'), Number.isFinite('5'), isNaN('abc'), Math.max(1, NaN) > 0]",
        [False, False, True, False]),
    "a pattern as text": (r"'你好ab'.replace(new RegExp('\\w+', 'g'), 'X')", "你好X"),
    "halves of a character": (r"'\ud83d\ude00' + `\ud83d\ude00`", "😀😀"),
    "a list as an object": ("[{...['a']}, Object.entries(['a']), [...['a'].keys()]]",
                            [{"0": "a"}, [["0", "a"]], [0]]),
    "a gap": ("const a = [1, 2, 3]; delete a[1]; return [a, [1, 2].join(undefined), 'a'.charCodeAt(5) + '']",
              [[1, None, 3], "1,2", "NaN"]),
    "parsed": ("[parseInt('0x1f'), parseInt('12px'), parseInt('1e3')]", [31, 12, 1]),
    "a list beside a text": ("[[] == false, [1, 2] == '1,2', [0, 0, 0].fill(1, 1, 2)]",
                             [True, True, [0, 1, 0]]),
    "the largest": ("Number.MAX_SAFE_INTEGER", 9007199254740991),
    "no number": ("String(Math.pow(-8, 1 / 3))", "NaN"),
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
    "Number.nothing": "Number.nothing",
    "const f = []; for (const x of [1, 2]) f.push(() => x); return 0": "function in a loop",
    "const o = {}; while (o.a) { o.b = function () {} } return 0": "function in a loop",
    "const o = {get: k => k}; return 0": "get", "const o = {}; o.map = k => k; return 0": ".map",
    "const a = [1]; let i = 0; a[i++] += 1; return 0": "+=",
    "try { throw 'x' } catch (e) { return e }": "throw",
    "for (let i = 0; i < 2; i++) { try { continue } finally { i }} return 0": "continue",
    "const n = Promise.resolve(); return 0": "?",
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
