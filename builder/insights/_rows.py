"""The list of messages: each a line with a link to what became of it."""

import html
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from builder.insights import _words
from builder.insights._drawn import address, anchor, esc, show
from builder.insights._go import Name
from builder.insights._plain import short
from builder.insights._words import t
from runtime.safety.inert_html import TAG, inert_html
from runtime.store.database import Row
from runtime.store.messages.states import WELL

LONGEST = 80
"""Characters of a message or an answer."""
ENDS = 2
"""Pages shown around this one."""
COLUMNS = ("time", "text", "reply", "state", "took", "person")


def rows(lines: Sequence[Row], *, openly: bool) -> None:
    names = [t(f"list.{name}") for name in COLUMNS] + [t("filter.publication")]
    head = "".join(f'<th scope="col">{esc(name)}</th>' for name in names)
    body = "".join(_row(line, names, openly) for line in lines)
    name = esc(t("page.conversations"))
    show(
        f'<table class="in-table in-rows"><caption class="in-unseen">{name}</caption>',
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>",
    )


def tone(row: Row) -> str:
    """How a message ended: ok, warn or bad."""
    if row["failure"]:
        return "bad"
    return "ok" if row["state"] in WELL else "warn"


def pill(row: Row) -> str:
    return f'<span class="hy-pill {tone(row)}">{esc(short(_words.state(row), 60))}</span>'


def _unmarked(markdown: str) -> str:
    """The words of an answer, without the signs of Markdown."""
    return html.unescape(TAG.sub("", inert_html(markdown[: LONGEST * 4])))


def _row(line: Row, names: Sequence[str], openly: bool) -> str:
    took = line["finished_at"] - line["accepted_at"] if line["finished_at"] else None
    said = short(_words.said(line), LONGEST) or t("list.nothing")
    cells = [
        esc(_words.moment(line["accepted_at"])),
        anchor("message", said, "in-whole", id=line["seq"]),
        f'<span class="in-brief">{esc(short(_unmarked(line["reply"] or ""), LONGEST))}</span>',
        pill(line),
        "" if took is None else f"{took:.1f}",
        esc(_words.person(line, openly=openly)),
        esc(_words.publication(line["publication"])),
    ]
    # the columns' names are said on a phone, where a row is a card
    return (
        "<tr>"
        + "".join(
            f'<td class="in-{n}" data-name="{esc(name)}">{cell}</td>'
            for n, (name, cell) in enumerate(zip(names, cells, strict=True))
        )
        + "</tr>"
    )


def pages(name: Name, here: int, last: int, **params: str | int) -> None:
    """Links to the other pages of a list."""
    if last <= 1:
        return
    numbers = sorted({1, last, *range(max(1, here - ENDS), min(last, here + ENDS) + 1)})
    links, before = [], 0
    for number in numbers:
        if number > before + 1:
            links.append("<span>…</span>")
        look = 'aria-current="page"' if number == here else ""
        label = esc(t("list.page", n=number))
        query = html.escape(urlencode({**params, "page": number}))
        links.append(
            f'<a class="hy-go" href="{address(name)}?{query}" {look} aria-label="{label}">{number}</a>'
        )
        before = number
    show(f'<nav class="in-pages" aria-label="{esc(t("list.pages"))}">{"".join(links)}</nav>')


def parts(name: Name, counted: Mapping[str, tuple[str, int]], here: str) -> None:
    """Links to the parts of a list, by their names in the address: what each is called, and its length."""
    links = (
        f'<a class="hy-go" href="{address(name)}?part={html.escape(part)}"'
        f"{' aria-current=true' * (part == here)}>{esc(title)} <b>{n:,}</b></a>"
        for part, (title, n) in counted.items()
    )
    show(f'<nav class="in-parts" aria-label="{esc(t("list.parts"))}">{"".join(links)}</nav>')
