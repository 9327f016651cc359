"""What is sent without anybody having written: alerts, and what the owner says.

It is on the disk before it leaves. One process sends, to each receiver in order and no faster than the
platform brings; what is refused for a while is tried again for a day.
"""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Collection, Sequence

from runtime.channels import Announces, Channel, Chooses
from runtime.choices import Choices, are_chinese, numbered, read, written
from runtime.crash import crashpoint
from runtime.errors import BadSettings, HongyanError, SendFailed, StoreFailed, Wrong
from runtime.gateway.delivery.rates import TOO_SOON, Rates
from runtime.gateway.delivery.refused import counted
from runtime.gateway.delivery.sender import Sender
from runtime.gateway.delivery.tokens import NO_TOKEN
from runtime.gateway.lease import Leases
from runtime.gateway.surfaces import Surface, Surfaces
from runtime.lang import Text
from runtime.store.messages.asked_others import Settling, settling
from runtime.store.messages.messages import Messages
from runtime.store.messages.outbox import Said
from runtime.store.messages.states import SaidState

log = logging.getLogger(__name__)

LEASE = "outbox"
PATIENCE = 0.2
"""Seconds between two looks at what became of something."""
LOOK = 2.0
"""Seconds between two looks at what another process put there."""
PAUSES = (1.0, 5.0, 15.0, 60.0)
"""Before another try; the last one again and again."""
DAY = 86_400.0
"""Seconds after which it is given up."""
NOT_THERE = Text(
    "这个渠道不能主动发消息：只能回复先写来的人。",
    "Nobody can be written to on this channel before they write.",
)
EMPTY = Text("没有要发的文字。", "There is nothing to send.")
UNSURE = Text(
    "「{agent}」发到{channel}的一条消息可能没有发出去：正要发的时候程序停了。请看一眼，没有就再发一次。",
    "Something that “{agent}” said on {channel} may not have been sent: the program stopped as it was to "
    "leave. Please look, and send it again if it is not there.",
)


def _nobody(text: Text) -> None:
    """Where no owner is to be told."""


class Saying:
    """`send` is called in every process, and does the work in the one that has the lease."""

    def __init__(
        self,
        messages: Messages,
        surfaces: Surfaces,
        sender: Sender,
        rates: Rates,
        leases: Leases,
        clock: Callable[[], float],
    ) -> None:
        self._outbox = messages.outbox
        self._surfaces = surfaces
        self._sender = sender
        self._rates = rates
        self._leases = leases
        self._clock = clock
        self.tell: Callable[[Text], None] = _nobody
        """The owner hears at once of what may not have been sent."""
        self._woken = asyncio.Event()
        self._lanes: dict[tuple[str, str], asyncio.Task[None]] = {}

    async def say(self, surface: Surface, text: str, to: str = "", key: str = "") -> list[int]:
        """Put Markdown there to be sent; the ids of its parts. `key`: what has the same is sent once.

        Raises BadSettings (`field`: publication, to, text), StoreFailed.
        """
        channel = surface.channel
        if not isinstance(channel, Announces):
            raise BadSettings(NOT_THERE, field="publication")
        to = to or channel.receiver
        try:
            channel.check_receiver(to)
        except Wrong as e:
            raise BadSettings(e.text, field="to") from None
        parts = _rendered(channel, text)
        if not parts:
            raise BadSettings(EMPTY, field="text")
        key = key or f"{self._clock()} {text}"
        ids = await self._outbox.put(surface.id, to, _keyed(surface.id, to, key, parts), self._clock())
        self._woken.set()
        return ids

    async def ended(self, ids: Collection[int], seconds: float) -> list[Said]:
        """What became of these, as soon as it is known of all or the time is over."""
        until = asyncio.get_running_loop().time() + seconds
        said = await self._outbox.find(ids)
        while any(one.state in ("ready", "sending") for one in said):
            if asyncio.get_running_loop().time() >= until:
                break
            await asyncio.sleep(PATIENCE)
            said = await self._outbox.find(ids)
        return said

    async def send(self) -> None:
        """For as long as the process runs."""
        await self._leases.while_mine(LEASE, self._send)

    async def _send(self) -> None:
        try:
            await self._take_up()
            while True:
                await self._begin_lanes()
                await self._next_look()
        finally:
            lanes = list(self._lanes.values())
            for task in lanes:
                task.cancel()
            await asyncio.gather(*lanes, return_exceptions=True)

    async def _take_up(self) -> None:
        """What was leaving when a process died is sent again where that shows nothing twice."""
        for publication, receiver in await self._outbox.cut_off():
            surface = self._surfaces.find(publication)
            knows = surface is not None and surface.pusher is not None and surface.pusher.knows_repeats
            after: SaidState = "ready" if knows else "unknown"
            await self._outbox.release(publication, receiver, after, self._clock())
            if surface is not None and not knows:
                channel = type(surface.channel).about.title
                self.tell(UNSURE.fill(agent=surface.agent.name, channel=channel))

    async def _begin_lanes(self) -> None:
        try:
            waiting = await self._outbox.waiting()
        except StoreFailed as e:
            log.error("what is to be said cannot be read: %s", e.text.en)
            return
        for lane in waiting:
            if lane not in self._lanes:
                self._lanes[lane] = asyncio.create_task(self._run(lane))

    async def _next_look(self) -> None:
        try:
            await asyncio.wait_for(self._woken.wait(), LOOK)
        except TimeoutError:
            return
        self._woken.clear()

    async def _run(self, lane: tuple[str, str]) -> None:
        try:
            tries = 0
            while (said := await self._outbox.next(*lane)) is not None:
                surface = self._surfaces.find(said.publication)
                if surface is None or surface.pusher is None:
                    return  # unpublished, or not to be read just now: there will be another look
                if await self._one(surface, said):
                    tries = 0
                else:
                    await asyncio.sleep(PAUSES[min(tries, len(PAUSES) - 1)])
                    tries += 1
        except HongyanError as e:
            log.error("what is to be said on %s waits: %s", lane[0], e.text.en)
            await asyncio.sleep(PAUSES[-1])
        finally:
            del self._lanes[lane]

    async def _one(self, surface: Surface, said: Said) -> bool:
        """False when it is to be tried again a little later."""
        if not await self._rates.wait(surface, said.receiver):
            return False
        if not await self._outbox.move(said.id, "ready", "sending", "", self._clock()):
            return True  # somebody else has it
        crashpoint("before_send")
        error = await self._sent(surface, said)
        crashpoint("after_send")
        if isinstance(error, str):
            await self._outbox.move(said.id, "sending", "sent", error, self._clock())
            return True
        log.warning("what was said on %s was not taken: %s", surface.id, error.text.en)
        if self._passes(surface, said, error):
            await self._outbox.move(said.id, "sending", "ready", counted(error.code), self._clock())
            return False
        after: SaidState = "unknown" if error.code == "uncertain" else "failed"
        await self._outbox.move(said.id, "sending", after, counted(error.code), self._clock())
        return True

    async def _sent(self, surface: Surface, said: Said) -> SendFailed | str:
        """What `_leave` returns, or why not."""
        try:
            place = await self._sender.place(surface)
            try:
                async with self._rates.leaving(surface, said.receiver):
                    return await self._leave(surface, said)
            finally:
                place.give_back()
        except SendFailed as e:
            return e

    async def _leave(self, surface: Surface, said: Said) -> str:
        """With what is to be tapped in it, where the surface has that; else as lines. By what it can be
        settled later, or "". Raises SendFailed."""
        if settles := settling(said):
            return await self._settle(surface, said.receiver, settles)
        channel, (question, found) = surface.channel, read(said.text)
        offered = Choices(question, tuple(found))
        if not found:
            await self._sender.send(surface, said.receiver, said.text, said.key, unasked=True)
        elif not isinstance(channel, Announces):
            raise SendFailed(NOT_THERE, code="not_announced")
        elif isinstance(channel, Chooses) and channel.choice_limits.fit(offered):
            return await self._sender.offer(surface, said.receiver, offered, said.key)
        else:
            text = f"{question}\n{numbered(question, found)}"
            await self._sender.send(surface, said.receiver, text, said.key, unasked=True)
        return ""

    async def _settle(self, surface: Surface, receiver: str, settles: Settling) -> str:
        channel = surface.channel
        if isinstance(channel, Chooses):
            request = channel.settle(settles.handle, settles.words, receiver)
            if request is not None:
                await self._sender.asked(channel, request, channel.pushed)
        return ""

    def _passes(self, surface: Surface, said: Said, error: SendFailed) -> bool:
        """Whether another try may help."""
        assert surface.pusher
        if self._clock() - said.at > DAY:
            return False
        if error.code == "uncertain":
            return surface.pusher.knows_repeats
        passing = error.code in (TOO_SOON, NO_TOKEN, "unreachable") or error.code.startswith("http_")
        return passing or error.retryable or error.code in surface.pusher.codes.blocking


def _rendered(channel: Announces, text: str) -> list[str]:
    """As its surface shows it, and what is to be tapped behind the last part as it was written."""
    assert isinstance(channel, Channel)
    before, options = read(text)
    parts = [piece for one in channel.render(before) for piece in channel.cut(one)]
    if not options:
        return parts
    last = parts.pop() if parts else ""
    if not last or channel.limits.size(numbered(last, options)) > channel.limits.room:
        parts += [last] if last else []
        last = "请选择" if are_chinese(before, options) else "Please choose"
    return [*parts, last + written(options)]


def _keyed(publication: str, to: str, key: str, parts: Sequence[str]) -> list[tuple[str, str]]:
    found = []
    for number, part in enumerate(parts):
        whole = "\0".join((publication, to, key, str(number)))
        found.append((hashlib.sha256(whole.encode()).hexdigest()[:32], part))
    return found
