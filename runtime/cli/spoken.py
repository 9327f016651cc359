"""The language of whoever types."""

import os

from runtime.lang import Text
from runtime.languages import is_language


def spoken(text: Text) -> str:
    """In the language that LANG names, in Chinese and English when that is none of ours."""
    lang = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    code = lang.partition(".")[0].partition("_")[0].lower()
    return text.to(code) if is_language(code) else str(text)
