"""Publications ready to work with: channel and agent made from their frozen settings."""

import functools
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from pydantic import ValidationError

from runtime import channels
from runtime.agents.agent import PERSON, Agent
from runtime.channels import (
    Channel,
    Chooses,
    Connects,
    Consents,
    Continues,
    Drafts,
    Edits,
    Fetches,
    Greets,
    HandsOver,
    Joins,
    MediaIn,
    MediaOut,
    Pairs,
    Pushes,
    Receives,
    Registers,
    Responds,
    SignsIn,
    Streams,
    Types,
    TypesUnder,
    connects,
    is_for_people,
)
from runtime.errors import HongyanError, Unreadable
from runtime.gateway.instant import may_be_instant
from runtime.gateway.published import Publication, Publications
from runtime.lang import Text
from runtime.schema import Strict, first_problem

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Surface:
    publication: Publication
    channel: Channel
    agent: Agent
    former: Receives | None = None
    """The channel with the settings that its platform may still prove itself by."""
    pinned: int | None = None
    """The agent's version where that is another than the publication's; 0: the draft."""

    @property
    def id(self) -> str:
        return self.publication.id

    @property
    def kind(self) -> str:
        """The channel's name in the registry."""
        return self.publication.channel

    @property
    def version(self) -> int:
        """That answers."""
        return self.publication.version if self.pinned is None else self.pinned

    def by(self, channel: Receives) -> "Surface":
        """The same, answering as that channel does: itself, or the former one."""
        assert isinstance(channel, Channel)
        return self if channel is self.channel else replace(self, channel=channel)

    @functools.cached_property
    def may_be_instant(self) -> bool:
        return may_be_instant(self.agent.flow)

    @functools.cached_property
    def asks_person(self) -> bool:
        """Whether the agent has to do with who writes."""
        return PERSON in self.agent.model_dump_json(exclude_defaults=True, warnings=False)

    @property
    def is_for_people(self) -> bool:
        return is_for_people(type(self.channel))

    # The channel, as what it can.

    @property
    def receiver(self) -> Receives | None:
        return self.channel if isinstance(self.channel, Receives) and not connects(self.channel) else None

    @property
    def responder(self) -> Responds | None:
        channel = self.channel
        return (
            channel if isinstance(channel, Responds) and channel.responds and not connects(channel) else None
        )

    @property
    def pusher(self) -> Pushes | None:
        return self.channel if isinstance(self.channel, Pushes) else None

    @property
    def typist(self) -> Types | None:
        return self.channel if isinstance(self.channel, Types) else None

    @property
    def shower(self) -> MediaOut | None:
        return self.channel if isinstance(self.channel, MediaOut) else None

    @property
    def chooser(self) -> Chooses | None:
        return self.channel if isinstance(self.channel, Chooses) else None

    @property
    def getter(self) -> MediaIn | None:
        return self.channel if isinstance(self.channel, MediaIn) else None

    @property
    def fetcher(self) -> Fetches | None:
        """None also while its account is still to be joined."""
        is_joined = self.joins is None or self.joins.is_joined
        fetches = isinstance(self.channel, Fetches) and self.channel.fetches
        return self.channel if isinstance(self.channel, Fetches) and fetches and is_joined else None

    @property
    def continues(self) -> bool:
        """Whether what is sent carries something of the person's newest message."""
        return isinstance(self.channel, Continues | TypesUnder)

    @property
    def joins(self) -> Joins | None:
        return self.channel if isinstance(self.channel, Joins) else None

    @property
    def consents(self) -> Consents | None:
        return self.channel if isinstance(self.channel, Consents) else None

    @property
    def pairs(self) -> Pairs | None:
        return self.channel if isinstance(self.channel, Pairs) else None

    @property
    def greeter(self) -> Greets | None:
        return self.channel if isinstance(self.channel, Greets) else None

    @property
    def hander(self) -> HandsOver | None:
        """Only if a person may be handed over there."""
        channel = self.channel
        return channel if isinstance(channel, HandsOver) and channel.hands_over else None

    @property
    def desk_seconds(self) -> float:
        """How long a human may have a person; 0 where none can."""
        return self.hander.desk_seconds if self.hander else 0.0

    @property
    def connector(self) -> Connects | None:
        return self.channel if isinstance(self.channel, Connects) and self.channel.connects else None

    @property
    def registers(self) -> Registers | None:
        """Only if the platform calls us."""
        return self.channel if isinstance(self.channel, Registers) and self.receiver else None

    @property
    def drafter(self) -> Drafts | None:
        return self.channel if isinstance(self.channel, Drafts) else None

    @property
    def editor(self) -> Edits | None:
        return self.channel if isinstance(self.channel, Edits) else None

    @property
    def door(self) -> SignsIn | None:
        """Where people come to us by themselves."""
        return self.channel if isinstance(self.channel, SignsIn) else None

    @property
    def streamer(self) -> Streams | None:
        return self.channel if isinstance(self.channel, Streams) else None


AGAIN = 5.0
"""Seconds until what could not be read is tried once more, as when its file was put back."""


class Surfaces:
    """Makes a surface once for each state of its publication. One that cannot be read is dead alone."""

    def __init__(self, publications: Publications, clock: Callable[[], float] = time.monotonic) -> None:
        self.publications, self._clock = publications, clock
        self._made: dict[str, Surface] = {}
        self._dead: dict[str, tuple[Publication, Text, float]] = {}

    def find(self, id: str) -> Surface | None:
        """None for an unknown, an unpublished or a dead one."""
        try:
            publication = self.publications.publication(id)
        except HongyanError:
            if known := self._made.get(id):
                return known  # its record cannot be read just now, as when there are no descriptors left
            raise
        if publication is None or not publication.enabled:
            self._made.pop(id, None)
            self._dead.pop(id, None)
            return None
        made = self._made.get(id)
        if made is None or (made.publication is not publication and made.publication != publication):
            made = self._make(publication)
        return made

    def accepted_by(self, id: str) -> Surface | None:
        """Also one that was unpublished: what it accepted before is answered."""
        if found := self.find(id):
            return found
        publication = self.publications.publication(id)
        try:
            return opened(self.publications, publication) if publication else None
        except Unreadable as e:
            log.error("publication %s is unpublished and dead: %s", id, e.text.en)
            return None

    def agent_of(self, id: str, version: int) -> Agent:
        """As it was frozen then. Raises HongyanError."""
        return Agent.load(self.publications.frozen_agent(id, version))

    def all(self) -> list[Surface]:
        ids = [publication.id for publication in self.publications.publications()]
        for known in (self._made, self._dead):
            for gone in known.keys() - {*ids, *self.publications.unreadable()}:
                del known[gone]
        return [surface for id in ids if (surface := self.find(id))]

    def dead(self) -> dict[str, Text]:
        """By id, why they cannot be read."""
        self.all()
        reasons = {id: text for id, (_, text, _) in self._dead.items()}
        return {**self.publications.unreadable(), **reasons}

    def _make(self, publication: Publication) -> Surface | None:
        known = self._dead.get(publication.id)
        if known and known[0] == publication and self._clock() - known[2] < AGAIN:
            return None
        try:
            made = opened(self.publications, publication)
        except Unreadable as e:
            if known is None:
                log.error("publication %s is dead: %s", publication.id, e.text.en)
            self._dead[publication.id] = publication, e.text, self._clock()
            self._made.pop(publication.id, None)
            return None
        self._dead.pop(publication.id, None)
        self._made[publication.id] = made
        return made


def opened(publications: Publications, publication: Publication) -> Surface:
    """Raises Unreadable."""
    kind = channels.registry().get(publication.channel)
    if kind is None:
        raise _unreadable(
            Text("没有「{channel}」这个渠道", "no channel {channel!r}").fill(channel=publication.channel)
        )
    try:
        settings = kind.Settings.model_validate(publications.channel_settings(publication.id))
        agent = Agent.load(publications.frozen_agent(publication.id, publication.version))
        former = _former(publications, publication, kind, settings) if publication.former_at else None
        return Surface(publication, kind(settings), agent, former)
    except HongyanError as e:
        raise _unreadable(e.text) from e
    except ValidationError as e:
        raise _unreadable(first_problem(e).clause()) from e
    except Exception as e:  # a block or channel of the owner's own may raise anything
        log.exception("publication %s cannot be made ready", publication.id)
        raise _unreadable(Text("{kind}：{why}", "{kind}: {why}").fill(kind=type(e).__name__, why=e)) from e


def _former(
    publications: Publications, publication: Publication, kind: type[Channel], settings: Strict
) -> Receives | None:
    before = publications.former_settings(publication.id)
    made = kind(kind.Settings.model_validate({**settings.model_dump(), **before}))
    return made if isinstance(made, Receives) else None


def _unreadable(why: Text) -> Unreadable:
    return Unreadable(
        Text(
            "这个发布读不出来了，它停下了，收到的消息都留着：{why}。请补上缺的，或重新发布。",
            "This publication can no longer be read and has stopped; its messages are kept: {why}. "
            "Put back what is missing, or publish it again.",
        ).fill(why=why.bare())
    )
