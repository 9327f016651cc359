"""What an agent counts on that the surface it answers on, or another publication, does not do for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from runtime.agents.agent import Agent
from runtime.agents.check import Finding
from runtime.agents.nesting import gathered, used
from runtime.agents.starts import EVENTS, Happened
from runtime.agents.wants import comes_unasked, said_through, says_to_nobody
from runtime.channels import Announces, Channel, Chooses, Joins, Pushes, is_for_people, registry
from runtime.errors import BadAgent, HongyanError
from runtime.lang import Text
from runtime.publish.owed import owed
from runtime.store.control.control import Control
from runtime.store.control.records import Publication
from runtime.through import Through

NEVER_TOLD = Text(
    "「{channel}」不会告诉我们「{event}」，在那里它不会开始",
    "{channel} never tells of “{event}”: there it does not begin",
)
NOT_PUSHED = Text(
    "「{channel}」不能主动发消息：后来才有的结果，要等对方再写来时才看得到",
    "nobody can be written to unasked on {channel}: what comes of it later is seen once they write again",
)
NOBODY_THERE = Text(
    "「{channel}」不能主动发消息：为人运行的结果送不到",
    "nobody can be written to unasked on {channel}: results for people do not arrive",
)
NOWHERE = Text(
    "不为谁运行，也没有写结果发到哪个发布：在「{channel}」它的结果没有人看到",
    "it runs for nobody and names no publication for its result: on {channel} nobody sees it",
)
GONE = Text(
    "没有「{id}」这个发布，或它已下线：发不出去",
    "there is no publication {id!r}, or it is offline: nothing is sent",
)
UNREADABLE = Text(
    "「{id}」这个发布读不出来：发不出去", "the publication {id!r} cannot be read: nothing is sent"
)
NOT_ASKED = Text(
    "「{id}」（{channel}）不能主动给人发消息：收不到",
    "{id!r} ({channel}) writes to nobody unasked: it is not received",
)
NOT_TAPPED = Text(
    "「{id}」（{channel}）没有可以点的卡片：没有人能在那里决定，只能等管理员",
    "{id!r} ({channel}) shows nothing to tap: nobody can decide there, only operators",
)
NO_RECEIVER = Text(
    "「{id}」（{channel}）要写明发给谁，它没有自己的群：这里只能用群机器人这样的发布",
    "{id!r} ({channel}) has to be told whom to send to; a publication with a group of its own is needed here",
)
INSIDE = Text("其中的「{name}」：{text}", "its {name!r}: {text}")


@dataclass(frozen=True)
class Place:
    """A surface; `channel` with its settings, None where there are none yet."""

    kind: type[Channel]
    channel: Channel | None = None

    @property
    def title(self) -> Text:
        return self.kind.about.title

    @property
    def pushes(self) -> bool:
        """As far as it can be told before anybody asks the platform."""
        if not issubclass(self.kind, Pushes):
            return False
        joins = isinstance(self.channel, Joins) and not self.channel.is_joined
        return not isinstance(self.channel, Pushes) or joins or self.channel.may_push

    @property
    def has_a_group(self) -> bool:
        return issubclass(self.kind, Announces) and bool(self.kind.receiver)


def unmet(control: Control, agent: Agent, places: Sequence[Place]) -> list[Finding]:
    """Warnings, for each of those surfaces."""
    all = list(_all(agent, control))
    inside = [one for _, one in all[1:]]
    owes = (finding for place in places for finding in owed(agent, inside, place.kind, control))
    found: dict[Finding, None] = dict.fromkeys(owes)
    for outer, one in all:
        there = (finding for place in places for finding in _on(one, place, is_inside=bool(outer)))
        for finding in (*_unsaid(control, one), *there):
            told = INSIDE.fill(name=one.name, text=finding.text)
            found[Finding("warning", outer, told) if outer else finding] = None
    return list(found)


def unmet_where_published(
    control: Control, agent: Agent, publications: Sequence[Publication] | None = None
) -> list[Finding]:
    """Of these, or of every surface on which it answers."""
    if publications is None:
        publications = [one for one in control.publications() if one.enabled and one.agent == agent.id]
    return unmet(control, agent, [place for one in publications if (place := _place(control, one))])


def _all(agent: Agent, control: Control) -> Iterator[tuple[str, Agent]]:
    """It, and the agents inside of it, each with the place where it is used; "" for itself."""
    yield "", agent
    try:
        whole = gathered(agent, control.home)
    except BadAgent:
        return  # an error of the check
    first = {id: field for field, id in reversed([*used(agent, enabled=True)])}
    for id, inner in whole.others.items():
        yield first.get(id) or next(iter(first.values())), inner


def _on(agent: Agent, place: Place, *, is_inside: bool) -> Iterator[Finding]:
    if not place.pushes and is_for_people(place.kind):  # a program asks for what came later
        for path in comes_unasked(agent):
            yield Finding("warning", path, NOT_PUSHED.fill(channel=place.title))
            break  # said once, at the first of them
    for i, start in enumerate(() if is_inside else agent.starts):
        if isinstance(start, Happened) and start.event not in place.kind.tells:
            text = NEVER_TOLD.fill(channel=place.title, event=EVENTS[start.event])
            yield Finding("warning", f"starts.{i}.event", text)
        elif start.comes_unasked and not place.pushes:
            yield Finding("warning", f"starts.{i}.for", NOBODY_THERE.fill(channel=place.title))
        elif says_to_nobody(start) and not place.has_a_group:
            yield Finding("warning", f"starts.{i}.to", NOWHERE.fill(channel=place.title))


def _unsaid(control: Control, agent: Agent) -> Iterator[Finding]:
    for field, there in said_through(agent):
        if text := _missing(control, there):
            yield Finding("warning", field, text)


def _missing(control: Control, there: Through) -> Text | None:
    """Why nothing of it arrives there, or cannot be answered."""
    record = control.publication(there.publication)
    if record is None or not record.enabled:
        return GONE.fill(id=there.publication)
    place = _place(control, record)
    if place is None:
        return UNREADABLE.fill(id=there.publication)
    named = {"id": there.publication, "channel": place.title}
    if not issubclass(place.kind, Announces):
        return NOT_ASKED.fill(**named)
    if there.tapped and not issubclass(place.kind, Chooses):
        return NOT_TAPPED.fill(**named)
    if not there.to and not place.has_a_group:
        return NO_RECEIVER.fill(**named)
    return None


def _place(control: Control, publication: Publication) -> Place | None:
    """None for one that cannot be read, of which its own page tells."""
    kind = registry().get(publication.channel)
    if kind is None:
        return None
    try:
        return Place(kind, kind(kind.Settings.model_validate(control.channel_settings(publication.id))))
    except (HongyanError, ValidationError):
        return None
