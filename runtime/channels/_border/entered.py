"""What an owner copies from a console: refuse the empty, the placeholder and the half-copied."""

import re
from typing import NamedTuple

from runtime.errors import Wrong
from runtime.lang import Text

PLACEHOLDER = re.compile(
    r"(wx|gh)?[_-]?((your|my[_-]).*|x{3,})|<.*>|\{.*\}|\*+|\.{3,}|-+|change[_-]?(me|it)|place[_-]?holder|example|sample"
    r"|todo|tbd|none|null|nil|undefined|n/a|(app_?|corp_?)?secret|(app|corp|agent)_?id|encoding_?aes_?key|original_?id"
    r"|.*(填写|填入|替换|你的|您的|密钥|占位).*",
    re.IGNORECASE,
)
EMPTY = Text("不能为空，请从后台复制后填写", "is empty; copy it from the console")
IS_PLACEHOLDER = Text(
    "还是示例里的占位文字，请换成真实的值", "is still a placeholder; put the real value here"
)


class Format(NamedTuple):
    """A credential's alphabet and length, and the sentence for one that breaks them."""

    pattern: re.Pattern[str]
    wrong: Text


def checked(value: str, form: Format) -> str:
    """The value as it is used. Raises Wrong, which never repeats the value."""
    if not value:
        raise Wrong(EMPTY)
    if PLACEHOLDER.fullmatch(value):
        raise Wrong(IS_PLACEHOLDER)
    if not form.pattern.fullmatch(value):
        raise Wrong(form.wrong)
    return value
