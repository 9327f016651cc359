"""JSON that people edit: read strictly, so that nothing is dropped in silence; written readable."""

import json
from collections import Counter
from typing import Any

from runtime import wellformed
from runtime.errors import BadAgent
from runtime.lang import Text

LARGEST = 25 * 1024 * 1024
"""Bytes of a file that is read or imported."""

MOST = 50_000
"""Values and names in it; an agent of a hundred blocks has 2,000."""

DEEPEST = 60
"""Lists and objects inside each other."""


def to_bytes(data: Any) -> bytes:
    """As it is on disk: one line a value, so that a diff shows what changed. Raises BadAgent."""
    try:
        return (json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode("utf-8")
    except ValueError:
        text = Text(
            "内容里有无法保存的字符或数字。", "It contains characters or numbers that cannot be saved."
        )
        raise BadAgent(text) from None


def parse(content: bytes | str) -> Any:
    """UTF-8, nothing twice, no NaN, not too large, not too deep. Raises BadAgent that says where."""
    if len(content) > LARGEST:
        raise BadAgent(Text("文件太大，最多 25 MB。", "The file is too large; 25 MB at most."))
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content.removeprefix("\ufeff")
    except UnicodeDecodeError as e:
        raise BadAgent(
            Text(
                "不是 UTF-8 编码（第 {at} 个字节）。请用 UTF-8 另存。",
                "It is not UTF-8 (byte {at}). Save it as UTF-8.",
            ).fill(at=e.start + 1)
        ) from None
    if not text.strip():
        raise BadAgent(Text("文件是空的。", "The file is empty."))
    if wellformed.too_many(text, MOST):
        raise BadAgent(
            Text(
                "里面的内容太多，最多 {most} 项。请拆成几个文件。",
                "It holds too many values: {most} at most. Split it into several files.",
            ).fill(most=MOST)
        )
    data = _parse_text(text)
    if wellformed.too_deep(data, DEEPEST):
        raise BadAgent(TOO_DEEP)
    return data


def _parse_text(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_unrepeated, parse_constant=_refuse, parse_float=_finite)
    except json.JSONDecodeError as e:
        raise BadAgent(
            Text(
                "不是有效的 JSON，问题在第 {line} 行第 {column} 列附近。",
                "It is not valid JSON, near line {line} column {column}: {why}.",
            ).fill(line=e.lineno, column=e.colno, why=e.msg)
        ) from None
    except RecursionError:
        raise BadAgent(TOO_DEEP) from None
    except ValueError:
        raise BadAgent(Text("里面有一个过长的数字。", "It contains a number that is too long.")) from None


TOO_DEEP = Text("嵌套太深，最多 {deepest} 层。", "It is nested too deep; {deepest} levels at most.").fill(
    deepest=DEEPEST
)


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise BadAgent(
            Text("「{twice}」写了两次，请删掉一个。", "{twice!r} is there twice; remove one.").fill(
                twice=twice
            ),
            field=twice,
        )
    return found


def _refuse(word: str) -> Any:
    raise BadAgent(Text("{word} 不是有效的 JSON 数字。", "{word} is not a JSON number.").fill(word=word))


def _finite(number: str) -> float:
    value = float(number)
    return value if abs(value) != float("inf") else _refuse(number[:20])
