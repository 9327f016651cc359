"""Restore, and let go out what a restore holds back."""

import argparse
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from runtime.access.actor import Actor
from runtime.access.audit.declared import recorded
from runtime.access.permissions import Permission, needs
from runtime.backups.key_files import key_of
from runtime.backups.making import check, opening
from runtime.backups.places import Where, where
from runtime.backups.since import since
from runtime.cli.printing import control_of, say
from runtime.cli.spoken import spoken
from runtime.errors import BadSettings
from runtime.lang import Text
from runtime.server.lock import end_holder, only_one
from runtime.settings import Settings
from runtime.store.home_files import MESSAGES
from runtime.store.installation import Installation
from runtime.store.messages.restored import Restored
from runtime.store.put_back import put_back_from
from runtime.testing.forgetting import Forgetting

LOST = Text(
    "这份备份以后，{people} 个人又写来了 {messages} 条消息：恢复以后这里没有它们"
    "（原来的数据留在旁边的文件夹里）。用 --export 文件.jsonl 把它们和回答写出来。",
    "Since this backup {people} people wrote {messages} messages: they will not be here once it is put back "
    "(what is here now stays in a folder beside). --export FILE.jsonl writes them and their answers out.",
)
ONE = Text("请写出是哪一份备份。", "Say which backup it is.")
NEXT = Text(
    "恢复好了。没做完的消息先不发：别处可能已经回答过。启动后在首页选择，或运行 python app.py release（发出）"
    "或 python app.py release --drop（不发）。",
    "Restored. What was unfinished is held back, because it may have been answered elsewhere since. "
    "Choose on the first page, or run python app.py release (send) or python app.py release --drop (never).",
)


@needs(Permission.RESTORE)
@recorded(afterwards=True)
def restore(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Raises Conflict while the program runs."""
    if bool(options.file) == options.empty:
        raise BadSettings(
            Text("请给出备份文件，或 --empty，二者选一。", "Give either a backup file or --empty."),
            field="FILE",
        )
    at, key = _one(options) if options.file else None, key_of(options.key_file, options.passphrase_file)
    with ExitStack() as held:
        for task in ("builder", "gateway"):
            if options.stop:
                end_holder(settings.data, task)
            held.enter_context(only_one(settings.data, task))
        if at is None:
            Installation(settings.data).forget()
            say({"empty": True})
            return
        marks = control_of(settings).marks_of
        archive = held.enter_context(opening(at.place, at.name, key))
        done = put_back_from(settings.home, archive, at.name, time.time(), marks, _forget)
    say(asdict(done))
    if done.unfinished:
        sys.stderr.write(f"{spoken(NEXT)}\n")


@needs(Permission.RESTORE)
def foresee(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """What putting it back would bring and take: it is opened and compared beside, and what came here since
    is counted. Raises HongyanError."""
    at = _one(options)
    checked = check(at.place, at.name, key_of(options.key_file, options.passphrase_file), settings.data)
    messages = settings.data / MESSAGES
    found = since(messages, checked.at, Path(options.export) if options.export else None)
    say({"file": options.file, **asdict(checked), "since": asdict(found)})
    if found.messages:
        note = LOST.fill(messages=found.messages, people=found.people)
        sys.stderr.write(f"{spoken(note)}\n")


@needs(Permission.CONVERSATIONS_ANSWER)
def release(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """A running gateway takes them up within seconds, else the next start does."""
    restored = Restored(settings.data / "messages.db")
    say({"dropped": restored.drop()} if options.drop else {"released": restored.release()})


def _one(options: argparse.Namespace) -> Where:
    """Raises BadSettings."""
    at = where(options.file) if options.file else None
    if not at or not at.name:
        raise BadSettings(ONE, field="FILE")
    return at


def _forget(agents: Path, data: Path, erased: Mapping[str, float]) -> None:
    """What was made of them."""
    Forgetting(agents, data).forget(erased)
