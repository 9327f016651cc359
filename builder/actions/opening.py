"""Which pages somebody may open, so that the bar on top leads nobody to a closed door."""

from collections.abc import Awaitable, Callable, Mapping

from builder.actions.lasting import brief
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.audit.declared import unrecorded
from runtime.access.permissions import Permission, needs


def opening(doors: Mapping[str, Permission]) -> Callable[[Studio, Actor], Awaitable[list[str]]]:
    """`doors`: what each page needs, by its path."""

    @needs(Permission.ACCOUNT)
    @unrecorded("it only looks")
    @brief("it looks at what is in memory")
    async def opens(studio: Studio, who: Actor) -> list[str]:
        """Paths of pages. A page of single agents opens to whoever may it on one of them."""
        return [page for page, permission in doors.items() if who.may_somewhere(permission)]

    return opens
