"""One turn of such a chat, between what was said before and what waits after it."""

from collections.abc import Sequence
from dataclasses import replace

from runtime.agents.agent import Agent
from runtime.agents.starts import Happened
from runtime.choices import read
from runtime.gateway.continuing import asked_again
from runtime.message import Exchange, Message
from runtime.person import Person
from runtime.trying.memory import Tried
from runtime.trying.playing import LINE, SENDER, Open, answered, played
from runtime.turn.events import Replied, Waited
from runtime.turn.waiting import Came, Past


class Chat:
    """`message` is what a person wrote, or a line that is played. Raises Invalid for what cannot be read."""

    def __init__(self, agent: Agent, kept: Tried, said: Sequence[Exchange], message: Message) -> None:
        self.agent, self._tried, self._said, self.line = agent, kept, said, message.text
        self._waiting = kept.waiting(said, message.at)
        self.played = (
            played(agent, message.text, self._waiting, message.at) if message.kind == "text" else None
        )
        self.message = (self.played and self.played.message) or message
        self._taken: Open | None = None
        self.past = self._past()

    @property
    def kept(self) -> Tried:
        """Of nobody nothing is remembered."""
        return Tried(who=Person(self.message.sender, SENDER)) if self.message.for_nobody else self._tried

    def history(self) -> Sequence[Exchange]:
        """As the gateway knows it: events, and what is for nobody, are in no conversation."""
        begun = self._tried.begins(self._said)
        if self.message.for_nobody:
            return ()
        return [
            replace(one, text="") if one.kind == "start" else one for one in begun if not self._apart(one)
        ]

    def told(self, event: Replied) -> Replied:
        """With the question that is still open, as the gateway asks it again."""
        if self.past is None or self.message.unasked or event.handoff or isinstance(event, Waited):
            return event
        others = (one for one in self._waiting if one is not self._taken and one.sender == SENDER)
        open = [one for one in others if one.wait.wait == "message"]
        if not open or read(event.text)[1]:
            return event
        return replace(event, text=asked_again(event.text, open[-1].wait, self.agent.language))

    def ended(self, event: Replied) -> list[Open]:
        """What waits now."""
        left = self._left(event)
        if event.text or isinstance(event, Waited):
            self._tried.ended(self._said, self.line, left)
        else:
            self._tried.ended_silently(self._said, left)
        return left

    def _past(self) -> Past | None:
        """What the turn brings along that goes on with this."""
        if self.played:
            open, came = self.played.open, self.played.came
        else:
            cancel, now = self.agent.waiting.cancel, self.message.at
            open, came = answered(self._waiting, self.line, cancel, now) or (None, None)
        if open is None or came is None:
            return None
        self._taken = open
        return _past(open, came)

    def _left(self, event: Replied) -> list[Open]:
        taken = None if event.aside else self._taken
        left = [one for one in self._waiting if one is not taken]
        return [*left, Open(event, self.message.sender)] if isinstance(event, Waited) else left

    def _apart(self, one: Exchange) -> bool:
        found = LINE.fullmatch(one.text) if one.kind == "start" else None
        start = (
            self.agent.start((found[2] or "").partition(" ")[0]) if found and found[1] == "start" else None
        )
        return start is not None and (isinstance(start, Happened) or start.audience == "nobody")


def _past(open: Open, came: Came) -> Past:
    past = Past.from_json(open.wait.carried)
    past.steps[open.wait.step] = came.to_json()
    return past
