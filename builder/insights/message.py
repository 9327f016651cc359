"""One message: what was said, what happened when, what the turn did, what became of the answer."""

import json
import time

import streamlit as st

from builder.insights import _names, _said, _trace, _words
from builder.insights._again import again, give_back
from builder.insights._as_test import as_test
from builder.insights._drawn import anchor, callout, esc, fold, link, show, title
from builder.insights._go import wanted_seq
from builder.insights._reach import reach
from builder.insights._rows import pill
from builder.insights._teach import teach
from builder.insights._words import t
from builder.insights.desk import desk
from runtime.lang import stored
from runtime.store.database import Row
from runtime.store.messages.insights import Whole

PART_NUMBER = 3
"""Digits at most of a part's number; a platform's code has more, or a sign."""

NOTABLE = 0.05
"""Seconds. What passes sooner is not told."""


def page() -> None:
    seq = wanted_seq()
    link("conversations", f"← {t('message.back')}")
    whole = desk().insights.message(seq) if seq else None
    if whole is None:
        title(t("page.message"))
        callout("accent", esc(t("message.gone", seq=seq) if seq else t("message.ask")))
        return
    row = whole.row
    _names.learn([row])
    about = [
        _words.publication(row["publication"]),
        _words.person(row, openly=st.session_state.get("openly", False)),
    ]
    if row["version"]:
        about.append(t("message.version", version=row["version"]))
    if way := _words.way(row["message"]):
        about.append(t("message.way", way=way))
    title(t("message.title", seq=seq), " · ".join([*about, t("message.id", seq=seq)]))
    _outcome(row)
    show(
        '<div class="in-two"><div>',
        _said.said(row),
        _said.answered(row),
        f"<h2>{esc(t('message.trace'))}</h2>",
        _on_flow(whole),
        _trace.trace(whole.trace),
        f"</div><div><h2>{esc(t('message.timeline'))}</h2>",
        _timeline(whole),
        f"<h2>{esc(t('message.parts'))}</h2>",
        _parts(whole),
        "</div></div>",
    )


def _on_flow(whole: Whole) -> str:
    """The way to the builder's page that draws the turn on the flow; nothing where none ran."""
    if not whole.row["version"] or not any(event.get("block") for event in whole.trace):
        return ""
    there = f"../turn?message={whole.row['seq']}"
    return f'<p><a class="hy-btn" target="_self" href="{there}">{esc(t("message.on_flow"))}</a></p>'


def _outcome(row: Row) -> None:
    show(f'<p class="hy-row">{pill(row)}{anchor("conversation", t("message.all"), id=row["seq"])}</p>')
    reason = stored(json.loads(row["reason"] or "[]"))
    if why := _words.in_lang(reason):
        callout("bad", f"<b>{esc(t('message.why'))}</b>", _said.text(why))
    _judged(row)
    give_back(row["seq"])
    with st.container(horizontal=True, vertical_alignment="center"):
        reach(row)
        again(row)
        as_test(row["seq"], row["publication"])
        if row["kind"] not in ("event", "start") and (row["text"] or "").strip():
            teach(str(row["seq"]), row["text"], row["reply"] or "")


def _judged(row: Row) -> None:
    """What people thought of this answer."""
    found = desk().insights.ratings([row["publication"]], row["accepted_at"], time.time() + 1)
    for one in found:
        if one.seq == row["seq"]:
            reasons = t("feedback.reasons", list=", ".join(one.reasons)) if one.reasons else ""
            said = " ".join(filter(None, (one.text, reasons)))
            tone = "ok" if one.verdict == "good" else "warn"
            callout(tone, f"<b>{esc(t(f'feedback.{one.verdict}'))}</b> {esc(said)}")


def _timeline(whole: Whole) -> str:
    before, lines = whole.row["accepted_at"], []
    for noted in whole.moments:
        explained = _explained(whole.row["publication"], noted["what"], noted["detail"])
        passed = noted["at"] - before
        later = t("moment.later", time=_words.duration(passed)) if passed >= NOTABLE else ""
        lines.append(
            f"<li><time>{esc(_words.figures(noted['at'], '%H:%M:%S'))}</time>"
            f"<div>{esc(_happened(noted['what'], noted['detail']))}"
            + (f'<p class="soft">{esc(explained)}</p>' if explained else "")
            + f'</div><span class="soft">{esc(later)}</span></li>'
        )
        before = noted["at"]
    return f'<ol class="in-times">{"".join(lines)}</ol>'


def _happened(what: str, detail: str) -> str:
    """One moment in words; a kind that these pages do not know is named as it is."""
    if what == "answered" and detail:
        return t("moment.answered_failed", reason=_words.reason(detail))
    if what in ("bounced", "not_handed") and _is_code(detail):
        return t(f"moment.{what}", code=detail)
    if what == "held" and _is_code(detail):
        return t("moment.held_why", code=detail)
    if not _words.has(f"moment.{what}"):
        return t("moment.other", what=what)
    number = int(detail) + 1 if detail.isdigit() else 1
    return t(f"moment.{what}", n=number, code=detail)


def _explained(publication: str, what: str, detail: str) -> str:
    sent = what in ("held", "unknown", "unreachable", "bounced", "not_handed") and _is_code(detail)
    return _explain(publication, detail) if sent else ""


def _is_code(detail: str) -> bool:
    return bool(detail) and not (detail.isdigit() and len(detail) <= PART_NUMBER)


def _explain(publication: str, code: str) -> str:
    record = desk().control.publication(publication)
    return _words.explained(record.channel if record else "", code)


def _parts(whole: Whole) -> str:
    if not whole.parts:
        return f'<p class="soft">{esc(t("message.no_parts"))}</p>'
    return "".join(_part(whole, part) for part in whole.parts)


def _part(whole: Whole, part: Row) -> str:
    route = part["route"] or "none"
    route = t(f"route.{route}") if _words.has(f"route.{route}") else route
    about = [t("message.part", n=part["number"] + 1), t(f"part.{part['state']}"), route]
    if part["at"]:
        about.append(_words.moment(part["at"]))
    drawn = fold(esc(" · ".join(about)), _said.text(part["text"]))
    if part["code"] and part["state"] != "sent":
        why = _explain(whole.row["publication"], part["code"])
        if not _words.is_ours(part["code"]):
            why = t("message.code", code=part["code"], why=why) if why else part["code"]
        drawn += f'<p class="soft">{esc(why)}</p>'
    return drawn
