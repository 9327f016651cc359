"""A turn ended: that, and what is to be delivered, is kept in one step, before any of it is sent."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from runtime.answer import AnswerPart
from runtime.message import Quota
from runtime.store.database import Db, instance_of
from runtime.store.messages.bubbles import divided
from runtime.store.messages.carried import Part, Response
from runtime.store.messages.ending import Ended, Outcome, end, is_left_out
from runtime.store.messages.handed import take as take_over
from runtime.store.messages.moments import Moment, note_all
from runtime.store.messages.newest import left
from runtime.store.messages.parts import Taken, Way, store_parts, stored_as, take
from runtime.store.messages.settling import settle
from runtime.store.messages.spending import count
from runtime.store.messages.waits import leave, went_on


class Delivery(NamedTuple):
    """`push`: publication, sender and quota, when it is to be pushed at once. `hand_over`: publication,
    sender and seconds, when a human is to have the person from now on. `grew`: a bubble showed it as it was
    written, and may have been ended before. `respond`: all of it, which is text, goes into the response to a
    callback that is held open, unless more waits for the person."""

    push: tuple[str, str, Quota] | None = None
    hand_over: tuple[str, str, float] | None = None
    grew: bool = False
    respond: bool = False


class Finished(NamedTuple):
    """`taken`: what may be pushed at once. `withdrawn`: messages of the person that get no turn any more.
    `response`: what the callback is answered with, and its repeats."""

    taken: Taken | None = None
    withdrawn: Sequence[int] = ()
    response: Response | None = None


def finish(
    db: Db,
    seq: int,
    outcome: Outcome,
    parts: Sequence[AnswerPart | str],
    now: float,
    state: Literal["answered", "silent"],
    delivery: Delivery,
) -> Finished:
    count(db, outcome.spent)
    ended = end(db, seq, outcome, state, now)
    if ended is None and is_left_out(db, seq):
        return Finished()  # since its turn began; what that came to counts no more
    ended = ended or Ended()
    if ended.took:
        went_on(db, seq, aside=outcome.aside, failed=bool(outcome.failure))
    if outcome.wait:
        leave(db, seq, outcome.version, outcome.wait, now)
    if ended.journal:
        db.execute("delete from steps where seq=?", (seq,))
    happened: list[Moment] = [(seq, now, "answered", outcome.failure)]
    if outcome.doubt:
        happened.append((seq, now, "doubt", ""))
    if ended.alone and delivery.respond and parts:
        return Finished(response=_responded(db, stored_as(seq, parts), happened, now))
    note_all(db, happened)
    if ended.alone and delivery.push and parts and not delivery.hand_over:
        return Finished(_claimed(db, stored_as(seq, parts), delivery.push, now))
    _stored(db, seq, parts, grew=delivery.grew)
    withdrawn: Sequence[int] = ()
    if over := delivery.hand_over:
        withdrawn = take_over(db, *over[:2], seq, "wanted", now, over[2])
    return Finished(take(db, *delivery.push, now) if delivery.push else None, withdrawn)


def _responded(db: Db, parts: Sequence[Part], happened: list[Moment], now: float) -> Response:
    """The person has it as soon as it is stored."""
    text = "\n\n".join(part.text for part in parts).strip()
    store_parts(db, parts, len(parts), Way("sent", "passive", now))
    note_all(db, [*happened, *((part.seq, now, "carried", str(part.number)) for part in parts)])
    sql = "update messages set response=?, state='delivered' where seq=? and state='answered'"
    db.execute(sql, (text, parts[0].seq))
    return Response(text)


def _claimed(db: Db, parts: Sequence[Part], push: tuple[str, str, Quota], now: float) -> Taken:
    """Nothing else waits for the person: as `take`, and nothing is asked for."""
    taken = Taken(parts, left(db, *push, now))
    claimed = bool(taken.chosen)
    store_parts(db, parts, int(claimed), Way("sending", "push", now, instance_of(db) or 0))
    return Taken(parts, taken.left, claimed=claimed)


def _stored(db: Db, seq: int, parts: Sequence[AnswerPart | str], *, grew: bool) -> None:
    parts, had = divided(db, seq, parts) if grew else (parts, 0)
    store_parts(db, stored_as(seq, parts), had, Way("sent"))
    if had:
        settle(db, seq)
