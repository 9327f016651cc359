"""Commands about what is published already. Each prints one JSON object."""

import argparse
import asyncio
from collections.abc import Sequence
from typing import Any

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.cli.printing import control_of, say
from runtime.errors import BadSettings
from runtime.lang import Text
from runtime.management.accounts import on_its_own
from runtime.management.rotating import rotated
from runtime.publish import Published, pause, resume
from runtime.settings import Settings
from runtime.store.control.records import Publication


def pairs(given: Sequence[str]) -> dict[str, str]:
    """What stands after --set, by name. Raises BadSettings."""
    found = {}
    for pair in given:
        name, separator, value = pair.partition("=")
        if not separator:
            raise BadSettings(
                Text(
                    "--set 应写成 名称=值，而不是「{name}」。", "--set takes NAME=VALUE, not {name!r}."
                ).fill(name=name),
                field="--set",
            )
        found[name.strip()] = value
    return found


def _state(publication: Publication) -> dict[str, Any]:
    paused = publication.paused_at is not None
    return {"publication": publication.id, "version": publication.version, "paused": paused}


@needs(Permission.AGENTS_PUBLISH)
def pause_publication(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    say(_state(pause(control_of(settings), options.publication, options.tell, by=who)))


@needs(Permission.AGENTS_PUBLISH)
def rotate_publication(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    given, control = pairs(options.given), control_of(settings)

    async def work() -> Published:
        async with on_its_own(settings.platform_proxy, settings.api_hosts, control.grants) as accounts:
            return await rotated(control, accounts, options.publication, given, by=who)

    published = asyncio.run(work())
    told = {"publication": published.publication, "path": published.path, "version": published.version}
    say({**told, **published.to_copy})


@needs(Permission.AGENTS_PUBLISH)
def resume_publication(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    say(_state(resume(control_of(settings), options.publication, by=who)))
