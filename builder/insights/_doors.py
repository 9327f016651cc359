"""One person, several doors: where else whoever is looked at writes."""

import streamlit as st

from builder.insights import _words
from builder.insights._drawn import callout, esc, link
from builder.insights._words import moment, t
from builder.insights.desk import desk
from runtime.store.messages.people import Face


def doors(face: Face) -> None:
    """Nothing for somebody who is known in one place alone."""
    known = desk().people.known(face)
    if known is None or known.surfaces < 2:
        return
    callout("accent", esc(t("person.surfaces", n=known.surfaces)))
    openly = st.session_state.get("openly", False)
    for one in desk().people.doors(face):
        row = {"publication": one.publication, "sender": one.sender}
        name, when = _words.person(row, openly=openly), moment(one.last_at)
        words = t("person.door", where=_words.publication(one.publication), person=name, at=when)
        link("conversation", words, id=one.seq)
