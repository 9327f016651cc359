"""Why an answer ended, from each provider's word for it."""

import re
from typing import Literal

Meaning = Literal["stop", "tool_calls", "length", "content_filter", "broken"]
"""The first four are OpenAI's words; "broken": something failed at the provider, another try may help."""

WORDS: tuple[tuple[Meaning, re.Pattern[str]], ...] = (
    ("tool_calls", re.compile(r"(tool|function)_?(calls?|use)|tools")),
    (
        "length",
        re.compile(
            r".*length.*|.*max_(\w+_)?tokens.*|.*(token|output)_limit.*|error_limit|.*context_window.*|incomplete"
            r"|.*truncat.*"
        ),
    ),
    (
        "content_filter",
        re.compile(
            r".*(filter|sensitiv|safety|unsafe|moderat|polic|prohibit|blocklist|blocked|censor|guardrail|toxic"
            r"|risk|violat|illegal|harmful|inappropriate|recitation|model_armor).*|spii|refusal|refused|language"
        ),
    ),
    (
        "broken",
        re.compile(
            r".*(error|insufficient|abort|cancel|time_?out|overload|fail|malformed|unexpected|unavailable"
            r"|interrupt|disconnect|rate_limit|busy|exceeded|quota|too_many|missing_thought|preempt|terminated).*"
        ),
    ),
)


def meaning(word: str) -> Meaning:
    """A word that nobody knows is taken for a good end: what came is all there is."""
    word = re.sub(r"[\s-]", "_", word.strip().lower()[:100]).rpartition(".")[2]
    word = word.removeprefix("finish_reason_").removeprefix("finishreason_")
    return next((meant for meant, pattern in WORDS if pattern.fullmatch(word)), "stop")
