"""A script says the same without its comments and blanks."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from builder.serving import bundle
from runtime.server.bundling import minify

DENO = Path(bundle.__file__).parents[2] / ".venv" / "bin" / "deno"


@dataclass(frozen=True)
class Case:
    id: str
    source: str
    shrunk: str


CASES = [
    Case("a comment", "// one\nf(); /* two\n three */ g(); // four", "f();g();"),
    Case("indentation", "if (a) {\n  f();\n}\n", "if(a){f();}"),
    Case("words", "const  a = typeof b in c;", "const a=typeof b in c;"),
    Case("signs that would become one", "a + +b - -c", "a+ +b- -c"),
    Case("a statement without its sign", "f()\ng()", "f()\ng()"),
    Case("a chain over lines", "a\n  .b()\n  ?.c()", "a.b()?.c()"),
    Case("what looks like a comment in a string", "f('// no', \"/* no */\")", "f('// no',\"/* no */\")"),
    Case("a regular expression", "x = /a \\/ [/] {2}/g.test( y )", "x=/a \\/ [/] {2}/g.test(y)"),
    Case("a division", "x = a / b / c // d", "x=a/b/c"),
    Case("a template", "x = `a  b // c ${ d + 1 } \n  e`", "x=`a  b // c ${d+1} \n  e`"),
    Case(
        "a template in a template",
        "x = `a ${ y.map( (z) => `b  ${ z }` ) }  c`",
        "x=`a ${y.map((z)=>`b  ${z}`)}  c`",
    ),
    Case(
        "an object in a template",
        "x = `${ f({ a: { b: 1 } }) } }`",
        "x=`${f({a:{b:1}})} }`",
    ),
    Case("elements", "html`\n    <b  id=${ x }>\n      a  b\n    </b>`", "html`\n<b  id=${x}>\na  b\n</b>`"),
    Case("an escaped mark", r"x = `a \` ${ 1 }`", r"x=`a \` ${1}`"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_script_shrinks(case):
    assert minify.script(case.source) == case.shrunk


def test_a_template_without_an_end_is_told():
    with pytest.raises(ValueError, match="does not end"):
        minify.script("x = `a ${ b }")


SAYS = r"""
const xs = [1, 2];
const by = 2 / 1 / 1; // not a regular expression
console.log(`a  ${xs.map((x) => `<b>  ${x /* one */}  </b>`).join(" , ")} // b`, by
  + 1);
const found = "a/b".split(/\//)
console.log(found.length)
"""


def run(script):
    command = [DENO, "eval", "--quiet", script]
    return subprocess.run(command, capture_output=True, text=True, timeout=50, check=True).stdout


def test_what_shrank_says_the_same():
    assert run(minify.script(SAYS)) == run(SAYS) == "a  <b>  1  </b> , <b>  2  </b> // b 3\n2\n"


def test_a_sheet_shrinks():
    source = "/* one */\na:hover  b,\nc {\n  color: red;\n  content: 'x y';\n}\n"
    assert minify.sheet(source) == "a:hover b,c{color: red;content: 'x y';}"
