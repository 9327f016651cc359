"""Who comes to a page or an app of ours by themselves: found out once, at their platform or by their site."""

import asyncio
import hashlib
import logging

from runtime.channels import AsksWho, SignedIn, SignsIn
from runtime.errors import HongyanError, NotFound, Refused
from runtime.gateway.context import Context
from runtime.gateway.delivery.sender import Sender
from runtime.gateway.surfaces import Surface
from runtime.lang import Text
from runtime.person import Described
from runtime.store.messages.people import Face
from runtime.store.vanishing import Share

log = logging.getLogger(__name__)

ONCE = 600.0
"""Seconds in which the platform is asked once about a proof that is good once."""
LOOK = 60.0
"""Seconds between two looks at who is signed in where nothing is any more."""
NOBODY_COMES = Text(
    "没有这个发布，或它不让人自己登录。请核对发布编号。",
    "There is no such publication, or nobody signs in there. Check its id.",
)
TWICE = Text("这个登录凭证已经用过了，请重新取一个。", "This proof was used already; get another.")


class SigningIn:
    def __init__(self, context: Context, sender: Sender) -> None:
        self._context, self._sender = context, sender

    def surface(self, publication: str) -> Surface:
        """Raises NotFound."""
        found = self._context.surfaces.find(publication)
        if found is None or found.door is None:
            raise NotFound(NOBODY_COMES, field="publication")
        return found

    async def who(self, surface: Surface, proof: str) -> SignedIn:
        """Raises Refused (proof), SendFailed."""
        channel, now = _door(surface), self._context.clock()
        asked = channel.signs_in(proof, now)
        if isinstance(asked, SignedIn):
            return asked
        assert isinstance(channel, AsksWho)
        mark = hashlib.sha256(proof.encode()).hexdigest()
        if await self._context.vanishing.take(Share(("proof", surface.id, mark), 1, ONCE)):
            raise Refused(TWICE, code="proof")
        return channel.told_who(await self._sender.ask(channel, asked))

    async def keep(self, surface: Surface, who: SignedIn) -> None:
        """What the proof tells of them, where the agent wants to know."""
        remembered, memory = self._context.messages.remembered, surface.agent.memory
        face, now = Face(surface.id, who.sender), self._context.clock()
        try:
            if surface.asks_person and who.described != Described():
                await remembered.profile(face, who.described, now)
            if memory.same_account and memory.remembers and who.described.account:
                await remembered.unite(face, surface.agent.id, who.described.account, now)
        except HongyanError as e:
            log.info("who somebody is on %s is not kept: %s", surface.id, e.text.en)

    async def watch(self) -> None:
        """End what is over, and what was begun on publications that were taken back."""
        families, surfaces = self._context.messages.families, self._context.surfaces
        while True:
            await asyncio.sleep(LOOK)
            await families.sweep(self._context.clock())
            dead = surfaces.dead()
            for publication in await families.publications():
                if surfaces.find(publication) is None and publication not in dead:
                    await families.end_all(publication)


def _door(surface: Surface) -> SignsIn:
    assert surface.door
    return surface.door
