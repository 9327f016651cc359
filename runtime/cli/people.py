"""What is kept of the people who write, shown, exported and erased."""

import argparse
import json
import sys
import time
from dataclasses import asdict

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.errors import NotFound
from runtime.lang import Text
from runtime.media.kept import KeptMedia
from runtime.person import Known
from runtime.settings import Settings
from runtime.store.messages.people import Face
from runtime.store.messages.people_list import PeopleList


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
def erase_person(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Words, facts, summaries and files, on all surfaces of the same person. Raises NotFound."""
    _known(options, settings)
    people, face = _people(settings), _face(options)
    KeptMedia(settings.data / "media").remove_now(files := people.files(face))
    erased = people.erase(face, time.time())
    _say(
        {
            "publication": options.publication,
            "person": options.person,
            "messages": erased.messages,
            "facts": erased.notes,
            "files": len(files),
            "erased": True,
        }
    )


def _people(settings: Settings) -> PeopleList:
    return PeopleList(settings.data / "messages.db")


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
    told = {name: value for name, value in fact.items() if value is not None}
    sys.stdout.write(f"{json.dumps(told, ensure_ascii=False)}\n")
