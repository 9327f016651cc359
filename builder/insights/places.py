"""Places that agents share out: how many are taken, by whom, and a button that gives one back."""

import csv
import io
from collections.abc import Iterator

import streamlit as st

from builder.insights import _words
from builder.insights._again import act, for_good, lets
from builder.insights._drawn import anchor, card, esc, heading, row, show, title
from builder.insights._empty import nothing
from builder.insights._export import BOM, download, harmless
from builder.insights._words import moment, t
from builder.insights.desk import desk
from runtime.agents.agent import Agent
from runtime.errors import HongyanError
from runtime.shared import Held
from runtime.store.messages.shared_list import Key
from runtime.turn.shared_settings import MANY, SharedPlaces

SHOWN = 100
"""Claims of one key; the file has all."""


def page() -> None:
    title(t("places.title"), t("places.hint"))
    found = list(_agents())
    if not found:
        nothing("places")
        return
    for agent in found:
        for one in agent.shared:
            with card(f"places_{agent.id}_{one.name}"):
                _shared(agent, one)


def _agents() -> Iterator[Agent]:
    """Published ones that share something out, with those that they use; each once."""
    seen: set[str] = set()
    agents = desk().agents
    for record in desk().control.publications():
        try:
            agent = Agent.load(desk().control.frozen_agent(record.id, record.version))
        except HongyanError:
            continue  # told on the Publish page
        for one in (agent, *agent.others.values()):
            if one.shared and one.id not in seen and (agents is None or one.id in agents):
                seen.add(one.id)
                yield one


def _shared(agent: Agent, one: SharedPlaces) -> None:
    keys = {key.key: key for key in desk().shared.keys(agent.id, one.name)}
    heading(f"{agent.name} · {one.title or one.name}")
    if not keys:
        show(f'<p class="soft">{esc(t("places.nobody"))}</p>')
        return
    where = f"{agent.id}_{one.name}"
    chosen = st.selectbox(
        t("places.key"), list(keys), format_func=lambda key: _told(one, keys[key]), key=f"key_{where}"
    )
    claims = desk().shared.claims(agent.id, one.name, chosen)
    for claim in claims[:SHOWN]:
        _claim(agent, claim)
    if len(claims) > SHOWN:
        st.caption(t("todo.more", n=SHOWN, all=len(claims)))
    _how_many(agent, one, keys[chosen])
    download(
        t("places.export"),
        lambda: _csv(desk().shared.claims(agent.id, one.name)),
        f"{one.name}.csv",
        what="places",
        of=agent.id,
        agents=(agent.id,),
        key=f"export_{where}",
    )


def _told(one: SharedPlaces, key: Key) -> str:
    most = one.places if key.places is None else key.places
    return f"{key.key} · {key.taken}" + ("" if most is None else f" / {most}")


def _claim(agent: Agent, claim: Held) -> None:
    places = t("places.several", n=claim.places) if claim.places > 1 else ""
    told = (f"#{claim.number}", _person(claim), places, moment(claim.at))
    with row():
        show(
            f"<p>{esc(' · '.join(part for part in told if part))} "
            f"{anchor('message', t('places.message'), id=claim.seq)}</p>"
        )
        key, why = f"free_{claim.id}", t("places.free_hint")
        for_good(t("places.free"), key, "free_place", why, agent=agent.id, id=claim.id)


def _how_many(agent: Agent, one: SharedPlaces, key: Key) -> None:
    if not lets("set_places", agent=agent.id):
        return
    with st.form(f"many_{agent.id}_{one.name}_{key.key}", border=False):
        now = one.places if key.places is None else key.places
        with row("bottom"):
            wanted = st.number_input(t("places.places"), -1, MANY, -1 if now is None else now, 1)
            saved = st.form_submit_button(t("person.save"))
        if saved:
            _done(act("set_places", agent=agent.id, name=one.name, key=key.key, places=int(wanted)))


def _person(claim: Held) -> str:
    return _words.person(vars(claim), openly=st.session_state.get("openly", False))


def _csv(claims: list[Held]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([t(f"places.csv.{name}") for name in ("key", "number", "places", "person", "at")])
    for one in claims:
        cells = (one.key, f"{one.number}", f"{one.places}", _person(one), _words.figures(one.at))
        writer.writerow([harmless(cell) for cell in cells])
    return BOM + out.getvalue()


def _done(went_well: bool) -> None:  # it is what came back
    if went_well:
        st.rerun()
