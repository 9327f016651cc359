"""What begins by itself: listed with when it is due, run now, and looked back upon."""

import argparse
import time
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.agents.agent import Agent
from runtime.agents.schedule import upcoming
from runtime.agents.starts import Called, Scheduled, Start
from runtime.cli.printing import control_of, library_of, say
from runtime.errors import BadSettings, NotFound
from runtime.lang import Text, listed
from runtime.settings import Settings
from runtime.store.control.control import Control
from runtime.store.messages.runs_list import RunsList
from runtime.time_zones import zone

NO_START = Text(
    "「{agent}」发布的版本里没有「{start}」这个触发器。",
    "No published version of {agent!r} has a trigger {start!r}.",
)
SEVERAL = Text(
    "它在几个发布里，请用 --publication 选一个：{there}",
    "Several publications have it; choose one by --publication: {there}",
)
NO_ADDRESS = Text("只有被调用的触发器有地址。", "Only a trigger that is called has an address.")
HOOKS = "/hooks/"


@needs(Permission.AGENTS_VIEW)
def list_starts(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """One line a start of each publication, with its next five times."""
    control, runs = control_of(settings), _runs(settings)
    published: set[str] = set()
    for id, agent in _published(control, options.agent):
        published.add(agent.id)
        addresses = runs.addresses(id)
        for start in agent.starts:
            say(_line(agent, start, id, addresses.get(start.id)))
    library = library_of(settings)
    if options.agent and options.agent not in published:
        agent = library.get(options.agent).agent
        for start in agent.starts:
            say(_line(agent, start, "", None))


@needs(Permission.AGENTS_PUBLISH)
def run_start(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Begins it now; a running program does it within seconds. Raises NotFound, BadSettings."""
    publication, start = _one(settings, options)
    run = _runs(settings).begin(publication, start.id, time.time())
    say({"run": run, "publication": publication, "start": start.id})


@needs(Permission.CONVERSATIONS_READ)
def list_runs(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """One line a run, the newest first; of one that is named by its number, a line a person."""
    runs = _runs(settings)
    if options.people:
        for one in runs.people(options.people):
            say({name: value for name, value in asdict(one).items() if value not in ("", None)})
        return
    for id, _ in _published(control_of(settings), options.agent):
        for ran in runs.runs(id, options.start or "", options.most):
            say(asdict(ran))


@needs(Permission.AGENTS_PUBLISH)
def new_address(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Prints it once: only its hash is kept. The one before ends. Raises NotFound, BadSettings."""
    publication, start = _one(settings, options)
    if not isinstance(start, Called):
        raise BadSettings(NO_ADDRESS, field="start")
    if options.off:
        ended = _runs(settings).end_address(publication, start.id)
        say({"publication": publication, "start": start.id, "ended": ended})
        return
    token = _runs(settings).new_address(publication, start.id, time.time())
    url = control_of(settings).public_url(settings.public_url)
    say({"publication": publication, "start": start.id, "path": HOOKS + token, "url": f"{url}{HOOKS}{token}"})


def _line(agent: Agent, start: Start, publication: str, address: float | None) -> dict[str, Any]:
    told: dict[str, Any] = {"publication": publication, "agent": agent.id, "start": start.id}
    told |= {"title": start.title, "on": start.on, "for": start.audience}
    if isinstance(start, Scheduled):
        due = upcoming(start.cron, zone(agent.timezone), time.time())
        told |= {"cron": start.cron, "timezone": agent.timezone, "next": due}
    if isinstance(start, Called):
        told["address_since"] = address
    return told


def _published(control: Control, agent: str | None) -> Iterator[tuple[str, Agent]]:
    """Publications, and their agents as they are published."""
    for one in control.publications():
        if one.enabled and agent in (None, one.agent):
            yield one.id, Agent.load(control.frozen_agent(one.id, one.version))


def _one(settings: Settings, options: argparse.Namespace) -> tuple[str, Start]:
    """Raises NotFound, BadSettings."""
    found = [
        (id, start)
        for id, agent in _published(control_of(settings), options.agent)
        for start in agent.starts
        if start.id == options.start and options.publication in ("", id)
    ]
    if not found:
        raise NotFound(NO_START.fill(agent=options.agent, start=options.start))
    if len(found) > 1:
        raise BadSettings(SEVERAL.fill(there=listed(id for id, _ in found)), field="publication")
    return found[0]


def _runs(settings: Settings) -> RunsList:
    return RunsList(settings.data / "messages.db")
