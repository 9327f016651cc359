"""What is remembered of a person: seen, changed, deleted, exported."""

import json
from collections.abc import Callable

import streamlit as st

from builder.insights import _words
from builder.insights._again import act, for_good, lets
from builder.insights._doors import doors
from builder.insights._drawn import callout, card, esc, heading, link, row, show, title
from builder.insights._export import download
from builder.insights._go import wanted_seq
from builder.insights._live import live
from builder.insights._plain import label
from builder.insights._values import values
from builder.insights._words import moment, t
from builder.insights.desk import desk
from runtime.gateway import own_data
from runtime.person import LONGEST_NAME, LONGEST_VALUE, Known, Note
from runtime.store.messages.people import Face


def page() -> None:
    seq = wanted_seq()
    link("conversation", f"← {t('person.back')}", id=seq)
    rows = desk().insights.conversation(seq, 1)
    if not rows:
        title(t("page.person"))
        callout("accent", esc(t("message.gone", seq=seq) if seq else t("message.ask")))
        return
    row = rows[0]
    face = Face(row["publication"], row["sender"])
    openly = st.session_state.get("openly", False)
    title(_words.person(row, openly=openly), _words.publication(row["publication"]))
    known = desk().people.known(face) or Known()
    doors(face)
    with card("values"):
        values(seq, face)
    with card("notes"):
        _notes(seq, face, known)
    _summaries(seq, known)
    _seen(face)
    with card("whole"):
        _whole(seq, face)


def _seen(face: Face) -> None:
    """To which models and tools something of theirs went, the last first."""
    found = desk().people.seen_by(face)
    if not found:
        return
    heading(t("person.seen"))
    for one in found:
        who = f"{one['provider']} · {one['model']}" if one["provider"] else one["model"]
        what = t("person.seen.list_mark").join(t(f"person.what.{kind}") for kind in one["what"])
        line = t("person.seen.line", who=who, what=what, at=moment(one["at"]))
        show(f"<p>{esc(line)}</p>")


def _notes(seq: int, face: Face, known: Known) -> None:
    heading(t("person.facts"))
    if not known.notes:
        show(f'<p class="soft">{esc(t("person.no_facts"))}</p>')
    for place, note in enumerate(known.notes):
        _note(seq, face, place, note)
    if not lets("keep_note", seq=seq):
        return
    with st.form(f"new_fact_{seq}", clear_on_submit=True, border=False):
        with row("bottom"):
            new = st.text_input(t("person.name"), max_chars=LONGEST_NAME, width=200)
            text = st.text_input(t("person.value"), max_chars=LONGEST_VALUE)
            added = st.form_submit_button(t("person.add"))
        if added and new.strip() and text.strip():
            _do("keep_note", seq=seq, agent=_agent(face), name=new, value=text)


def _note(seq: int, face: Face, place: int, note: Note) -> None:
    where = t(f"person.source.{note.source}", at=moment(note.at))
    may = lets("keep_note", seq=seq)
    with row("bottom"):
        text = st.text_input(
            label(f"{note.name} · {where}"),
            note.value,
            max_chars=LONGEST_VALUE,
            key=f"fact_{seq}_{place}_{note.at}",
            disabled=not may,
        )
        if may and st.button(t("person.save"), key=f"save_{seq}_{place}") and text != note.value:
            _do("keep_note", seq=seq, agent=_agent(face), name=note.name, value=text)
        key, why = f"drop_{seq}_{place}", t("person.drop_hint")
        for_good(t("person.delete"), key, "drop_note", why, seq=seq, name=note.name)


def _summaries(seq: int, known: Known) -> None:
    if known.summary is None and not known.elsewhere:
        return
    heading(t("person.summary"))
    for text in filter(None, [known.summary and known.summary.text, *known.elsewhere]):
        show(f"<p>{esc(text)}</p>")
    if known.summary:
        key, why = f"drop_summary_{seq}", t("person.drop_hint")
        for_good(t("person.drop_summary"), key, "drop_summary", why, seq=seq)


@live
def _erasing(seq: int, face: Face) -> None:
    """How far it is, where the words of somebody who wrote much are going."""
    work = desk().people.erasing(face)
    if work is None:
        return
    so_far = t("person.stopped" if work.stopped else "person.erasing", done=work.done, of=work.of)
    st.progress(work.done / max(1, work.of), text=so_far)
    if not work.stopped and lets("stop_erasing", seq=seq) and st.button(t("person.stop"), key=f"stop_{seq}"):
        _do("stop_erasing", seq=seq)


def _whole(seq: int, face: Face) -> None:
    heading(t("person.all"))
    show(f'<p class="soft">{esc(t("person.all_hint"))}</p>')
    with row():
        _exported(
            t("person.export_page"),
            lambda: own_data.page(desk().people.export(face), _words.lang()),
            "html",
            seq,
            face,
        )
        _exported(
            t("person.export"),
            lambda: json.dumps(desk().people.export(face), ensure_ascii=False, indent=2),
            "json",
            seq,
            face,
        )
        for_good(t("person.erase"), f"erase_{seq}", "erase_person", t("person.sure"), seq=seq)
    _erasing(seq, face)


def _exported(text: str, content: Callable[[], str | bytes], kind: str, seq: int, face: Face) -> None:
    of = {"what": "export-person", "of": str(seq)}
    download(text, content, f"hongyan-person.{kind}", agents=(_agent(face),), **of)


def _agent(face: Face) -> str:
    record = desk().control.publication(face.publication)
    return record.agent if record else ""


def _do(action: str, **args: str | int) -> None:
    if act(action, **args):
        st.rerun()
