"""A text as somebody means it to be read, with the place of each sign in what was written."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class View:
    """Sign `i` of `text` stands for what was written from `where[i]` up to `ends[i]`. `upto`: how far it is
    of what was written; what comes behind may be half of something."""

    text: str
    where: Sequence[int]
    ends: Sequence[int]
    upto: int

    def within(self, outer: "View") -> "View":
        """This one of `outer.text`, with the places of what `outer` is of."""
        return View(
            self.text,
            [outer.where[place] for place in self.where],
            [outer.ends[place - 1] for place in self.ends],
            outer.where[self.upto] if self.upto < len(outer.text) else outer.upto,
        )

    def source(self, place: int) -> int:
        """Where in what was written a place of `text` is."""
        return self.where[place] if place < len(self.text) else self.upto


def as_it_is(text: str, upto: int | None = None) -> View:
    end = len(text) if upto is None else upto
    return View(text[:end], range(end), range(1, end + 1), end)


def kept(text: str, dropped: Callable[[int], bool]) -> View:
    """Without some of its signs, by their places."""
    where = [place for place in range(len(text)) if not dropped(place)]
    return View("".join(text[place] for place in where), where, [place + 1 for place in where], len(text))


class Tokens:
    """Several signs that are read as others. `token`: what they look like, `begun`: what may be the first of
    them at the end of a text, `means`: what is read instead (None: they are as they are)."""

    def __init__(self, token: str, begun: str, means: Callable[["re.Match[str]"], str | None]) -> None:
        self._token = re.compile(token)
        self._growing = re.compile(rf"(?P<begun>(?:{begun})\Z)|(?:{token})")
        self._means = means

    def read(self, text: str) -> View:
        return self._view(text, self._token)

    def read_so_far(self, text: str) -> View:
        """What stays so, whatever is written behind it."""
        return self._view(text, self._growing)

    def _view(self, text: str, form: "re.Pattern[str]") -> View:
        signs: list[str] = []
        where: list[int] = []
        ends: list[int] = []
        at, upto = 0, len(text)

        def add(meant: str, starts: Sequence[int], stops: Sequence[int]) -> None:
            signs.append(meant)
            where.extend(starts)
            ends.extend(stops)

        for match in form.finditer(text):
            start, end = match.span()
            if form is self._growing and match["begun"] is not None:
                upto = start
                break
            meant = self._means(match)
            if meant is not None:
                add(text[at:start], range(at, start), range(at + 1, start + 1))
                add(meant, [start] * len(meant), [end] * len(meant))
                at = end
        add(text[at:upto], range(at, upto), range(at + 1, upto + 1))
        return View("".join(signs), where, ends, upto)
