"""What waits for the operator: kept answers, messages put aside, uncertain deliveries, doubts, hand-offs."""

import time
from typing import get_args

import streamlit as st

from builder.insights import _names, _words
from builder.insights._again import again, done
from builder.insights._drawn import anchor, card, esc, row, show, title
from builder.insights._empty import nothing
from builder.insights._plain import short
from builder.insights._rows import pill
from builder.insights._words import t
from builder.insights.desk import desk
from runtime.store.database import Row
from runtime.store.messages.insights import Found, Todo

DAYS = 30
SHOWN = 20
"""Of each kind at first; a button shows the rest."""
LONGEST = 200
"""Characters of a message."""
DAY = 86_400


def page() -> None:
    title(t("todo.title"), t("todo.hint", days=DAYS))
    kinds: tuple[Todo, ...] = get_args(Todo)
    found = {kind: desk().insights.todo(kind, time.time() - DAY * DAYS) for kind in kinds}
    waiting = [kind for kind in kinds if found[kind].total]
    if not waiting:
        nothing("todo")
        return
    names = [f"{t(f'todo.{kind}')} {found[kind].total}" for kind in waiting]
    for kind, tab in zip(waiting, st.tabs(names), strict=True):
        with tab:
            st.caption(t(f"todo.{kind}_hint"))
            _list(kind, found[kind])


def _list(kind: Todo, found: Found) -> None:
    _names.learn(found.lines[:SHOWN])
    for line in found.lines[:SHOWN]:
        with card(f"{kind}_{line['seq']}"):
            _line(kind, line)
    if found.total > SHOWN:
        st.caption(t("todo.more", n=SHOWN, all=found.total))


def _line(kind: Todo, line: Row) -> None:
    openly = st.session_state.get("openly", False)
    about = [
        _words.moment(line["accepted_at"]),
        _words.person(line, openly=openly),
        _words.publication(line["publication"]),
    ]
    said = short(_words.said(line), LONGEST) or t("list.nothing")
    show(
        f'<p class="hy-row"><span class="soft">{esc(" · ".join(about))}</span>{pill(line)}</p>',
        anchor("message", said, id=line["seq"]),
    )
    with row():
        again(line, kind)
        done(line, kind)
