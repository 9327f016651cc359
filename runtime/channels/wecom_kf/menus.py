"""Words to tap: an answer's last lines that say `label（menu:word）` become a menu's items.

As Markdown that is a list of links: `- [查订单](menu:查订单)`. https://developer.work.weixin.qq.com/document/path/94677
"""

import re
from collections.abc import Mapping
from typing import Any

ITEM = re.compile(
    r"\s*(?:[•·*-]|\d+[.、)])?\s*(?P<label>[^\n（）]{1,128})（menu:(?P<word>[^\n（）]{1,128})）\s*"
)
MOST_ITEMS = 10
MOST_HEAD = 1024
"""Bytes above the items."""
MOST_LABEL = 128
"""Bytes of an item."""


def message(text: str) -> Mapping[str, Any]:
    """The fields of a message that shows it: a menu if it ends in one that the platform takes, else text."""
    lines = text.rstrip().split("\n")
    found: list[re.Match[str]] = []
    while lines and (match := ITEM.fullmatch(lines[-1])):
        found.insert(0, match)
        lines.pop()
    head = "\n".join(lines).strip()
    fits = len(head.encode()) <= MOST_HEAD and all(len(one["label"].encode()) <= MOST_LABEL for one in found)
    if not 0 < len(found) <= MOST_ITEMS or not head or not fits:
        return {"msgtype": "text", "text": {"content": text}}
    items = [
        {"type": "click", "click": {"id": one["word"].strip(), "content": one["label"].strip()}}
        for one in found
    ]
    return {"msgtype": "msgmenu", "msgmenu": {"head_content": head, "list": items}}
