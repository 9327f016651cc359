"""What people thought of answers: events in which they judged one, beside the answer that they judged."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from runtime.store.database import Db, Row

Verdict = Literal["good", "bad", "none"]
"""none: they took it back."""
JUDGED = """
select seq, publication, sender, message, text, accepted_at from messages indexed by events
  where kind='event' and state='silent' and accepted_at >= :since and accepted_at < :until
  and (message like '%"rated"%' or message not like '{%')
  and publication in (select value from json_each(:publications))
order by accepted_at desc, seq desc limit :most
"""
"""What is sealed is looked into once it is open."""
MARKED = re.compile(r"([0-9]{1,18})-[0-9a-f]{12}")
REASONS = 8
MOST = 20_000
"""Judgements that are looked into, the newest."""


@dataclass(frozen=True)
class Rating:
    """`seq`: the message whose answer was judged; `reasons`: what was ticked, by the platform's numbers."""

    seq: int
    publication: str
    verdict: Verdict
    text: str
    reasons: Sequence[str]
    at: float
    version: int | None = None
    """Of the publication, that answered."""
    by: str = ""
    """Who judged it, as the surface calls them."""


class ByNow:
    """Which of their judgements is what somebody thinks by now, asked of each, the newest first."""

    def __init__(self) -> None:
        self._known = set[tuple[str, str]]()
        self._back = set[tuple[str, str, str]]()

    def is_said_by(self, sender: str, told: Mapping[str, Any]) -> bool:
        """Where both signs may stand under an answer, who takes one back says nothing of the other."""
        place, verdict = (sender, str(told.get("of", ""))), str(told.get("verdict", "none"))
        if place in self._known or (*place, verdict) in self._back:
            return False
        if verdict == "none" and told.get("was") in ("good", "bad"):
            self._back.add((*place, told["was"]))
            return False
        self._known.add(place)
        return True


def answer_mark(publication: str, sender: str, key: str, seq: int) -> str:
    """Names the answer to a message, the same at any time; in a store that gives a number again, another."""
    mark = hashlib.sha256("\0".join((publication, sender, key)).encode()).hexdigest()
    return f"{seq}-{mark[:12]}"


def ratings(
    db: Db, publications: Iterable[str], since: float, until: float, most: int = MOST
) -> list[Rating]:
    """The newest of each person's for each answer, newest first; without those that were taken back."""
    among = json.dumps(list(publications))
    given = {"since": since, "until": until, "publications": among, "most": most}
    found, by_now = [], ByNow()
    for row in db.execute(JUDGED, given):
        told = json.loads(row["message"])["data"]
        if told.get("event") == "rated" and by_now.is_said_by(row["sender"], told):
            found.append(_rating(db, row, told))
    return [one for one in found if one and one.verdict != "none"]


def _rating(db: Db, row: Row, told: dict[str, Any]) -> Rating | None:
    """None for one of an answer that is not here, or not this publication's."""
    marked = MARKED.fullmatch(str(told.get("of", "")))
    verdict = next((one for one in get_args(Verdict) if one == told.get("verdict")), None)
    if not marked or verdict is None:
        return None
    seq = int(marked[1])
    judged = db.execute(
        "select publication, sender, key, version from messages where seq=?", (seq,)
    ).fetchone()
    if judged is None or judged["publication"] != row["publication"]:
        return None
    if not _saw(row["sender"], judged["sender"]):
        return None
    if answer_mark(judged["publication"], judged["sender"], judged["key"], seq) != marked[0]:
        return None
    reasons = [str(one) for one in told.get("reasons", ())][:REASONS]
    told_at, version = row["accepted_at"], judged["version"]
    return Rating(seq, row["publication"], verdict, row["text"], reasons, told_at, version, row["sender"])


def _saw(who: str, asked: str) -> bool:
    """It was said to them, or in their group."""
    group = asked.rpartition("/")[0]
    return who == asked or (bool(group) and who.rpartition("/")[0] == group)
