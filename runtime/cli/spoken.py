"""The language of whoever types."""

import os

from runtime.lang import Text


def spoken(text: Text) -> str:
    """In Chinese or English by LANG, in both when that says neither."""
    lang = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return {"zh": text.zh, "en": text.en}.get(lang[:2].lower(), str(text))
