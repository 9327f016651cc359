"""The build page's clicks: open, save what is valid, keep what is not, read pasted JSON."""

import time
from collections.abc import Sequence
from typing import Any

from builder.actions import Notice, pair
from builder.actions.agents import live_state, may_call
from builder.actions.checks import check_forms
from builder.actions.history import remember
from builder.actions.lines import line_of
from builder.actions.starts import forms
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.audit.declared import unrecorded
from runtime.access.permissions import SOME, Permission, needs
from runtime.agents.agent import Agent
from runtime.agents.check import Finding, check
from runtime.agents.edits.fixing import fix_of, fixed, problems
from runtime.agents.file import no_agent
from runtime.agents.library import Opened
from runtime.agents.powers import may
from runtime.agents.strict_json import parse
from runtime.errors import BadAgent, Conflict, HongyanError, NotFound
from runtime.knowledge.known import titles
from runtime.lang import Text
from runtime.publish.credentials import channel_named
from runtime.publish.unmet import unmet_where_published
from runtime.store.control.records import Publication
from runtime.trash import DeletedElsewhere
from runtime.turn.consent_settings import ASKED, NO, POLICY, REFUSED, THANKS, YES

Json = dict[str, Any]


@needs(Permission.AGENTS_VIEW, on="id")
def open_agent(studio: Studio, id: str) -> Json:
    """The agent as it is being edited: its draft if it has one. Raises NotFound, BadAgent."""
    opened = studio.library.open(id)
    return {
        "data": opened.data,
        "revision": begun_from(opened),
        "draft": opened.is_draft,
        "moved_on": opened.file_changed,
        "schema": Agent.model_json_schema(),
        "starts": forms(),
        "checks": check_forms(),
        "consent": consent_usual(),
        **beside(studio, id, opened.data),
    }


def consent_usual() -> Json:
    """By language, what is asked where the agent says nothing else, and what stands around it."""
    said = {"asked": ASKED, "refused": REFUSED, "policy": POLICY, "yes": YES, "no": NO, "thanks": THANKS}
    return {name: text.by_language() for name, text in said.items()}


@needs(Permission.AGENTS_EDIT, on="id")
def save(
    studio: Studio,
    who: Actor,
    id: str,
    data: Json,
    revision: str,
    unsure: Sequence[Json] = (),
    stepped: bool = False,
) -> Notice:
    """Save a valid agent; keep any other as a draft, so that nothing is lost. Raises Conflict, NotSaved.

    `revision` is what the edit started from, `unsure` what the page sent before without hearing whether it
    arrived: its own work is no conflict. `stepped`: it is a step of the edit history, which has it already.
    The answer tells which of the two it became, and why.
    """
    try:
        return saved(studio, who, id, data, revision, stepped=stepped)
    except Conflict as e:
        try:
            opened = studio.library.open(id)
        except NotFound:
            raise e from None
        if not any(_is_same(opened.data, {**own, "id": id}) for own in unsure):
            raise
        return saved(studio, who, id, data, begun_from(opened), stepped=stepped)


def saved(studio: Studio, who: Actor, id: str, data: Json, revision: str, *, stepped: bool = False) -> Notice:
    data = {**data, "id": id}
    file, known, draft = revision.partition(".")
    begun_from = draft if known else None
    try:
        before = studio.library.open(id).data
    except NotFound:
        raise (DeletedElsewhere(str(data.get("name") or id)) if revision else no_agent(id)) from None
    wrong = Agent.check(data)
    if not wrong:
        may_call(who, Agent.load(data), before)
    if wrong:
        revision = f"{file}.{studio.library.keep_draft(id, data, file, begun_from)}"
    else:
        revision = f"{studio.library.save(Agent.load(data), file, begun_from, written=data)}."
    if not stepped:
        remember(studio, who, id, data, before)
    reason = pair(wrong[0].clause()) if wrong else None
    value = {"revision": revision, "reason": reason, "at": time.time()}
    return Notice(value={**value, **beside(studio, id, data)})


def beside(studio: Studio, id: str, data: Json) -> Json:
    """What the page tells beside what is edited."""
    problems = {"problems": _problems(studio, data), "may": _may(data)}
    return {**problems, "saved": not Agent.check(data), **_published(studio, id, data)}


def _may(data: Json) -> list[Json] | None:
    """What the agent may do to the world; None while it is no agent."""
    return None if Agent.check(data) else [one.to_json() for one in may(Agent.load(data))]


def begun_from(opened: Opened) -> str:
    """The file and the draft that an edit starts from, as the page hands it back."""
    return f"{opened.revision}.{opened.draft}"


def _is_same(stored: Json, sent: Json) -> bool:
    return stored == sent or (not Agent.check(sent) and stored == Agent.load(sent).to_json())


@needs(Permission.AGENTS_EDIT, on="id")
def overwrite(studio: Studio, who: Actor, id: str, data: Json) -> Notice:
    """Save over what somebody else wrote in between: the owner chose to."""
    opened = studio.library.open(id)
    try:
        file = studio.library.get(id).revision
    except HongyanError:
        file = opened.revision
    return saved(studio, who, id, data, f"{file}.{opened.draft}")


@needs(Permission.AGENTS_EDIT)
def keep_copy(studio: Studio, data: Json) -> Notice:
    """Save this version as an agent of its own, beside the other one. Raises BadAgent."""
    agent = Agent.load(data)
    suffix = Text(" 我的改动", " my changes").to(agent.language)
    named = agent.model_copy(update={"name": agent.name[: 60 - len(suffix)] + suffix})
    made = studio.library.import_(named.model_dump_json(exclude_defaults=False))
    return Notice(Text("已另存为「{name}」。", "Saved as “{name}”.").fill(name=made.name), {"id": made.id})


@needs(Permission.AGENTS_EDIT, on="id")
def reload(studio: Studio, id: str) -> Json:
    """Give up this version: what is on disk counts."""
    studio.library.drop_draft(id)
    return open_agent(studio, id)


@needs(Permission.AGENTS_VIEW, on=SOME)
def choices(studio: Studio, who: Actor, lang: str = "zh") -> Json:
    """What the flow editor's fields suggest: models that are set up, prompt templates, bases, agents."""
    models = [route.id for route in studio.control.policy.routes()]
    models += [
        f"{endpoint.name}/{model}" for endpoint in studio.control.endpoints() for model in endpoint.models
    ]
    templates = [
        template.model_dump(include={"id", "title", "description", "variables", "text"})
        for template in studio.prompts.templates(lang)
    ]
    bases = [{"value": id, "title": title} for id, title in titles(studio.settings.home).items()]
    agents = [
        {"value": one.agent.id, "title": one.agent.name, "about": one.agent.description}
        for one in studio.library.list().agents
        if who.may(Permission.AGENTS_VIEW, one.agent.id)
    ]
    there = [
        {"value": one.id, "title": _is_where(one, lang)}
        for one in studio.control.publications()
        if one.enabled and who.may(Permission.AGENTS_VIEW, one.agent)
    ]
    return {
        "models": models, "templates": templates, "bases": bases, "agents": agents, "publications": there
    }  # fmt: skip


def _is_where(publication: Publication, lang: str) -> str:
    """Its surface and its id, which says whose it is."""
    try:
        surface = channel_named(publication.channel).about.title.to(lang)
    except HongyanError:  # one that was there before
        surface = publication.channel
    return f"{surface} · {publication.id}"


@needs(Permission.AGENTS_VIEW, on=SOME)
def read_json(studio: Studio, text: str, id: str) -> Json:
    """What a pasted text is: its data when it is JSON, and everything to correct, each with its line."""
    try:
        data = parse(text)
    except BadAgent as e:
        return {
            "data": None,
            "problems": [{"level": "error", "field": e.field, "text": pair(e.text), "line": None}],
        }
    if not isinstance(data, dict):
        text_ = Text("最外层应是一个 JSON 对象 { … }", "The outermost value should be a JSON object { … }")
        return {"data": None, "problems": [{**Finding("error", "", text_).to_json(), "line": 1}]}
    found = _problems(studio, {**data, "id": id})
    return {
        "data": data,
        "problems": [{**problem, "line": line_of(text, problem["field"])} for problem in found],
    }


def _problems(studio: Studio, data: Json) -> list[Json]:
    """What does not validate; when all does, what would still go wrong. With the fix where one is certain."""
    found = problems(data, lambda agent: _check(studio, agent))
    return [{**one.to_json(), **_fix(data, one)} for one in found]


def _fix(data: Json, finding: Finding) -> Json:
    fix = fix_of(data, finding)
    return {"fix": {"code": finding.code, "title": pair(fix.title)}} if fix else {}


@needs(Permission.AGENTS_EDIT, on=SOME)
@unrecorded("gives back a draft, and keeps nothing")
def fix(studio: Studio, data: Json, field: str, code: str) -> Json:
    """The agent with the problem of that code at that field mended; nothing is saved. Raises BadAgent."""
    return fixed(data, field, code, lambda agent: _check(studio, agent))


def _check(studio: Studio, agent: Agent) -> list[Finding]:
    found = check(agent, studio.prompts, studio.control, studio.settings.egress_allow)
    return [*found, *unmet_where_published(studio.control, agent)]


def _published(studio: Studio, id: str, data: Json) -> Json:
    return live_state(studio, id, None if Agent.check(data) else Agent.load(data))
