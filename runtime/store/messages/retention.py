"""What is old goes, by kind, after as many days as the owner said. Nothing that is still owed an answer does.

What a message was, when it came and what it cost stays, for the figures; its words go, as when its person is
forgotten. Piece by piece, so that nobody waits for the store meanwhile.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from runtime.lang import Text
from runtime.store.database import Db
from runtime.store.messages.erasing import Erased, erase_messages
from runtime.store.messages.people import Face
from runtime.store.messages.states import OVER, UNFINISHED, among
from runtime.store.messages.upsert import upsert

PIECE = 100
DAY = 86_400.0
ENDED = f"state not in ({among(UNFINISHED)}) and state in ({among(OVER)})"
"""The index `ended` begins with the same words."""
WORDS = "(text<>'' or coalesce(reply, '')<>'' or trace is not null or response is not null)"
FREE = (
    "not exists(select 1 from waits w where w.seq=messages.seq)"
    " and not exists(select 1 from tickets t where t.publication=messages.publication"
    " and t.sender=messages.sender and t.state<>'done')"
)
"""No turn waits with it, and no operator has its person."""


@dataclass(frozen=True)
class Amount:
    """`many` of them, `oldest`: when that came, seconds since 1970; None: there are none."""

    many: int
    oldest: float | None


@dataclass
class Gone:
    """`files`: hashes, to be removed."""

    many: int = 0
    files: list[str] = field(default_factory=list)


DONE = "retention"
"""The name of the fact that tells when this was done last, by whatever process."""
HELD = "retention held"
"""…and of the one that tells since when it is not sure what is old."""
FACT = upsert("facts", "name", "value, at")
LAST = "select at from facts where name=?"

Take = Callable[[Db, float, float], Gone]
"""One piece of what is older than the first time; the second is now."""


@dataclass(frozen=True)
class Kept:
    """A kind of thing that is kept for so many days. `rows`: of which table, and which; `at`: its time."""

    title: Text
    rows: str
    at: str
    take: Take


def _messages(db: Db, before: float, now: float) -> Gone:
    sql = (
        f"select seq, state, publication, sender from messages where {ENDED} and {WORDS} and {FREE}"
        " and accepted_at<? limit ?"
    )
    by_face: dict[Face, dict[int, str]] = {}
    for row in db.execute(sql, (before, PIECE)).fetchall():
        by_face.setdefault(Face(row["publication"], row["sender"]), {})[row["seq"]] = row["state"]
    erased = Erased()
    for face, rows in by_face.items():
        erase_messages(db, rows, face, now, [(face, max(rows) + 1)], erased, ends=False)
    return Gone(erased.messages, erased.files)


def _traces(db: Db, before: float, now: float) -> Gone:
    sql = f"select seq from messages where {ENDED} and trace is not null and accepted_at<? limit ?"
    seqs = [(row["seq"],) for row in db.execute(sql, (before, PIECE)).fetchall()]
    db.executemany("update messages set trace=null where seq=?", seqs)
    return Gone(len(seqs))


def _media(db: Db, before: float, now: float) -> Gone:
    sql = (
        f"select media.seq, media.hash from media join messages on messages.seq=media.seq where {ENDED}"
        f" and {FREE} and accepted_at<? limit ?"
    )
    found = [(row["seq"], row["hash"]) for row in db.execute(sql, (before, PIECE)).fetchall()]
    db.executemany("delete from media where seq=? and hash=?", found)
    used = "select 1 from media where hash=? limit 1"
    free = sorted({hash for _, hash in found if db.execute(used, (hash,)).fetchone() is None})
    db.executemany("delete from uploads where hash=?", [(hash,) for hash in free])
    return Gone(len(found), free)


def _memory(db: Db, before: float, now: float) -> Gone:
    gone = 0
    for table in ("notes", "summaries", "person_values"):
        gone += db.execute(f"delete from {table} where at<?", (before,)).rowcount
    return Gone(gone)


def _rows(table: str, where: str = "1=1") -> Take:
    def work(db: Db, before: float, now: float) -> Gone:
        return Gone(db.execute(f"delete from {table} where at<? and {where}", (before,)).rowcount)

    return work


MEMORY = (
    "(select at from notes union all select at from summaries union all select at from person_values) m"
    " where 1=1"
)
SAID = "state in ('sent', 'failed')"
KINDS: Mapping[str, Kept] = {
    "messages": Kept(
        Text("消息和回答", "Messages and answers"),
        f"messages where {ENDED} and {WORDS} and {FREE}",
        "accepted_at",
        _messages,
    ),
    "traces": Kept(
        Text("运行记录（谁看到了什么也在里面）", "Traces, which say who saw what"),
        f"messages where {ENDED} and trace is not null",
        "accepted_at",
        _traces,
    ),
    "media": Kept(
        Text("图片、语音和文件", "Pictures, sound and files"),
        f"media join messages on messages.seq=media.seq where {ENDED} and {FREE}",
        "accepted_at",
        _media,
    ),
    "memory": Kept(Text("记住的事、摘要和资料", "Facts, summaries and values"), MEMORY, "at", _memory),
    "said": Kept(
        Text("主动发出的话", "What was sent unasked"), f"outbox where {SAID}", "at", _rows("outbox", SAID)
    ),
    "decisions": Kept(
        Text("内容安全的判断", "Decisions of checks"), "judged where 1=1", "at", _rows("judged")
    ),
    "consents": Kept(
        Text("同意的记录", "How people answered the consent"), "consents where 1=1", "at", _rows("consents")
    ),
}
"""By their names in settings, commands and addresses."""


def amount(db: Db, kind: str, before: float | None = None) -> Amount:
    """How many there are, or would go of those before that time."""
    kept = KINDS[kind]
    sql = f"select count(*) as many, min({kept.at}) as oldest from {kept.rows}"
    row = db.execute(sql if before is None else f"{sql} and {kept.at}<?", () if before is None else (before,))
    found = row.fetchone()
    return Amount(int(found["many"]), found["oldest"])


def take(db: Db, kind: str, before: float, now: float) -> Gone:
    """A piece. Nothing is left once it comes to none."""
    return KINDS[kind].take(db, before, now)


def done(db: Db, now: float) -> None:
    """All that was too old is gone."""
    db.execute(FACT, (DONE, "", now))
    db.execute("delete from facts where name=?", (HELD,))


def due(days: Mapping[str, int], now: float) -> Sequence[tuple[str, float]]:
    """The kinds that have an end, each with the time before which all goes."""
    return [(kind, now - days[kind] * DAY) for kind in KINDS if kind in days]


@dataclass(frozen=True)
class Standing:
    """Of a kind: how much there is, how old, and how much a run would delete now. `days`: None: no end."""

    kind: str
    days: int | None
    many: int
    oldest: float | None
    goes: int


def standing(db: Db, days: Mapping[str, int], now: float) -> list[Standing]:
    """Of each kind."""
    before, found = dict(due(days, now)), []
    for kind in KINDS:
        here = amount(db, kind)
        goes = amount(db, kind, before[kind]).many if kind in before else 0
        found.append(Standing(kind, days.get(kind), here.many, here.oldest, goes))
    return found
