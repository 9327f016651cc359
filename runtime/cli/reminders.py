"""The operator reminds somebody who writes to an agent: as the agent's own tool does."""

import argparse
import time
import uuid
from datetime import datetime

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.agents.agent import Agent
from runtime.cli.printing import control_of, say
from runtime.errors import BadSettings, NotFound
from runtime.lang import Text
from runtime.settings import Settings
from runtime.store.messages.reminders_list import RemindersList
from runtime.time_zones import zone

LONGEST = 500
NO_TIME = Text(
    "时间要写成 2026-11-30T09:00 这样，而且还没到。",
    "Write a time that is to come like 2026-11-30T09:00.",
)
NO_TEXT = Text("要提醒什么：1 到 500 个字。", "What to remind of: 1 to 500 characters.")
NO_PUBLICATION = Text("没有「{id}」这个发布。", "There is no publication {id!r}.")
FULL = Text("这个人的提醒已有 20 个。", "This person has 20 reminders already.")
NONE_SUCH = Text("这个人没有编号 {id} 的提醒。", "This person has no reminder {id}.")


@needs(Permission.CONVERSATIONS_ANSWER)
def add(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """A running program sends it when it is due. Raises NotFound, BadSettings."""
    now, due = time.time(), _time(settings, options)
    text = options.text.strip()
    if not 0 < len(text) <= LONGEST:
        raise BadSettings(NO_TEXT, field="text")
    made = _reminders(settings).add(*_whose(options), str(uuid.uuid4()), text, due, now)
    if made is None:
        raise BadSettings(FULL, field="person")
    say({"id": made.id, "text": made.text, "due": made.due})


@needs(Permission.CONVERSATIONS_READ)
def list_all(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """One line a reminder."""
    for one in _reminders(settings).all(*_whose(options)):
        say(dict(vars(one)))


@needs(Permission.CONVERSATIONS_ANSWER)
def cancel(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Raises NotFound."""
    if not _reminders(settings).cancel(*_whose(options), options.id):
        raise NotFound(NONE_SUCH.fill(id=options.id))
    say({"id": options.id, "cancelled": True})


def _time(settings: Settings, options: argparse.Namespace) -> float:
    """Raises NotFound, BadSettings."""
    control = control_of(settings)
    found = control.publication(options.publication)
    if found is None or not found.enabled:
        raise NotFound(NO_PUBLICATION.fill(id=options.publication))
    agent = Agent.load(control.frozen_agent(found.id, found.version))
    try:
        at = datetime.fromisoformat(options.at)
    except ValueError:
        raise BadSettings(NO_TIME, field="time") from None
    due = (at.replace(tzinfo=zone(agent.timezone)) if at.tzinfo is None else at).timestamp()
    if due <= time.time():
        raise BadSettings(NO_TIME, field="time")
    return due


def _whose(options: argparse.Namespace) -> tuple[str, str]:
    return options.publication, options.person


def _reminders(settings: Settings) -> RemindersList:
    return RemindersList(settings.data / "messages.db")
