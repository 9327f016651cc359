"""The headings that a text stands under, as they come."""

from runtime.knowledge.reading import Section

LONGEST = 200
"""Characters of a heading; what is longer is a text that somebody made large."""


class Path:
    def __init__(self) -> None:
        self._held: list[tuple[int, str]] = []
        self.is_bare = False
        """Nothing has come below the last one."""

    def enter(self, level: int, title: str) -> Section | None:
        """A heading of that level, 1 the highest, ends all that are as deep: the one before it as a text of
        its own when nothing came below it."""
        title = " ".join(title.split())[:LONGEST]
        left = self.bare() if self._held and self._held[-1][0] >= level else None
        self._held = [one for one in self._held if one[0] < level]
        if title:
            self._held.append((level, title))
        self.is_bare = bool(title)
        return left

    @property
    def titles(self) -> tuple[str, ...]:
        return tuple(title for _, title in self._held)

    def bare(self) -> Section | None:
        """The last heading as a text of its own, so that it is not lost, when nothing came below it."""
        if not self.is_bare:
            return None
        *above, last = self.titles
        return Section(last, tuple(above))
