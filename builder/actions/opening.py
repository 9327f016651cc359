"""Which pages somebody may open, so that the bar on top leads nobody to a closed door."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any

from builder.actions.lasting import brief
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.audit.declared import unrecorded
from runtime.access.permissions import ALWAYS, Permission, needs


def opening(
    doors: Mapping[str, Permission], begun: Mapping[str, Permission]
) -> Callable[[Studio, Actor], Awaitable[list[str]]]:
    """`doors`: what each page needs, by its path; `begun`: what what one can begin from any page needs."""

    @needs(Permission.ACCOUNT)
    @unrecorded("it only looks")
    @brief("it looks at what is in memory")
    async def opens(studio: Studio, who: Actor) -> list[str]:
        """Paths of pages, and ends of addresses that begin something. A page of single agents opens to whom
        one of them does."""
        pages = [page for page, permission in doors.items() if who.may_somewhere(permission)]
        return [*pages, *(end for end, permission in begun.items() if who.may(permission))]

    return opens


def pages(
    doors: Mapping[str, Permission], asked: Mapping[str, Collection[Permission]]
) -> Callable[[Studio], Awaitable[list[dict[str, Any]]]]:
    """`asked`: what else a page's clicks need."""

    @needs(Permission.PEOPLE_VIEW)
    @unrecorded("it only looks")
    @brief("it says what the program was built with")
    async def every_page(studio: Studio) -> list[dict[str, Any]]:
        """What opens each page, and what can be done there: permissions' ids."""
        return [
            {
                "page": page,
                "opens": door.id,
                "deeds": sorted(one.id for one in {*asked.get(page, ()), door} - ALWAYS),
            }
            for page, door in doors.items()
        ]

    return every_page
