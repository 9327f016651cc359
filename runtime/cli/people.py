"""What is kept of the people who write, shown, exported and erased."""

import argparse
import time
from dataclasses import asdict

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.cli.printing import control_of, say
from runtime.errors import BadSettings, NotFound, Wrong
from runtime.lang import Text
from runtime.media.kept import KeptMedia
from runtime.person import Known, retagged
from runtime.settings import Settings
from runtime.store.messages.people import Face
from runtime.store.messages.people_list import PeopleList
from runtime.testing.forgetting import Forgetting

TOO_MUCH = Text("这个人的资料已经太多，先删几项。", "Too much is kept of this person; delete some first.")


@needs(Permission.CONVERSATIONS_READ)
def list_people(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """One line a person on a surface, who wrote last first."""
    for one in _people(settings).everybody(options.publication or "", options.most):
        _say({**asdict(one), "person": one.sender, "sender": None})


@needs(Permission.CONVERSATIONS_READ)
def show_person(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """What is remembered. Raises NotFound."""
    known = _known(options, settings)
    _say(
        {
            "publication": options.publication,
            "person": options.person,
            "surfaces": known.surfaces,
            "tags": _tags(options, settings),
            "facts": [asdict(note) for note in known.notes],
            "summary": known.summary.text if known.summary else "",
            "elsewhere": list(known.elsewhere),
        }
    )


@needs(Permission.CONVERSATIONS_READ)
def export_person(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Everything that is kept, as one JSON object. Raises NotFound."""
    _known(options, settings)
    _say(_people(settings).export(_face(options)))


@needs(Permission.CONVERSATIONS_ERASE)
def tag_person(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Their tags, with those that are named added or taken away. Raises NotFound, BadSettings."""
    _known(options, settings)
    tags = _retagged(options, settings) if options.tags else _tags(options, settings)
    _say({"publication": options.publication, "person": options.person, "tags": tags})


def _tags(options: argparse.Namespace, settings: Settings) -> list[str]:
    return list(_people(settings).who(_face(options))[0].tags)


def _retagged(options: argparse.Namespace, settings: Settings) -> list[str]:
    publication = control_of(settings).publication(options.publication)
    agent = publication.agent if publication else ""
    add, remove = ([], options.tags) if options.remove else (options.tags, [])
    people, face = _people(settings), _face(options)
    try:
        tags = people.retag(face, agent, lambda now: retagged(now, add, remove), time.time())
    except Wrong as e:
        raise BadSettings(Text("{why}。", "{why}.").fill(why=e.text), field="tag") from None
    if tags is None:
        raise BadSettings(TOO_MUCH, field="tag")
    return tags


@needs(Permission.CONVERSATIONS_ERASE)
def erase_person(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Words, facts, summaries, files, and tests made of what they said, on all surfaces of the person. Raises
    NotFound."""
    _known(options, settings)
    people, face = _people(settings), _face(options)
    erased = people.erase(face, time.time(), KeptMedia(settings.data / "media").remove_now)
    tests = Forgetting(settings.agents, settings.data).forget(people.forgotten())
    _say(
        {
            "publication": options.publication,
            "person": options.person,
            "messages": erased.messages,
            "facts": erased.notes,
            "files": len(erased.files),
            "tests": tests,
            "erased": True,
        }
    )


def _people(settings: Settings) -> PeopleList:
    marks = control_of(settings).marks_of
    return PeopleList(settings.data / "messages.db", marks)


def _face(options: argparse.Namespace) -> Face:
    return Face(options.publication, options.person)


def _known(options: argparse.Namespace, settings: Settings) -> Known:
    if (known := _people(settings).known(_face(options))) is None:
        raise NotFound(
            Text(
                "没有这个人。用 python app.py person list 看都有谁。",
                "There is nobody of that name. python app.py person list shows who there is.",
            )
        )
    return known


def _say(fact: dict[str, object]) -> None:
    say({name: value for name, value in fact.items() if value is not None})
