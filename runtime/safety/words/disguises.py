"""Every way in which a text may be meant to be read, other than as it is written.

Each kind of disguise makes a `View`, in which words are found as in any text. Two things are told of it: what
it is of a whole text, and what stays of it, whatever is written behind one that grows."""

from collections.abc import Iterator

from runtime.safety.words import coded, drawn, filled, parts
from runtime.safety.words.markup import MARKUP, has_markup
from runtime.safety.words.views import View, as_it_is

WHOLE = (
    parts.together,
    filled.without_foreign,
    filled.without_repeated,
    coded.decoded,
    drawn.drawn,
    drawn.starred,
)


def seen_through(text: str) -> Iterator[View]:
    """Those that are no other than it is are left out."""
    shown = MARKUP.read(text) if has_markup(text) else None
    if shown is None or shown.text == text:
        shown = as_it_is(text)
    else:
        yield shown
        if other := drawn.drawn(text):  # marks that are drawn into letters
            yield other
    for read in WHOLE:
        if view := read(shown.text):
            yield view.within(shown)


def shown_so_far(text: str) -> list[View]:
    """As it is written, and as it is shown: what stays of it, whatever is written behind it."""
    written = as_it_is(text)
    shown = MARKUP.read_so_far(text) if has_markup(text) else written
    return [written] if shown.text == text else [written, shown]


def seen_so_far(shown: str) -> Iterator[View]:
    """Of whatever that becomes, one of these is the beginning, for each kind. Each looks at few signs around
    one: the end of a text is enough."""
    yield as_it_is(shown)
    for view in (
        parts.together_so_far(shown),
        filled.without_foreign(shown),
        filled.without_foreign_so_far(shown),
        filled.without_repeated(shown),
        *filled.without_repeated_so_far(shown),
        drawn.drawn_so_far(shown),
        drawn.starred(shown),
        drawn.starred_so_far(shown),
    ):
        if view:
            yield view
