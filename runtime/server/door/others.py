"""Ways in that lead elsewhere and come back: what the sign-in page asks of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response

from runtime.lang import Text


@dataclass(frozen=True)
class Offer:
    """A button on the sign-in page. `path`: ours, asked with `?next=` and a path of ours to go to."""

    words: Text
    path: str


class Others(Protocol):
    """Whoever comes back from there is given to Arrivals.come, with what they proved."""

    def offers(self) -> Sequence[Offer]: ...

    def no_password(self, user: str) -> Text | None:
        """Why that one comes in by no password, nor by a passkey; None for whoever does."""

    def is_only(self) -> bool:
        """Whether that is so for all but one."""

    def left(self, request: Request, response: Response) -> None:
        """They signed out here, by this response."""

    async def leads_out(self, request: Request) -> Response | None:
        """For whoever comes to the sign-in page after that: where they sign out elsewhere, too."""


class NoOthers:
    """Passwords and passkeys are all there is."""

    def offers(self) -> Sequence[Offer]:
        return ()

    def no_password(self, user: str) -> Text | None:
        return None

    def is_only(self) -> bool:
        return False

    def left(self, request: Request, response: Response) -> None:
        pass

    async def leads_out(self, request: Request) -> Response | None:
        return None
