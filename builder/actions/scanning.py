"""Joining an account by a scan, on the publish page."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from builder.actions import Notice, pair
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.channels import Channel
from runtime.checkup import lasting
from runtime.lang import Text
from runtime.publish import scanning
from runtime.publish.publications import the_publication
from runtime.publish.ways_in import is_linked
from runtime.store.control.control import Control
from runtime.store.control.records import Publication

Json = dict[str, Any]
Fact = Callable[[str], tuple[str, float] | None]


@needs(Permission.AGENTS_PUBLISH, on="publication")
def new_code(studio: Studio, who: Actor, publication: str) -> Notice:
    """Raises NotFound."""
    scanning.ask(studio.control, the_publication(studio.control, publication).id)
    return Notice(Text("马上就有新的二维码。", "A new code is on its way."))


@needs(Permission.AGENTS_PUBLISH, on="publication")
def enter_digits(studio: Studio, who: Actor, publication: str, digits: str) -> Notice:
    """Raises NotFound, BadSettings."""
    scanning.enter(studio.control, the_publication(studio.control, publication).id, digits)
    return Notice(Text("收到，正在核对。", "Got them; checking."))


def lost(control: Control) -> list[tuple[Publication, Text]]:
    """Publications whose account was joined and is not any more, and what to do."""
    return scanning.lost(control)


def ended(control: Control, fact: Fact) -> list[tuple[Publication, Text]]:
    """Publications whose connection is not opened again by itself, and why. `fact`: what was noted."""
    found = []
    for publication in control.publications():
        noted = fact(f"link {publication.id}") if publication.enabled else None
        why = lasting.ended(noted[0]) if noted and is_linked(control, publication) else None
        if why:
            found.append((publication, why))
    return found


def shown(studio: Studio, who: Actor, publication: Publication | None, kind: type[Channel]) -> Json | None:
    """What the page draws and asks; None where nothing is scanned, or is any more. Who may not publish gets
    no code."""
    scan = scanning.scan(studio.control, publication, kind) if publication else None
    if publication is None or scan is None or scan.tone == "ok":
        return None
    if not who.may(Permission.AGENTS_PUBLISH, publication.agent):
        scan = replace(scan, rows=(), link="", wants_digits=False, may_ask=False)
    return {
        "tone": scan.tone,
        "title": pair(scan.title),
        "hint": pair(scan.hint),
        "rows": list(scan.rows),
        "link": scan.link,
        "computer": scan.computer,
        "wants_digits": scan.wants_digits,
        "may_ask": scan.may_ask,
    }
