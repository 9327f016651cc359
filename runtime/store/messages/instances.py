"""Instances of the program on one database: who lives, and who takes over what a dead one left.

Times are those of the database's clock. An instance that was given up has no row any more, and nothing that
it writes after that is kept (see `Database.instance`), so what it had is another's without a doubt.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from runtime.store.database import Database, Db, Signs
from runtime.store.messages.leases import PREFIX
from runtime.store.messages.states import UNFINISHED, among
from runtime.store.messages.waking import LOOK, channel, wake_others

BEAT = 1.0
"""Seconds between two signs of life."""
DEAD = 10.0
"""Seconds without one after which others take over."""
AWAY = DEAD / 2
"""Seconds without one of one's own after which it was the database that was away; and seconds after that in
which all who live have told it again."""
NOW = "extract(epoch from clock_timestamp())"

JOIN = (
    f"insert into instances(name, began_at, steady_at, beat_at) values(?, {NOW}, {NOW}, {NOW}) returning id"
)
ALIVE = f"""
update instances set beat_at={NOW},
  steady_at=case when beat_at < {NOW} - {AWAY} then {NOW} else steady_at end
where id=? returning id
"""
"""`steady_at`: since when no sign of life came late."""
DEAD_ONES = f"""
select id from instances where id<>? and (id in ({{gone}}) or beat_at < {NOW} - {DEAD}
  and exists(select 1 from instances me where me.id=? and me.steady_at < {NOW} - {AWAY}))
for update skip locked
"""
"""Whoever was silent itself, as all are while the database is away, cannot tell who is dead. One that writes
at this moment is not."""
TAKEN_OVER = f"""
update messages set owner=? where state in ({among(UNFINISHED)}) and owner<>?
  and not exists(select 1 from instances i where i.id=messages.owner) returning seq
"""
HOW_FAR = """
select m.state<>'accepted' as over, (select count(*) from moments a indexed by moments_of
  where a.seq=m.seq and a.what in ('accepted', 'repeat')) as came from messages m where m.seq=?
"""
LEAVING = "select 1 from parts where state='sending' and owner not in (select id from instances) limit 1"
ANEW = """
select m.seq, count(*) from messages m join moments a on a.seq=m.seq
where m.state='accepted' and m.owner=? and a.what='resumed' group by m.seq having count(*)>=?
"""
OURS = f"select seq from messages where state in ({among(UNFINISHED)}) and owner=? order by seq"


class Instance(NamedTuple):
    id: int
    name: str


class Inherited(NamedTuple):
    """Messages, oldest first, and whether anything was leaving just then: see Parts.release."""

    seqs: Sequence[int]
    was_leaving: bool


class HowFar(NamedTuple):
    """Of a message that another works on. `is_over`: its turn; `came`: how often the platform sent it."""

    is_over: bool
    came: int


class Instances:
    """Where the store is shared. Every method is one durable step. Raises StoreFailed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def join(self, name: str) -> int:
        """A row for this program, under which it writes from now on; its number."""
        await self._database.join(JOIN, name)
        return self._database.instance

    async def others(self) -> Sequence[Instance]:
        sql, own = "select id, name from instances where id<>? order by id", self._database.instance
        return await self._database.read(lambda db: [Instance(*row) for row in db.execute(sql, (own,))])

    def live(self, heard: Callable[[str], object], lost: Callable[[], object]) -> Callable[[], None]:
        """Give signs of life, until what is returned is called, which may block. `heard`: what others told us
        of a message, or "" every BEAT; `lost`: we were given up. Both are called in another thread."""
        own = self._database.instance
        signs = Signs(own, channel(self._database.schema, own), ALIVE, BEAT, heard, lost)
        return self._database.give_signs(signs)

    async def ours(self) -> Sequence[int]:
        """Messages that we are to bring to their end, oldest first."""
        own = self._database.instance
        return await self._database.read(lambda db: [seq for (seq,) in db.execute(OURS, (own,))])

    async def take_over(self, gone: Collection[int] = ()) -> Inherited:
        """What dead instances, or those that left, had in hand is ours now. `gone`: those that are surely
        dead."""
        own, ids = self._database.instance, list(gone)

        def work(db: Db) -> Inherited:
            sql = DEAD_ONES.format(gone=", ".join("?" * len(ids)))
            for (dead,) in db.execute(sql, (own, *ids, own)).fetchall():
                _remove(db, dead)
            seqs = sorted(seq for (seq,) in db.execute(TAKEN_OVER, (own, own)))
            return Inherited(seqs, db.execute(LEAVING).fetchone() is not None)

        return await self._database.write(work)

    async def how_far(self, seq: int) -> HowFar:
        row = await self._database.read(lambda db: db.execute(HOW_FAR, (seq,)).fetchone())
        return HowFar(bool(row["over"]), int(row["came"]))

    async def begun_anew(self, often: int) -> Mapping[int, int]:
        """Of ours, which were begun again so often, by whatever instance, and how often."""
        given = self._database.instance, often
        rows = await self._database.read(lambda db: db.execute(ANEW, given).fetchall())
        return {row[0]: row[1] for row in rows}

    async def leave(self) -> None:
        """Whatever we have is anybody's from now on. After this nothing is kept that we write."""
        if not (own := self._database.instance):
            return

        def work(db: Db) -> None:
            _remove(db, own)
            wake_others(db, LOOK)

        await self._database.write(work)

    def begin_to_leave(self) -> None:
        """What comes from now on, of people of whom we have nothing, is anybody's but ours."""
        self._database.leaves = True


def _remove(db: Db, id: int) -> None:
    """With what it did alone, which another may do at once."""
    row = db.execute("delete from instances where id=? returning name", (id,)).fetchone()
    if row:
        sql = "delete from facts where name between ? and ? and value=?"
        db.execute(sql, (PREFIX, PREFIX + "\U0010ffff", row["name"]))
