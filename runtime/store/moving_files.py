"""The files of a home, moved with its messages: into the database where those go, or into another folder."""

import shutil
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from runtime.errors import Conflict, StoreFailed
from runtime.files import bring, disk, private, write_here
from runtime.lang import Text
from runtime.mirror import mirror_of
from runtime.store.database.postgres import alone
from runtime.store.database.postgres_failed import RAISED, failed
from runtime.store.database.postgres_opening import connected
from runtime.store.database.postgres_url import Url
from runtime.store.home import marks_of
from runtime.store.home_files import DATABASE, copied, files
from runtime.store.mirrored import keys, rows
from runtime.store.mirrored.folder import Folder
from runtime.store.mirrored.home import files_of, home_in

_OTHERS = Text(
    "{place} 里已有别的智能体或设置（{file}），什么都没有搬。请换一个空的地方。",
    "There are other agents or settings in {place} already ({file}); nothing was moved. "
    "Choose an empty place.",
)
_DIFFERS = Text(
    "{file} 没有原样搬到 {place}。请再运行一次。",
    "{file} did not arrive in {place} as it was. Run it again.",
)


class FilesInDatabase:
    def __init__(self, home: Path, url: Url, secret_key: str) -> None:
        self._home, self._to, self._url = home, url, files_of(url)
        self._marks = marks_of(home, secret_key)

    def check(self) -> None:
        there, seals = alone(self._there)
        if seals:
            keys.refuse_other(seals, self._marks)
        if there and (odd := _difference(self._here(), there)):
            raise Conflict(_OTHERS.fill(place=self._url.shown, file=odd))

    def take(self) -> int:
        bring_all(self._home)
        here = self._here()
        with home_in(self._to, self._home, self._marks):
            pass  # whoever comes first brings what it has
        if odd := _difference(here, alone(self._there)[0]):
            raise StoreFailed(_DIFFERS.fill(place=self._url.shown, file=odd), code="damaged")
        return len(here)

    def _here(self) -> Mapping[str, str]:
        return {name: rows.digest_of(path.read_bytes()) for name, path in Folder(self._home).all()}

    def _there(self) -> tuple[Mapping[str, str], str]:
        """Digests by name, and which key seals."""
        with closing(connected(self._url)) as session:
            try:
                sql = "select 1 from pg_tables where schemaname=? and tablename='files'"
                if session.execute(sql, (self._url.schema,)).fetchone() is None:
                    return {}, ""
                sql = "select name, digest from files where digest<>''"
                found = {row["name"]: row["digest"] for row in session.execute(sql)}
                return found, rows.fact(session, keys.SEALS)
            except RAISED as e:
                raise failed(self._url, e) from e


class FilesInFolder:
    """`to`: of another home, or of the one that they are a copy of already."""

    def __init__(self, home: Path, to: Path) -> None:
        self._home, self._to = home.resolve(), to.resolve()

    def check(self) -> None:
        if self._to != self._home:
            here = dict(files(self._home))
            for name, path in files(self._to):
                if name not in here or not _alike(here[name], path):
                    raise Conflict(_OTHERS.fill(place=str(self._to), file=name))

    def take(self) -> int:
        bring_all(self._home)
        count = 0
        for name, path in files(self._home):
            to = self._to / name
            count += 1
            if to == path:
                continue
            if path.suffix == DATABASE:
                with copied(path) as copy, disk(to):
                    to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                    shutil.copyfile(copy, to)
                private(to, 0o600)
                continue
            write_here(to, path.read_bytes(), 0o600)
            if not _alike(path, to):
                raise StoreFailed(_DIFFERS.fill(place=str(self._to), file=name), code="damaged")
        return count


def bring_all(home: Path) -> None:
    """What other instances have is here after this."""
    mirror = mirror_of(home)
    for path in mirror.everything() if mirror else ():
        bring(path)


def _alike(one: Path, other: Path) -> bool:
    return one.suffix == DATABASE or one.read_bytes() == other.read_bytes()


def _difference(ours: Mapping[str, str], theirs: Mapping[str, str]) -> str:
    """The first name of which that is not the same; "" for none."""
    return next((name for name in sorted({*ours, *theirs}) if ours.get(name) != theirs.get(name)), "")
