"""One call of the API, whichever protocol it speaks: the key's limits, a repeat, a caller who has gone."""

import hashlib
import re
import secrets
import time
from collections.abc import AsyncGenerator, Coroutine, Mapping, Sequence
from typing import Any, TypeVar

import orjson
from starlette.requests import Request

from runtime.errors import Refused
from runtime.lang import Text
from runtime.message import SAID, WAY, Exchange, Message, Wishes
from runtime.server.api.key_check import KeyCheck, sender_of
from runtime.server.api.streams import Streams, with_pings
from runtime.server.api.taken_files import SentFile, data_of, kind_of
from runtime.server.gone import hung_up
from runtime.side_by_side import done_before
from runtime.store.control.records import ApiKey
from runtime.turn.events import Event

T = TypeVar("T")
NOBODY: Mapping[str, str] = {}

REPEAT = re.compile(r"[\x21-\x7e]{1,255}")
BAD_REPEAT = Text(
    "Idempotency-Key 应是 1 到 255 个没有空格的 ASCII 字符。",
    "Idempotency-Key should be 1 to 255 ASCII characters without spaces.",
)
CONTEXT = re.compile(r"[0-9a-f]{24}")
"""A conversation as we name it."""
GONE = Text("没有人等这个回答了。", "Nobody waits for this answer any more.")


class Asking:
    """A request that may ask the agent of a publication."""

    def __init__(self, request: Request, publication: str, gateway: Streams, *, repeat: Any = None) -> None:
        """`repeat`: an Idempotency-Key that stands in the body. Raises Refused for a bad one."""
        self._request, self._publication, self._gateway = request, publication, gateway
        self.repeat = request.headers.get("idempotency-key", "") if repeat is None else str(repeat)
        if self.repeat and not REPEAT.fullmatch(self.repeat):
            raise Refused(BAD_REPEAT, field="Idempotency-Key")

    def name(self) -> None:
        """It gets a name by which it can be found again, where its sender gave none."""
        self.repeat = self.repeat or secrets.token_urlsafe(16)

    @property
    def id(self) -> str:
        """Of its message: the same for the same Idempotency-Key, so it is run once, whoever sends it."""
        return message_id(self.repeat) if self.repeat else secrets.token_hex(16)

    def events(
        self, message: Message, *, pieces: bool, alone: bool = True
    ) -> AsyncGenerator[Event | None, None]:
        """What happens, and None when nothing did for a while. `alone`: it is for nobody but who listens.

        Who hangs up ends the turn, unless an Idempotency-Key, or what its own tools gave, will find it again.
        Raises NotFound, Conflict, StoreFailed.
        """
        is_alone = alone and not self.repeat and "results" not in message.wishes
        return with_pings(
            self._gateway.stream(self._publication, message, pieces=pieces, needs_listener=is_alone)
        )

    async def unless_gone(self, work: Coroutine[Any, Any, T]) -> T:
        """The work's result. Raises Refused, and stops the work, when the caller hangs up before."""
        done = await done_before(work, hung_up(self._request.receive))
        if done is None:
            raise Refused(GONE, code="cut_off")
        return done.result()


class Call(Asking):
    """One with a key. Made once the key and its limits were checked."""

    def __init__(
        self, request: Request, key: ApiKey, keys: KeyCheck, gateway: Streams, *, repeat: Any = None
    ) -> None:
        """Raises as Asking, and NotFound when the agent is not published."""
        self.publication = keys.publication(key)
        super().__init__(request, self.publication.id, gateway, repeat=repeat)
        self._key = key

    def message(
        self,
        text: str,
        context: str = "",
        *,
        pictures: Sequence[str] = (),
        files: Sequence[SentFile] = (),
        history: tuple[Exchange, ...] | None = None,
        wishes: Wishes | None = None,
        who: Mapping[str, str] = NOBODY,
    ) -> Message:
        """What was asked. `context`: the conversation it goes on with; each key has its own.

        The same Idempotency-Key makes the same message: it is run once, whoever sends it again. So does what
        a program's tools gave, which names itself.
        """
        wishes = wishes or Wishes()
        id = self.id
        if not self.repeat and "results" in wishes:
            told = [one.told() for one in files]
            said = [text, list(pictures), told, [vars(one) for one in history or ()], wishes, dict(who)]
            id = hashlib.sha256(orjson.dumps(said)).hexdigest()[:32]
        context = context or id[:24]
        if "tools" in wishes or "results" in wishes:
            tag = context if CONTEXT.fullmatch(context) else message_id(context)[:24]
            wishes = {**wishes, "calls": f"call_{tag}{id[:4]}"}
        data = {WAY: self._request.url.path, **data_of(files, pictures)}
        return Message(
            id=id,
            sender=sender_of(self._key, context),
            text=text,
            kind=kind_of(files, pictures),
            at=time.time(),
            data=data,
            handle=_marked(text, data) if files or pictures else {},
            history=history,
            wishes=wishes,
            who=dict(who),
        )


def _marked(text: str, data: Mapping[str, Any]) -> Mapping[str, str]:
    return {SAID: hashlib.sha256(orjson.dumps([text, data])).hexdigest()}


def message_id(repeat: str) -> str:
    """Of a message that its sender named."""
    return hashlib.sha256(orjson.dumps((repeat,))).hexdigest()[:32]
