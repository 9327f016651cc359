"""Which underscores and tildes of a line are marks: `_so_` and `~~so~~`.

By CommonMark's rules for `_`, which leave snake_case alone, and GitHub's for `~~`; and stricter where a chat
writes them for something else: faces (`^_^`, `-_-`, `>_<`), and a voice that is drawn out (`好呀~~走吧~~`).
https://spec.commonmark.org/0.31.2/#emphasis-and-strong-emphasis,
https://github.github.com/gfm/#strikethrough-extension-
"""

from collections.abc import Callable, Iterator, Sequence

from runtime.channels._text.stars import OPENING, Run

OPENS = OPENING | {"*", "~", "_"}
"""Signs that may stand first in what is marked: brackets and quotes, and another mark."""
CLOSES = frozenset("，。、；：！？）】》」』”’…,.;:!?)]}>%\"'`*~_/")
"""…and last."""
MONEY = frozenset("¥￥$€£")
LONGEST = 500
"""Characters between two marks."""

Test = Callable[[str, Run], bool]


def underscores(text: str, runs: Sequence[Run]) -> Iterator[Run]:
    """Those that are marks, two and two."""
    return _paired(text, runs, _begins, _ends)


def tildes(text: str, runs: Sequence[Run]) -> Iterator[Run]:
    return _paired(text, runs, _strikes, _stops)


def _paired(text: str, runs: Sequence[Run], may_open: Test, may_close: Test) -> Iterator[Run]:
    opened: Run | None = None
    for run in runs:
        if opened and may_close(text, run) and _fits(text, opened.end, run.start):
            yield from (opened, run)
            opened = None
        elif may_open(text, run):
            opened = run


def _fits(text: str, start: int, end: int) -> bool:
    if not 0 < end - start <= LONGEST:  # nothing is copied then: there may be as many as signs
        return False
    inside = text[start:end]
    return "\n" not in inside and any(one.isalnum() for one in inside)


def _begins(text: str, run: Run) -> bool:
    before, after = _around(text, run)
    return not before.isalnum() and (after.isalnum() or after in OPENS)


def _ends(text: str, run: Run) -> bool:
    before, after = _around(text, run)
    return not after.isalnum() and (before.isalnum() or before in CLOSES)


def _strikes(text: str, run: Run) -> bool:
    """Behind a word only a number or a price: `原价~~199~~`."""
    before, after = _around(text, run)
    if before.isalnum():
        return after.isdigit() or after in MONEY
    return after.isalnum() or after in OPENS | MONEY


def _stops(text: str, run: Run) -> bool:
    before, _ = _around(text, run)
    return before.isalnum() or before in CLOSES


def _around(text: str, run: Run) -> tuple[str, str]:
    """ "\\n" where there is nothing."""
    before = text[run.start - 1] if run.start else "\n"
    return before, text[run.end] if run.end < len(text) else "\n"
