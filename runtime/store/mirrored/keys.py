"""The key that seals credentials is no file of the home: every instance is given it, and has the same."""

from collections.abc import Callable, Sequence

from runtime.errors import BadSettings
from runtime.lang import Text
from runtime.store.database import Db
from runtime.store.mirrored import rows

SEALS = "seals"
"""The fact of which key seals: a hash of it."""

Marks = Callable[[bool], Sequence[str]]
"""Hashes of the keys of this instance, the one that seals first; where there is none, one is made if that is
said, else BadSettings is raised."""

OTHER = Text(
    "这台机器的密钥和这个数据库里的凭证用的不是同一把。请给每台机器同样的 HONGYAN_SECRET_KEY，"
    "或把第一台机器的 data/secret.key 复制到这台机器的 data 文件夹。",
    "This machine's key is not the one that the credentials in this database are sealed with. Give every "
    "machine the same HONGYAN_SECRET_KEY, or copy the first one's data/secret.key into data/ of this one.",
)


def compare(db: Db, marks: Marks, *, may_make: bool) -> None:
    """Within a step, before anything is taken. Raises BadSettings."""
    seals = rows.fact(db, SEALS)
    ours = refuse_other(seals, marks) if seals else marks(may_make)
    if seals != ours[0]:
        rows.put_fact(db, SEALS, ours[0])


def refuse_other(seals: str, marks: Marks) -> Sequence[str]:
    """Ours, of which one is the one that seals. Raises BadSettings."""
    try:
        ours = marks(False)
    except BadSettings as e:
        raise BadSettings(OTHER, field=e.field, code="wrong_key") from e
    if seals not in ours:
        raise BadSettings(OTHER, field="HONGYAN_SECRET_KEY", code="wrong_key")
    return ours
