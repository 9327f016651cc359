"""A question and what is right to answer go into a base, from wherever an operator looks at them."""

import streamlit as st

from builder.insights._again import deed
from builder.insights._drawn import esc, show
from builder.insights._plain import label
from builder.insights._words import lang, t
from builder.insights.desk import desk
from runtime.access.permissions import Permission
from runtime.knowledge.sources.answers import LONGEST_ANSWER, LONGEST_QUESTION
from runtime.safety.masking.personal import KINDS
from runtime.safety.masking.standing import in_words


def teach(place: str, question: str, answer: str) -> None:
    """Both may be changed before. Nothing for who may not, or where no base is."""
    if not desk().who().may(Permission.KNOWLEDGE_EDIT):
        return
    bases = dict(desk().bases())
    if not bases:
        return
    with st.popover(t("teach"), key=f"teach_{place}"):
        show(f'<p class="soft">{esc(t("teach.hint"))}</p>')
        base = st.selectbox(
            t("teach.base"), list(bases), format_func=lambda id: label(bases[id]), key=f"teach_base_{place}"
        )
        # what is of one person is no part of what everybody asks, and would outlast their being forgotten
        asked = in_words(" ".join(question.split())[:LONGEST_QUESTION], KINDS, lang())[:LONGEST_QUESTION]
        st.text_area(t("teach.question"), asked, max_chars=LONGEST_QUESTION, key=f"teach_question_{place}")
        st.text_area(
            t("teach.answer"), answer[:LONGEST_ANSWER], max_chars=LONGEST_ANSWER, key=f"teach_answer_{place}"
        )
        reads = {name: f"teach_{name}_{place}" for name in ("question", "answer")}
        deed(t("teach.keep"), f"teach_keep_{place}", "teach", reads=reads, look="primary", base=str(base))
