"""Words to tap: a menu's items. https://developer.work.weixin.qq.com/document/path/94677

What a person chooses from is a part of an answer, see runtime.choices. Our own invitations, which are a text,
end in a line `label（menu:word）`.
"""

import re
from collections.abc import Mapping
from typing import Any

from runtime.channels import ChoiceLimits
from runtime.channels._text.printable import clean
from runtime.choices import Choice, Choices

LIMITS = ChoiceLimits(most=10, text=128, value=128, question=1024)
LINE = re.compile(r"(?P<label>[^\n（）]{1,128})（menu:(?P<word>[^\n（）]{1,128})）")


def offered(choices: Choices) -> Mapping[str, Any]:
    items = [
        {"type": "click", "click": {"id": one.value, "content": clean(one.text)}} for one in choices.options
    ]
    return {"msgtype": "msgmenu", "msgmenu": {"head_content": clean(choices.question), "list": items}}


def message(text: str) -> Mapping[str, Any]:
    """The fields of a message that shows it: a menu if its last line is one, else text."""
    head, _, last = text.rstrip().rpartition("\n")
    if (line := LINE.fullmatch(last)) and head.strip():
        choices = Choices(head.strip(), [Choice(line["label"].strip(), line["word"].strip())])
        if LIMITS.fit(choices):
            return offered(choices)
    return {"msgtype": "text", "text": {"content": text}}
