"""What is kept of a person, given to that person: as an address that is good once, or as a file."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass

from runtime.errors import TurnFailed
from runtime.gateway.job import Job
from runtime.gateway.own_data import page
from runtime.lang import Text
from runtime.off_loop import off_loop
from runtime.store.messages.media import KeptFile
from runtime.store.messages.messages import Messages
from runtime.store.messages.people import Face
from runtime.tools import Makes

PATH = "/my-data/"
Own = Callable[[Collection[str], tuple[str, str]], Awaitable[None]]
NOWHERE = Text(
    "现在这里给不出下载地址，请联系开通这个服务的人，让他导出给您。",
    "No address can be given here just now. Ask whoever runs this service: they can export it for you.",
)


@dataclass(frozen=True)
class HandingOut:
    """`public_url`: "" while nobody knows it; `makes`: files, for surfaces that show them; None: nowhere.
    `own`: these are that person's, and sealed by their key where files are."""

    public_url: Callable[[], str]
    makes: Makes | None
    own: Own

    async def address(self, messages: Messages, job: Job, title: str, now: float) -> str:
        """See Kept.export."""
        public, face, surface = self.public_url().rstrip("/"), Face(*job.lane), job.surface
        shows = surface.shower is not None and "file" in surface.shower.media_out
        if not public and (self.makes is None or not shows):
            raise TurnFailed(NOWHERE, code="no_address")
        secret = await messages.consents.give_address(face, now)
        if not secret or public:
            return f"{public}{PATH}{secret}" if secret else ""
        assert self.makes is not None
        whole = await messages.remembered.export(face)
        content = await off_loop(page, whole, surface.agent.language, now)
        made = await self.makes.make(title, "html", content)
        await messages.media.belong(job.seq, [KeptFile(made.hash, made.type, made.bytes)])
        await self.own([made.hash], job.lane)
        return f"![{made.name}]({made.address})"
