"""One tap to an answer that could not be shown at once."""

from collections.abc import Callable

from runtime.gateway.canned import SEE_WORD
from runtime.gateway.surfaces import Surface
from runtime.lang import Text
from runtime.store.messages.pages import Pages


class Invitation:
    """Links to the answer's page when our public address is known, else to sending a word."""

    def __init__(self, pages: Pages, public_url: Callable[[], str]) -> None:
        self._pages = pages
        self._public_url = public_url

    async def write(self, surface: Surface, seq: int, label: Text) -> str:
        return self.line(surface, await self._pages.secret(seq) if self._public_url() else "", label)

    def line(self, surface: Surface, secret: str, label: Text) -> str:
        """The same for a page whose secret is known."""
        language = surface.agent.language
        base = self._public_url()
        url = f"{base}/r/{secret}" if base else ""
        return surface.channel.invite(label.to(language), url, SEE_WORD.to(language))
