"""What is remembered of the person whose message is answered, in the store."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from runtime.choices import disguises, is_disguised, items
from runtime.crash import crashpoint
from runtime.errors import TurnFailed
from runtime.gateway.handing_out import HandingOut, Own
from runtime.gateway.job import Job
from runtime.gateway.patience import patiently
from runtime.gateway.places import StoredShares
from runtime.gateway.promising import StoredReminders
from runtime.gateway.surfaces import Surface
from runtime.lang import Text
from runtime.person import Agreed, Bound, Handing, Joined, Known, Note, Person, Proof, Summary
from runtime.store.messages.media import KeptFile
from runtime.store.messages.messages import Messages
from runtime.store.messages.people import Face
from runtime.tools import Makes
from runtime.turn.keeping import Change

TRIES = 20
"""Of a change, while others change the same."""
ANSWERS = 20
"""The newest, of which a choice may be tapped."""
CONTENDED = Text(
    "这个人的资料同时在别处不停地被改，没有写成。",
    "What is kept of this person is changed elsewhere all the time; nothing was written.",
)
TOO_MANY = Text("这个人的资料太多，没有写成。", "Too much is kept of this person; nothing was written.")


@dataclass(frozen=True)
class Keeping:
    """`remove`: takes files away by their hashes; `own`: see HandingOut."""

    messages: Messages
    remove: Callable[[Collection[str]], Awaitable[None]]
    own: Own
    clock: Callable[[], float]
    met: Callable[[Job], None]
    """Told of each whose turn begins."""
    can_push: Callable[[Surface], bool | None]
    public_url: Callable[[], str]
    makes: Makes | None
    """Files, for surfaces that show them."""

    def of(self, job: Job, *, first: bool = True) -> "StoredKept":
        """For one turn. `first`: nobody was told yet that it begins."""
        if first:
            self.met(job)
        return StoredKept(self, job)


@dataclass(frozen=True)
class StoredKept:
    """Implements keeping.Kept."""

    keeping: Keeping
    job: Job

    @property
    def face(self) -> Face:
        return Face(*self.job.lane)

    @property
    def agent(self) -> str:
        return self.job.surface.agent.id

    @property
    def itself(self) -> str:
        """Who wrote, in whatever conversation there."""
        return self.job.surface.channel.who(self.job.message)

    @property
    def now(self) -> float:
        return self.keeping.clock()

    async def known(self) -> Known:
        return await self.keeping.messages.remembered.known(self.face)

    async def keep(self, note: Note) -> bool:
        told = Note(note.name, note.value, note.kind, note.source, seq=self.job.seq)
        return await self.keeping.messages.remembered.keep(self.face, self.agent, told, self.now)

    async def drop(self, name: str) -> bool:
        return await self.keeping.messages.remembered.drop(self.face, name)

    async def sum_up(self, summary: Summary) -> None:
        await self.keeping.messages.remembered.sum_up(self.face, summary, self.now)

    async def start_anew(self) -> None:
        await self.keeping.messages.remembered.start_anew(self.face)

    async def asks(self) -> None:
        await self.keeping.messages.remembered.asks(self.face, self.agent, self.now)

    async def was_asked(self) -> bool:
        return await self.keeping.messages.remembered.was_asked(self.face, self.job.seq, self.now)

    async def erase(self) -> None:
        await self.keeping.messages.remembered.erase(self.face, self.now, self.job.seq)

    async def may_erase(self) -> bool:
        return await self.keeping.messages.consents.may_erase(self.face, self.now)

    async def consent(self, version: str) -> Agreed | None:
        if self.job.agreed:  # looked up before anything was done with the message
            return Agreed("yes")
        return await self.keeping.messages.consents.find(self.face, self.itself, version, self.job.seq)

    async def keep_consent(self, version: str, answer: str) -> None:
        consents = self.keeping.messages.consents
        await consents.keep(self.face, self.itself, version, answer, self.job.seq, self.now)

    async def leave_nothing(self) -> None:
        await self.keeping.remove(
            await self.keeping.messages.consents.leave_nothing(self.face, self.job.seq, self.now)
        )

    async def export(self, title: str) -> str:
        handing_out = HandingOut(self.keeping.public_url, self.keeping.makes, self.keeping.own)
        return await handing_out.address(self.keeping.messages, self.job, title, self.now)

    async def give_code(self) -> str:
        return await self.keeping.messages.remembered.give_code(self.face, self.agent, self.now)

    async def take_code(self, code: str) -> Joined:
        remembered = self.keeping.messages.remembered
        if self.job.message.overheard:
            await remembered.void_code(self.agent, code)
            return "heard"
        if not self.is_sure:
            return "unsure"
        if await self._is_chosen():
            return "chosen"
        return await remembered.take_code(self.face, self.agent, code, self.now)

    @property
    def is_sure(self) -> bool:
        return self.job.surface.channel.knows_who

    async def ask_proof(self, deed: str) -> str:
        return await self.keeping.messages.proofs.ask(self.face, self.agent, deed, self.now)

    async def take_proof(self, deed: str, code: str) -> Proof:
        return await self.keeping.messages.proofs.take(self.face, self.agent, deed, code, self.now)

    async def part(self) -> bool:
        return await self.keeping.messages.remembered.part(self.face, self.agent, self.now, self.account)

    async def bind(self, code: str) -> Bound:
        if await self._is_chosen():
            return "chosen"
        return await self.keeping.messages.customers.bind(self.face, self.agent, code, self.now)

    async def _is_chosen(self) -> bool:
        """Whether an answer had it said behind other words: a model has those from whoever it reads."""
        message, job = self.job.message, self.job
        if message.data.get("event") == "menu":
            return True
        if "choice" in message.data:
            return is_disguised(message)
        lately = await self.keeping.messages.history(job.surface.id, message.sender, job.seq, ANSWERS)
        offered = (one for exchange in lately for one in items(exchange.reply))
        return any(one.value == message.text.strip() and disguises(one) for one in offered)

    async def unbind(self) -> bool:
        return await self.keeping.messages.customers.unbind(self.face)

    async def belongs(self, hash: str, type: str, size: int) -> None:
        await self.keeping.messages.media.belong(self.job.seq, [KeptFile(hash, type, size)])
        await self.keeping.own([hash], self.job.lane)

    async def open_ticket(self, step: str, handing: Handing) -> int:
        tickets, seq = self.keeping.messages.tickets, self.job.seq
        # a program waits for each answer: there nobody but the agent can give one
        handing = replace(handing, silent=handing.silent and self.job.surface.is_for_people)
        number = await tickets.open(self.job.lane, self.agent, handing, self.now, seq=seq, step=step)
        crashpoint("after_ticket")
        return number

    @property
    def whose(self) -> str:
        if self.job.message.for_nobody:
            return ""
        return "\n".join((*self.job.lane, self.job.message.who.get("id", "")))

    @property
    def who(self) -> Person:
        who = self.job.message.who.get("id", "")
        return Person(who or self.face.sender, self.job.surface.publication.channel)

    @property
    def reminders(self) -> StoredReminders | None:
        if self.job.message.for_nobody:
            return None
        surface, keeping = self.job.surface, self.keeping
        can_push = keeping.can_push(surface)
        return StoredReminders(keeping.messages, surface, self.face.sender, self.now, can_push)

    def shares(self, agent: str) -> StoredShares | None:
        if self.job.message.for_nobody:
            return None
        return StoredShares(self.keeping.messages.shared, self.face, agent, self.job.seq, self.now)

    @property
    def account(self) -> str:
        """Of whom the calling program says that they write: its key, which begins each of its conversations,
        and their id."""
        who = self.job.message.who.get("id", "")
        return f"{self.face.sender.partition(':')[0]} {who}" if who else ""

    async def called(self) -> None:
        """Before anything that is kept of them is read, shown or forgotten."""
        if account := self.account:
            await self.keeping.messages.remembered.call(self.face, self.agent, account, self.now)

    async def person(self) -> Person:
        who = self.job.message.who
        kept = await self.keeping.messages.remembered.person(self.face, self.who.channel, self.job.seq)
        return replace(
            kept,
            id=who.get("id") or kept.id,
            name=who.get("name") or kept.name,
            language=who.get("language") or kept.language,
        )

    async def write(self, step: str, by: Literal["agent", "model"], change: Change) -> Mapping[str, Any]:
        # A full disk is no reason to go another way in the flow: the turn's end would wait for it, too.
        return await patiently(self.job.seq, lambda: self._write(step, by, change))

    async def _write(self, step: str, by: Literal["agent", "model"], change: Change) -> Mapping[str, Any]:
        values = self.keeping.messages.values
        for _ in range(TRIES):
            before, done = await values.read(self.face, self.job.seq, step)
            if done is not None:
                return dict(done)
            changed = change(before)
            crashpoint("before_value")
            outcome = await values.write(
                self.face, self.agent, before, changed, by, self.now, seq=self.job.seq, step=step
            )
            crashpoint("after_value")
            if outcome == "full":
                raise TurnFailed(TOO_MANY, code="person")
            if outcome == "written":
                return {one.name: one.value for one in changed}
        raise TurnFailed(CONTENDED, code="person")
