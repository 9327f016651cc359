"""Flows that wait in the middle: for an answer, a decision, a call or a time; decided and ended here."""

import functools
from collections.abc import Sequence
from typing import Any

import streamlit as st

from builder.insights import _rows, _words
from builder.insights._again import deed, for_good, lets
from builder.insights._drawn import anchor, card, esc, fold, row, show, title
from builder.insights._empty import nothing
from builder.insights._go import go, wanted
from builder.insights._plain import short
from builder.insights._words import in_lang, t
from builder.insights.desk import desk
from runtime.store.messages.waits import Waits
from runtime.turn.waiting import LONGEST_NOTE

PAGE = 20
SHOWN = 300
"""Characters of what is waited for, before a fold opens the whole of it."""
KINDS = ("decision", "call", "time", "message")
"""What somebody here can do something about stands first."""


def page() -> None:
    title(t("waiting.title"), t("waiting.hint"))
    kept = st.session_state.pop("waits_kept", False)
    counts = desk().waits.counted(desk().within)
    there = [kind for kind in KINDS if counts.get(kind)]
    asked = st.query_params.get("part", "")
    kind = asked if asked in there or (kept and asked in KINDS) else [*there, KINDS[0]][0]
    number, last = max(1, wanted("page")), max(1, -(-counts.get(kind, 0) // PAGE))
    if not kept:
        if number > last:  # of a list that was longer
            go("waiting", part=kind, page=last)
        st.session_state.waits = desk().waits.longest(kind, (number - 1) * PAGE, PAGE, desk().within)
    found: Sequence[Waits] = st.session_state.waits
    if not found:
        nothing("waiting")
        return
    named = {one: (t(f"waiting.{one}"), counts.get(one, 0)) for one in KINDS if one in {*there, kind}}
    _rows.parts("waiting", named, kind)
    for one in found:
        with card(f"wait_{one.id}"):
            _line(one)
    _rows.pages("waiting", number, last, part=kind)


def _keep() -> None:
    """The list stays as it is until somebody wants another: no line moves under the pointer, where a second
    click would decide for somebody else."""
    st.session_state.waits_kept = True


def _decided(id: int, name: str, went_well: bool) -> None:  # it is what came back
    _keep()
    if went_well:
        st.session_state.setdefault("waits_decided", {})[id] = name


def _line(one: Waits) -> None:
    until = t("waiting.until", at=_words.moment(one.until)) if one.until < 1e11 else ""
    who = _words.person(vars(one), openly=st.session_state.get("openly", False))
    about = [_words.moment(one.at), until, who, _words.publication(one.publication)]
    told = esc(" · ".join(part for part in about if part))
    became = st.session_state.get("waits_decided", {}).get(one.id)
    pill = f'<span class="hy-pill ok">{esc(t(f"waiting.was.{became}"))}</span>' if became else ""
    what = in_lang(one.what)
    whole = (
        fold(esc(t("waiting.whole")), f'<div class="in-text">{esc(what)}</div>') if len(what) > SHOWN else ""
    )
    opened = anchor("conversation", t("message.all"), id=one.seq)
    show(
        f'<p class="hy-row"><span class="soft">{told}</span>{opened}{pill}</p>',
        f'<p class="in-asked">{esc(short(what, SHOWN) or t("list.nothing"))}</p>{whole}',
    )
    if not became:
        _deeds(one)


def _deeds(one: Waits) -> None:
    decides = one.kind == "decision" and lets("decide_wait", id=one.id)
    note = f"note_{one.id}"
    if decides:
        st.text_input(t("waiting.note"), key=note, max_chars=LONGEST_NOTE, on_change=_keep)
    with row():
        if decides:
            _decides(one, "approve", note, look="primary")
            _decides(one, "deny", note)
        then = functools.partial(_decided, one.id, "cancel")
        key, why = f"cancel_{one.id}", t("waiting.cancel_hint")
        for_good(t("waiting.cancel"), key, "end_wait", why, then=then, id=one.id)


def _decides(one: Waits, name: str, note: str, **more: Any) -> None:
    _button(one, name, "decide_wait", yes=int(name == "approve"), reads={"note": note}, **more)


def _button(one: Waits, name: str, action: str, **more: Any) -> None:
    then = functools.partial(_decided, one.id, name)
    deed(t(f"waiting.{name}"), f"{name}_{one.id}", action, then=then, id=one.id, **more)
