"""The marks in a model's text that are not for a person, of thoughts, tool calls and ends; and of code."""

import re

from runtime.models.reading import tool_markup

FAMILY = (
    r"(?:(?:seed:|mm:|ant(?:ml:)?|longcat_)?think(?:ing)?|thoughts?|reasoning|reflection|analysis|scratchpad)"
)
OPEN = rf"<\s?{FAMILY}(?:\s[^<>]{{0,60}})?>|◁think▷|\[THINK\]|<\|begin_of_thought\|>|<\|START_THINKING\|>"
OPEN += r"|<\|inner_prefix\|>|<\|begin\|>assistant\s?<\|think\|>"
OPEN += r"|<\|channel\|?>\s?(?:analysis|thought)(?:\s?<\|message\|>)?"
CLOSE = rf"<\s?\\?/\s?{FAMILY}\s?>|◁/think▷|\[/THINK\]|<\|end_of_thought\|>|<\|END_THINKING\|>|<channel\|>"
CLOSE += r"|<\|inner_suffix\|>|<\|end\|>\s?<\|begin\|>assistant\s?<\|content\|>"
CLOSE += r"|<\|end\|>\s?<\|start\|>assistant\s?(?:<\|channel\|>\s?(?:final|commentary)\s?)?<\|message\|>"
CLOSE += r"|<\|end\|>\s?(?=<\|start\|>assistant\s(?:to=)|<\|start\|>assistant\s?<\|channel\|>\s?commentary\s)"
STOP = r"<\|im_start\|>assistant\b\s?|<\|(?:start_header_id|header_start)\|>assistant<\|"
STOP += r"(?:end_header_id|header_end)\|>\s*|<(?:\|turn|start_of_turn)>model\b\s?"
STOP += r"|<\|start\|>assistant\s?to=user\s?<\|message\|>"
STOP += (
    r"|<[|｜](?:im_end|im_start|endoftext|eot_id|eot|eom_id|end_of_text|begin_of_text|end|return|assistant"
)
STOP += r"|(?:begin|end)▁of▁sentence)[|｜]>"
STOP += r"|<\|(?:START|END)_RESPONSE\|>|<\|(?:begin|end)_of_(?:solution|box)\|>"
STOP += r"|<\|channel\|>\s?(?:final|commentary)\s?<\|message\|>"
STOP += r"|<\|start\|>assistant\s?(?=<\|channel\|>\s?(?:final|analysis)|<\|message\|>)|<\|message\|>"

TURN = r"(?:(?:<[|｜][\w▁]{1,20}[|｜]>|<end_of_turn>|<turn\|>)\s{0,2})?(?:<\|im_start\|>(?:user|system|tool)"
TURN += (
    r"|<\|(?:start_header_id|header_start)\|>(?:user|system|tool|ipython)<\|(?:end_header_id|header_end)\|>"
)
TURN += r"|<(?:\|turn|start_of_turn)>(?:user|system|tool)|<[|｜](?:user|observation)[|｜]>)[ ]?(?:\n|\Z)"
"""Where somebody else begins to speak, whom the model made up."""
FINAL = r"(?:</s>|<eos>|<end_of_turn>|<turn\|>|<pad>|<unused\d{1,4}>)\s{0,20}\Z"
"""Marks that are words of other languages elsewhere."""
ANSWER = r"</?(?:(?:final_)?answer|response)>"
"""Around all that is for a person, as Hunyuan and ERNIE write it."""

LATER = (
    rf"(?P<ticks>`+)|(?P<open>{OPEN})|(?P<close>{CLOSE})|(?P<turn>{TURN})|(?P<stop>{STOP})"
    rf"|(?P<final>{FINAL})|(?P<answer>{ANSWER})|(?P<markup>{tool_markup.OPENER.pattern})"
)
IN_LINE = re.compile(rf"(?P<fence>(?<=\n)[ ]{{0,3}}(?:`{{3,}}|~{{3,}}))|{LATER}", re.IGNORECASE)
AT_LINE = re.compile(rf"(?P<fence>(?:\A|(?<=\n))[ ]{{0,3}}(?:`{{3,}}|~{{3,}}))|{LATER}", re.IGNORECASE)
"""As IN_LINE, for a text that begins at the beginning of a line."""
SIGNS = re.compile(r"[<‹＜◁\[`~]|(?:\A|\n) {1,3}\Z")
"""Any of these is in whatever may be a mark, or begin one: most pieces have none."""
CLOSED = re.compile(CLOSE, re.IGNORECASE)
OPENED = re.compile(OPEN, re.IGNORECASE)

LONGEST = 110
"""Characters that a mark may have, and so that may have to be waited for."""
QUOTES = {"“": "”", "「": "」", "『": "』", '"': '"', "'": "'", "‘": "’", "《": "》"}
"""What stands before a quoted mark, and behind it."""

_INDENT = re.compile(r"(?:(?<=\n)|\A)(?: {1,3}~{0,2}|~{1,2})\Z")
_BARRED = re.compile(r"[<‹＜]\s?/?\s?[|｜]")
_TURNS = re.compile(r"(?:(?:<end_of_turn>|<turn\|>)\s{0,2})?(?:<start_of_turn>\w{0,6}|<[\w|]{0,14})?")
_TAG = re.compile(r"[<‹＜]\s?\\?/?\s?([\w:]*)")
_TAGS = (
    *("think", "thinking", "thoughts", "reasoning", "seed:", "mm:", "antthinking", "reflection", "analysis"),
    *("tool", "function", "invoke", "call_tool", "minimax:", "longcat_", "start_function", "channel"),
    *(
        "antml:",
        "scratchpad",
        "answer",
        "final_answer",
        "response",
        "start_of_turn",
        "end_of_turn",
        "turn",
        "s",
    ),
    *("eos", "pad", "unused"),
)
_BRACKETED = ("[think]", "[/think]", "[tool_calls]", "[tool_request]")


def settled(text: str) -> int:
    """How many characters of a text without a mark cannot be the beginning of one, however it goes on."""
    for place in range(max(0, len(text) - LONGEST), len(text)):
        if text[place] in "<‹＜◁[" and _may_begin(text[place:].lower()):
            return place
    indent = _INDENT.search(text)
    return indent.start() if indent else len(text)


def _may_begin(tail: str) -> bool:
    if tail[0] == "[":
        return any(mark.startswith(tail) or tail.startswith(mark) for mark in _BRACKETED)
    if tail[0] == "◁":
        return len(tail) < 10
    if _BARRED.match(tail):
        return True
    if ">" in tail:
        return _TURNS.fullmatch(tail) is not None
    tag = _TAG.match(tail)
    name = tag[1] if tag else ""
    return any(one.startswith(name) or name.startswith(one) for one in _TAGS)
