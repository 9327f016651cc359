"""What arrives is judged, stored, put into its lane and, where a response is shown, answered in it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence

from runtime.channels import Arrivals, Receives, Responds, WebResponse
from runtime.crash import crashpoint
from runtime.errors import StoreFailed
from runtime.gateway.admitting import Admitting
from runtime.gateway.at_desk import AtDesk
from runtime.gateway.canned import busy, canned, slower, waiting, wants_kept_answer
from runtime.gateway.context import Context
from runtime.gateway.delivery.abilities import Abilities
from runtime.gateway.delivery.alone import responded
from runtime.gateway.delivery.choosing import Choosing
from runtime.gateway.delivery.deciding import Deciding
from runtime.gateway.delivery.elsewhere import Elsewhere, nothing_earlier
from runtime.gateway.delivery.ladder import Delivery
from runtime.gateway.delivery.push import Push
from runtime.gateway.in_time import in_time
from runtime.gateway.job import Job, Listens
from runtime.gateway.judging import Judging, thanks
from runtime.gateway.patience import patiently
from runtime.gateway.paused import Paused
from runtime.gateway.placing import Place, Placing
from runtime.gateway.receiving import Receiving
from runtime.gateway.surfaces import Surface
from runtime.gateway.worker import Worker
from runtime.message import Bounce, Message
from runtime.store.messages.accepting import Accepted
from runtime.store.messages.arrivals import Came
from runtime.store.messages.twins import Same, never

log = logging.getLogger(__name__)

NONE: Mapping[str, str] = {}


class Intake:
    """Nothing is acknowledged before it is on the disk."""

    def __init__(
        self,
        context: Context,
        worker: Worker,
        paused: Paused,
        abilities: Abilities,
        delivery: Delivery,
        push: Push,
        choosing: Choosing,
        deciding: Deciding,
    ) -> None:
        self._choosing, self._judging = choosing, Judging(context)
        self._deciding = deciding
        self._messages = context.messages
        self._worker = worker
        self._paused = paused
        self._room = context.room
        self._admitting = Admitting(context, push)
        self._abilities = abilities
        self._placing = Placing(context, worker, paused, abilities, push)
        self._delivery, self._elsewhere = delivery, Elsewhere(context, abilities, delivery)
        self._desk = AtDesk(context, delivery)
        self._push = push
        self._background = context.background
        self.receiving = Receiving(context)
        self._metrics = context.metrics
        self._clock = context.clock
        self._handings = context.handings
        self.after_earlier: Callable[[Accepted], Awaitable[None]] = nothing_earlier
        """Returns once what its person wrote before, to others too, is in its lane."""

    async def answered(
        self, surface: Surface, channel: Receives, came: Arrivals, listens: Listens
    ) -> WebResponse:
        """The response to a callback that brought these."""
        if isinstance(channel, Responds) and channel.responds and len(came.messages) == 1:
            return await self._responded(surface, channel, came.messages[0], listens)
        try:
            await in_time(self.take(surface, came.messages, bounces=came.bounces), self._background)
        except StoreFailed as e:
            log.error("messages to %s could not be stored: %s", surface.id, e.text.en)
            self._metrics.callbacks.labels(surface.kind, "not_stored").inc()
            return channel.turn_away()
        except Exception:  # a bug of ours, or a system that gives nothing more: it is to come again
            log.exception("messages to %s could not be taken", surface.id)
            self._metrics.callbacks.labels(surface.kind, "bug").inc()
            return channel.turn_away()
        return channel.acknowledge()

    async def at_once(self, surface: Surface, channel: Receives, came: Arrivals) -> WebResponse | None:
        """What answers a call that brings no message: a handshake, what a file came to, or the question
        for the newest text of a bubble."""
        if came.inspected:
            await self._worker.inspecting.told(surface, came.inspected)
        if came.response is None and came.bubble:
            asked = surface.by(channel)
            return await self._delivery.bubbles.asked(asked, came.bubble, self._worker.find)
        return came.response

    async def take(
        self,
        surface: Surface,
        messages: Sequence[Message],
        *,
        facts: Mapping[str, str] = NONE,
        bounces: Sequence[Bounce] = (),
        answered_since: float = 0.0,
        same: Same = never,
    ) -> None:
        """What nobody waits for in a response: answered by push, in each person's order.

        `facts` are stored in the same step, and which parts did not arrive. What was written before
        `answered_since` is only kept; `same`: which came before under another id. Raises StoreFailed: then
        nothing is stored.
        """
        taken = [
            await self.understood(surface, message)
            for message in messages
            if await self._admitting.is_allowed(surface, message)
            and not await self._decides(surface, message)
        ]
        if not (taken or facts or bounces):
            return
        quiet = {one.sender for one in taken if self._is_quiet(surface, one)}
        turns = surface.agent.memory.strategy.loads if quiet else 0
        came = Came(taken, facts, bounces, surface.desk_seconds, answered_since, same, turns)
        with self._room.arrival():
            accepted = await self._messages.accept_all(surface.id, came, self._clock())
        crashpoint("after_persist")
        self._worker.withdraw(withdrawn := {seq for one in accepted for seq in one.withdrawn})
        self._abilities.heard(surface)
        for message, one in zip(taken, accepted, strict=True):
            self._metrics.callbacks.labels(surface.kind, "accepted" if one.is_new else "repeat").inc()
            if not one.is_to_begin or one.seq in withdrawn:
                continue
            if not self._desk.is_handed(surface, message, one):
                await self.after_earlier(one)
                is_known = message.sender in quiet and not one.after
                await self.begin(surface, message, one if is_known else one.alone())
            quiet.discard(message.sender)

    async def accept(self, surface: Surface, message: Message) -> Accepted:
        """Store it. What it tells of before is known unless something is still being said."""
        quiet = self._is_quiet(surface, message)
        turns = surface.agent.memory.strategy.loads if quiet and message.history is None else 0
        with self._room.arrival():
            accepted = await self._messages.accept(
                surface.id, message, self._clock(), turns, desk_seconds=surface.desk_seconds
            )
        self._worker.withdraw(accepted.withdrawn)
        await self.after_earlier(accepted)
        # an earlier message may have been accepted meanwhile
        return accepted if quiet and self._is_quiet(surface, message) else accepted.alone()

    def _is_quiet(self, surface: Surface, message: Message) -> bool:
        """Nothing of this person's is being answered."""
        return self._worker.latest((surface.id, message.sender)) is None

    async def understood(self, surface: Surface, message: Message) -> Message:
        """What was typed, as what it means there. Raises StoreFailed."""
        return await self._judging.understood(surface, await self._choosing.understood(surface, message))

    async def _decides(self, surface: Surface, message: Message) -> bool:
        """It was a yes or no of somebody who was asked, and counts by now."""
        if not self._deciding.is_tap(surface, message):
            return False
        await self._deciding.tapped(surface, message)
        return True

    async def begin(self, surface: Surface, message: Message, accepted: Accepted) -> None:
        """What was accepted gets its turn, whatever the disk does meanwhile. Raises StoreFailed (given_up):
        it is another's by now."""
        place = await self._placing.place(surface, message, accepted)
        lane = (surface.id, message.sender)
        if place == "fetch":
            if kept := await patiently(accepted.seq, lambda: self._messages.parts.waiting(*lane)):
                self._worker.put(Job(kept[-1].seq, surface, message, stored=True))
        elif text := self._words(surface, message, place):
            await self._choosing.tapped(surface, message)
            self._push.say_soon(surface, message.sender, text)
        elif place == "lane":
            await self._choosing.tapped(surface, message)

    async def _responded(
        self, surface: Surface, channel: Responds, message: Message, listens: Listens
    ) -> WebResponse:
        verdict = await self._admitting.verdict(surface, message)
        if verdict == "quiet":
            return channel.acknowledge()
        if verdict == "told":
            return channel.respond(message, slower(surface.agent), self._clock())
        try:
            if self._deciding.is_tap(surface, message):
                return await self._deciding.tapped(surface, message) or channel.acknowledge()
            return await self._take_one(surface, channel, message, listens)
        except StoreFailed as e:
            # nothing was stored, so nothing may be acknowledged: the person is told to send it again
            log.error("a message to %s could not be stored: %s", surface.id, e.text.en)
            self._metrics.callbacks.labels(surface.kind, "not_stored").inc()
        except Exception:  # a bug of ours, or a system that gives nothing more: the person is told as well
            log.exception("a message to %s could not be taken", surface.id)
            self._metrics.callbacks.labels(surface.kind, "bug").inc()
        return channel.respond(message, busy(surface.agent), self._clock())

    async def _take_one(
        self, surface: Surface, channel: Responds, message: Message, listens: Listens
    ) -> WebResponse:
        message = await self.understood(surface, message)
        began = asyncio.get_running_loop().time()
        storing = self.accept(surface, message)
        accepted = await in_time(storing, self._background, lambda late: self._late(surface, message, late))
        spent = asyncio.get_running_loop().time() - began
        crashpoint("after_persist")
        self._metrics.callbacks.labels(surface.kind, "accepted" if accepted.is_new else "repeat").inc()
        if accepted.response:
            return responded(channel, message, accepted.response, self._clock())
        if handed := await self._desk.response(surface, channel, message, accepted):
            return handed
        if not accepted.is_ours:
            return await self._elsewhere.respond(surface, channel, message, accepted.seq, listens, spent)
        return await self._begun(surface, channel, message, accepted, listens, spent)

    async def _late(self, surface: Surface, message: Message, accepted: Accepted) -> None:
        """It was stored after its callback had been answered."""
        if accepted.is_to_begin and not self._desk.is_handed(surface, message, accepted):
            await self.begin(surface, message, accepted.alone())

    async def _begun(
        self,
        surface: Surface,
        channel: Responds,
        message: Message,
        accepted: Accepted,
        listens: Listens,
        spent: float,
    ) -> WebResponse:
        """Put into its lane, unless it is there, and answered. `spent`: seconds of the callback's window."""
        held = asyncio.Event()
        try:
            if accepted.is_new:
                place = await self._placed(surface, message, accepted, held)
                if shown := await self._shown(surface, channel, message, place):
                    return shown
            elif canned(surface.agent, message) == "":
                return channel.acknowledge()
            found = self._found(surface, message, accepted.seq)
            asyncio.get_running_loop().call_soon(held.set)  # by then the callback is held for its answer
            return await self._delivery.respond(
                surface, channel, message, accepted.seq, found, listens, spent
            )
        finally:
            held.set()

    async def _placed(
        self, surface: Surface, message: Message, accepted: Accepted, held: asyncio.Event
    ) -> Place | None:
        """None: not yet. It is stored and gets its turn, so it is not to be written again."""
        try:
            placing = self._placing.place(surface, message, accepted, held)
            return await in_time(placing, self._background)
        except StoreFailed as e:
            log.error("message %s of %s has no place yet: %s", accepted.seq, surface.id, e.text.en)
            return None

    def _found(self, surface: Surface, message: Message, seq: int) -> Job | None:
        """What is being done for it."""
        found = self._worker.find(seq)
        if wants_kept_answer(message):
            found = found or self._worker.latest((surface.id, message.sender))
            if found and found.stored:
                return None  # what is only being sent, or offered, is given to whoever asks
        return found

    async def _shown(
        self, surface: Surface, channel: Responds, message: Message, place: Place | None
    ) -> WebResponse | None:
        """The response to what has no answer of its own to wait for."""
        if place is None and not self._abilities.can_push(surface):
            return channel.respond(message, waiting(surface.agent), self._clock())
        if place and (text := self._words(surface, message, place)):
            if shown := await self._choosing.tapped(surface, message):
                self._push.say_soon(surface, message.sender, text)
                return shown
            return channel.respond(message, text, self._clock())
        if place in ("silent", "kept", None):
            return channel.acknowledge()
        return await self._choosing.tapped(surface, message) if place == "lane" else None

    def _words(self, surface: Surface, message: Message, place: Place) -> str:
        """What is said where there is no answer."""
        match place:
            case "silent":
                return "" if message.follows else thanks(surface, message)
            case "kept":
                return self._paused.to_tell(surface, message.sender) or ""
            case "full":
                return busy(surface.agent)
        return ""
