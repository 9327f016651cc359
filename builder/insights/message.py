"""One message: what was said, what happened when, what the turn did, what became of the answer."""

import json
import sqlite3

import streamlit as st

from builder.insights import _said, _trace, _words
from builder.insights._again import again
from builder.insights._go import link, wanted_seq
from builder.insights._plain import label
from builder.insights._words import t
from builder.insights.desk import desk
from runtime.store.insights import Whole

PART_NUMBER = 3
"""Digits at most of a part's number; a platform's code has more, or a sign."""

CLOCK = 72
"""Pixels for 21:36:50."""
NOTABLE = 0.05
"""Seconds. What passes sooner is not told."""


def page() -> None:
    seq = wanted_seq()
    link("conversations", t("message.back"), ":material/arrow_back:")
    whole = desk().insights.message(seq) if seq else None
    if whole is None:
        st.info(t("message.gone", seq=seq) if seq else t("message.ask"), icon=":material/search_off:")
        return
    row = whole.row
    st.title(t("message.title", seq=seq), anchor=False)
    about = [
        _words.publication(row["publication"]),
        _words.person(row, openly=st.session_state.get("openly", False)),
    ]
    if row["version"]:
        about.append(t("message.version", version=row["version"]))
    st.caption(label(" · ".join([*about, t("message.id", seq=seq)])))
    _outcome(row)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _said.said(row)
        _said.answered(row)
        st.subheader(t("message.trace"), anchor=False)
        _trace.trace(whole.trace)
    with right:
        st.subheader(t("message.timeline"), anchor=False)
        _timeline(whole)
        st.subheader(t("message.parts"), anchor=False)
        _parts(whole)


def _outcome(row: sqlite3.Row) -> None:
    good = row["state"] in ("delivered", "silent", "fetch") and not row["failure"]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(
            label(_words.state(row)), color="green" if good else "orange" if not row["failure"] else "red"
        )
        again(row)
        link("conversation", t("message.all"), ":material/forum:", id=row["seq"])
    zh, en = json.loads(row["reason"] or '["", ""]')
    if why := (zh if _words.lang() == "zh" else en):
        with st.container(border=True):
            st.caption(t("message.why"))
            _said.text(why)


def _timeline(whole: Whole) -> None:
    before = whole.row["accepted_at"]
    for noted in whole.moments:
        with st.container(horizontal=True, gap="small"):
            st.text(_words.moment(noted["at"], "%H:%M:%S"), width=CLOCK)
            with st.container():
                st.text(_happened(noted["what"], noted["detail"]))
                explained = _explained(whole.row["publication"], noted["what"], noted["detail"])
                if explained:
                    st.caption(label(explained))
            if (passed := noted["at"] - before) >= NOTABLE:
                st.caption(t("moment.later", time=_words.duration(passed)), width="content")
        before = noted["at"]


def _happened(what: str, detail: str) -> str:
    """One moment in words; a kind that these pages do not know is named as it is."""
    if what == "answered" and detail:
        return t("moment.answered_failed", reason=_words.reason(detail))
    if what == "held" and _is_code(detail):
        return t("moment.held_why", code=detail)
    if not _words.has(f"moment.{what}"):
        return t("moment.other", what=what)
    number = int(detail) + 1 if detail.isdigit() else 1
    return t(f"moment.{what}", n=number, code=detail)


def _explained(publication: str, what: str, detail: str) -> str:
    sent = what in ("held", "unknown", "unreachable") and _is_code(detail)
    return _explain(publication, detail) if sent else ""


def _is_code(detail: str) -> bool:
    return bool(detail) and not (detail.isdigit() and len(detail) <= PART_NUMBER)


def _explain(publication: str, code: str) -> str:
    record = desk().control.publication(publication)
    return _words.explained(record.channel if record else "", code)


def _parts(whole: Whole) -> None:
    if not whole.parts:
        st.caption(t("message.no_parts"))
    for part in whole.parts:
        route = part["route"] or "none"
        route = t(f"route.{route}") if _words.has(f"route.{route}") else route
        name = t("message.part", n=part["number"] + 1)
        state = t(f"part.{part['state']}")
        when = f" · {_words.moment(part['at'])}" if part["at"] else ""
        with st.expander(label(f"{name} · {state} · {route}{when}")):
            _said.text(part["text"])
        if part["code"] and part["state"] != "sent":
            st.caption(label(f"{part['code']}：{_explain(whole.row['publication'], part['code'])}"))
