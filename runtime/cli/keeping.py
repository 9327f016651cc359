"""Back up, restore, and let go out what a restore holds back."""

import argparse
import json
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from runtime.access.actor import Actor
from runtime.access.audit.declared import recorded
from runtime.access.permissions import Permission, needs
from runtime.cli.spoken import spoken
from runtime.errors import BadSettings
from runtime.lang import Text
from runtime.server.lock import only_one
from runtime.settings import Settings
from runtime.store.backup import back_up
from runtime.store.control.control import Control
from runtime.store.installation import Installation
from runtime.store.messages.restored import Restored
from runtime.store.put_back import put_back
from runtime.testing.forgetting import Forgetting

NEXT = Text(
    "恢复好了。没做完的消息先不发：别处可能已经回答过。启动后在首页选择，或运行 python app.py release（发出）"
    "或 python app.py release --drop（不发）。",
    "Restored. What was unfinished is held back, because it may have been answered elsewhere since. "
    "Choose on the first page, or run python app.py release (send) or python app.py release --drop (never).",
)
KEY = Text(
    "备份里有解开全部凭证的密钥，请像密码一样保管。",
    "The backup holds the key to all credentials: keep it like a password.",
)
NO_KEY = Text(
    "备份里没有密钥：恢复时还要有同样的 HONGYAN_SECRET_KEY。",
    "The key is not in the backup: restoring also needs the same HONGYAN_SECRET_KEY.",
)


@needs(Permission.BACKUP)
def backup(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Also while the program runs."""
    saved = back_up(settings.home, Path(options.file).resolve(), time.time())
    _say({"file": options.file, **asdict(saved)})
    sys.stderr.write(f"{spoken(KEY if saved.has_key else NO_KEY)}\n")


@needs(Permission.RESTORE)
@recorded(afterwards=True)
def restore(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Raises Conflict while the program runs."""
    if bool(options.file) == options.empty:
        raise BadSettings(
            Text("请给出备份文件，或 --empty，二者选一。", "Give either a backup file or --empty."),
            field="FILE",
        )
    with ExitStack() as held:
        for task in ("builder", "gateway"):
            held.enter_context(only_one(settings.data, task))
        if options.empty:
            Installation(settings.data).forget()
            _say({"empty": True})
            return
        marks = Control.in_folder(settings.data, settings.secret_key).marks_of
        done = put_back(settings.home, Path(options.file), time.time(), marks, _forget)
    _say(asdict(done))
    if done.unfinished:
        sys.stderr.write(f"{spoken(NEXT)}\n")


@needs(Permission.CONVERSATIONS_ANSWER)
def release(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """A running gateway takes them up within seconds, else the next start does."""
    restored = Restored(settings.data / "messages.db")
    _say({"dropped": restored.drop()} if options.drop else {"released": restored.release()})


def _forget(agents: Path, data: Path, erased: Mapping[str, float]) -> None:
    """What was made of them."""
    Forgetting(agents, data).forget(erased)


def _say(fact: dict[str, object]) -> None:
    sys.stdout.write(f"{json.dumps(fact, ensure_ascii=False)}\n")
