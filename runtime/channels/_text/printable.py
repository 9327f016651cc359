"""The characters that a chat can carry."""

import re

FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot carry: control characters, lone surrogates, U+FFFE and U+FFFF."""
CJK = re.compile("[\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef]")
"""What is written with full-width punctuation, and without blanks between words."""


def clean(text: str) -> str:
    """The text without the characters that XML forbids, with line ends as XML reads them."""
    return FORBIDDEN.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
