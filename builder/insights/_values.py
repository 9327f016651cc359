"""Who somebody is, and what the agent keeps of them by names of its own: seen and edited."""

from typing import Any

import streamlit as st

from builder.insights._again import act, for_good, lets
from builder.insights._drawn import callout, esc, heading, row, show
from builder.insights._plain import label
from builder.insights._words import in_lang, moment, t
from builder.insights.desk import desk
from runtime.agents.agent import Agent
from runtime.errors import HongyanError
from runtime.person import TAGS, Person
from runtime.store.messages.people import Face
from runtime.store.messages.person_values import Held
from runtime.turn.personal import LONGEST_TEXT, TAGS_OF_ALL, PersonValue, fits, named


def values(seq: int, face: Face) -> None:
    person, held = desk().people.who(face)
    _who(seq, person)
    heading(t("person.values"))
    declared = {name: one for name, one in named(_declared(face)).items() if name != TAGS}
    for name, one in declared.items():
        _value(seq, one, held.get(name))
    _value(seq, TAGS_OF_ALL.model_copy(update={"title": t("person.tags")}), held.get(TAGS))
    for name in sorted(set(held) - set(declared) - {TAGS}):
        _left_over(seq, name, held[name])


def _who(seq: int, person: Person) -> None:
    told = [
        (t("person.called"), person.name),
        (t("person.language"), person.language),
        (t("person.first_seen"), moment(person.first_seen) if person.first_seen else ""),
        (t("person.unionid"), person.unionid),
    ]
    if lines := [t("person.line", name=name, value=value) for name, value in told if value]:
        show(f'<p class="soft">{esc(" · ".join(lines))}</p>')
    if person.customer:
        show(f"<p>{esc(t('person.customer', customer=person.customer))}</p>")
        for_good(t("person.unbind"), f"unbind_{seq}", "unbind", t("person.unbind_hint"), seq=seq)


def _value(seq: int, one: PersonValue, held: Held | None) -> None:
    shown = _text(held.value if held else one.initial)
    since = t(f"person.by.{held.by}", at=moment(held.at)) if held else t("person.at_first")
    said = label(f"{one.title or one.name} · {since}")
    key = f"value_{seq}_{one.name}_{held.at if held else 0}"
    may = lets("keep_value", seq=seq)
    with row("bottom"):
        if one.type in ("list", "text"):
            new = st.text_area(said, shown, max_chars=LONGEST_TEXT, key=key, height=68, disabled=not may)
        else:
            new = st.text_input(said, shown, max_chars=LONGEST_TEXT, key=key, disabled=not may)
        if may and st.button(t("person.save"), key=f"save_{key}") and new != shown:
            _do("keep_value", seq=seq, name=one.name, value=new)
    if held and not fits(one, held.value):
        callout("warn", esc(t("person.retyped", value=_text(held.value), kind=held.kind)))
    elif held and held.former is not None:
        show(f'<p class="faint">{esc(t("person.former", value=_text(held.former)))}</p>')


def _left_over(seq: int, name: str, held: Held) -> None:
    """The agent declares it no longer: nothing is lost until somebody deletes it."""
    with row():
        st.markdown(label(t("person.left_over", name=name, value=_text(held.value))))
        key, why = f"drop_value_{seq}_{name}", t("person.drop_hint")
        for_good(t("person.delete"), key, "drop_value", why, seq=seq, name=name)


def _declared(face: Face) -> list[PersonValue]:
    record = desk().control.publication(face.publication)
    if record is None:
        return []
    try:
        return Agent.load(desk().control.frozen_agent(record.id, record.version)).person
    except HongyanError as e:
        callout("warn", esc(in_lang(e.text)))
        return []


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(map(_text, value))
    if isinstance(value, bool):
        return t("person.yes") if value else t("person.no")
    return str(value)


def _do(action: str, **args: Any) -> None:
    if act(action, **args):
        st.rerun()
