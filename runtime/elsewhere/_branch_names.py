"""What a case is called that its file does not name: by its condition, in the reader's words."""

import re

from runtime.lang import Text, as_it_is

TOLD: tuple[tuple[str, Text], ...] = (
    (r"'(?P<v>[^']+)' in ", Text("包含「{v}」", "contains “{v}”")),
    (r"'(?P<v>[^']+)' not in ", Text("不含「{v}」", "without “{v}”")),
    (r"not \(.+ == '(?P<v>[^']+)'\)", Text("不是「{v}」", "not “{v}”")),
    (r".+\.startswith\('(?P<v>[^']+)'\)", Text("开头是「{v}」", "begins with “{v}”")),
    (r".+\.endswith\('(?P<v>[^']+)'\)", Text("结尾是「{v}」", "ends with “{v}”")),
    (r".+\|length (?P<sign>[<>]=?) (?P<v>[\d.]+)$", Text("长度 {sign} {v}", "length {sign} {v}")),
    (r".+\|float (?P<sign>[=!<>]=?) (?P<v>[\d.]+)$", Text("{sign} {v}", "{sign} {v}")),
    (r".+ == '(?P<v>[^']+)'", Text("是「{v}」", "is “{v}”")),
    (r".+ not in \['true'", Text("不成立", "is not so")),
    (r".+ in \['true'", Text("成立", "is so")),
    (r"not [\w.]+$", Text("没有内容", "is empty")),
    (r"[a-z_][\w.]*$", Text("有内容", "has something")),
)
NUMBERED = Text("情况 {n}", "Case {n}")
FURTHER = Text("{first} 等", "{first}, …")
LONGEST = 24
"""Characters of a value in a name."""


def case_name(when: str, number: int) -> Text:
    """`when`: its condition, an expression of ours; `number`: of the case, from 1."""
    several = re.match(r"\((?P<first>.+?)\) (?:and|or) \(", when)
    first = several["first"] if several else when
    for pattern, words in TOLD:
        if found := re.match(pattern, first):
            told = words.fill(
                **{name: as_it_is(value[:LONGEST]) for name, value in found.groupdict().items()}
            )
            return FURTHER.fill(first=told) if several else told
    return NUMBERED.fill(n=number)
