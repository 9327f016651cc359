"""Everything one person wrote, with the answers, as they see it."""

import streamlit as st

from builder.insights import _names, _said, _words
from builder.insights._again import give_back
from builder.insights._as_test import as_test
from builder.insights._doors import doors
from builder.insights._drawn import anchor, callout, esc, link, show, title
from builder.insights._go import wanted_seq
from builder.insights._reach import reach
from builder.insights._rows import pill
from builder.insights._words import t
from builder.insights.desk import desk
from runtime.store.database import Row
from runtime.store.messages.people import Face

PAGE = 30


def page() -> None:
    seq = wanted_seq()
    link("conversations", f"← {t('message.back')}")
    shown = int(st.session_state.get(f"shown_{seq}", PAGE))
    newest = desk().insights.newest_of(seq) if seq else 0
    rows = desk().insights.conversation(newest, shown + 1)
    if not rows:
        title(t("page.conversation"))
        callout("accent", esc(t("message.gone", seq=seq) if seq else t("message.ask")))
        return
    _names.learn(rows[:1])
    name = _words.person(rows[0], openly=st.session_state.get("openly", False))
    title(t("conversation.title", person=name), _words.publication(rows[0]["publication"]))
    link("person", t("conversation.person"), id=newest)
    doors(Face(rows[0]["publication"], rows[0]["sender"]))
    give_back(newest)
    with st.container(horizontal=True, vertical_alignment="center"):
        reach(rows[-1])
        as_test(newest, rows[0]["publication"])
    if len(rows) > shown and st.button(t("conversation.earlier")):
        st.session_state[f"shown_{seq}"] = shown + PAGE
        st.rerun()
    show('<div class="in-talk">', *(_turn(row) for row in rows[-shown:]), "</div>")


def _turn(row: Row) -> str:
    about = f'<span class="soft">{esc(_words.moment(row["accepted_at"]))}</span>{pill(row)}'
    opened = anchor("message", t("conversation.open"), id=row["seq"])
    return f'<p class="hy-row">{about}{opened}</p>{_said.said(row)}{_said.answered(row)}'
