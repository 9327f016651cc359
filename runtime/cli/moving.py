"""Move a home's messages to another database, and back."""

import argparse
import sys
import time
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from runtime.access.actor import Actor
from runtime.access.audit.declared import recorded
from runtime.access.permissions import Permission, needs
from runtime.cli.printing import say
from runtime.cli.spoken import spoken
from runtime.errors import BadSettings
from runtime.lang import Text
from runtime.server.lock import only_one
from runtime.settings import Settings
from runtime.store.database.place import movable_at, url_of
from runtime.store.database.postgres_url import read
from runtime.store.installation import Installation
from runtime.store.moving import FilesEnd, Told, move, undo

HERE = "sqlite"
"""As `--to`: into this home's own folder."""
EVERY = 50_000
"""Rows of a table after which it is said how far it is."""
NEXT = Text(
    "搬好了，原来的数据没有动。以后启动前请设置 HONGYAN_DATABASE_URL 为新地址，{key}。",
    "Moved; what was here before is as it was. From now on start with HONGYAN_DATABASE_URL set to the new "
    "address, {key}.",
)
KEY = Text(
    "每台机器都要有同样的密钥（data/secret.key 或 HONGYAN_SECRET_KEY）",
    "and with the same key on every machine (data/secret.key or HONGYAN_SECRET_KEY)",
)
BACK = Text(
    "搬好了，原来的数据没有动。以后启动请不要再设置 HONGYAN_DATABASE_URL，HONGYAN_HOME 为 {home}。",
    "Moved; what was in the database is as it was. From now on start without HONGYAN_DATABASE_URL, with "
    "HONGYAN_HOME={home}.",
)
HELD = Text(
    "这里又能用了。没做完的消息先不发：搬去的地方可能已经回答过。启动后在首页选择，"
    "或运行 python app.py release（发出）或 python app.py release --drop（不发）。",
    "It is used here again. What was unfinished is held back, because it may have been answered where it was "
    "moved to. Choose on the first page, or run python app.py release, or python app.py release --drop.",
)


@needs(Permission.RESTORE)
@recorded(afterwards=True)
def move_messages(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Raises Conflict while the program runs."""
    if bool(options.to) == options.undo:
        raise BadSettings(
            Text("请给出 --to 地址，或 --undo，二者选一。", "Give either --to ADDRESS or --undo."),
            field="--to",
        )
    path = settings.data / "messages.db"
    source = movable_at(url_of(path), path)
    with ExitStack() as held:
        _alone(held, settings.data)
        if url_of(path) and options.to:
            Installation(settings.data).check()  # the address was set before the messages went there
        if options.undo:
            count = undo(source)
            say({"undone": True, "unfinished": count})
            if count:
                sys.stderr.write(f"{spoken(HELD)}\n")
            return
        home = _folder(options.to, settings)
        if home and home != settings.home.resolve():
            _alone(held, home / "data")
        there = home / "data" / "messages.db" if home else path
        target = movable_at("" if home else options.to, there)
        moved = move(source, target, _files(options.to, home, settings), time.time(), _progress())
        if home:
            Installation(home / "data").arrived()
    say(asdict(moved))
    sys.stderr.write(f"{spoken(BACK.fill(home=home) if home else NEXT.fill(key=KEY))}\n")


def _alone(held: ExitStack, data: Path) -> None:
    for task in ("builder", "gateway"):
        held.enter_context(only_one(data, task))


def _folder(to: str, settings: Settings) -> Path | None:
    """None for a database's address."""
    if "://" in to:
        return None
    return (settings.home if to == HERE else Path(to)).resolve()


def _files(to: str, home: Path | None, settings: Settings) -> FilesEnd:
    from runtime.store.moving_files import FilesInDatabase, FilesInFolder

    if home:
        return FilesInFolder(settings.home, home)
    return FilesInDatabase(settings.home, read(to), settings.secret_key)


def _progress() -> Told:
    said: dict[str, int] = {}

    def told(table: str, rows: int) -> None:
        if rows // EVERY > said.get(table, 0):
            said[table] = rows // EVERY
            sys.stderr.write(f"{table}: {rows:,}\n")

    return told
