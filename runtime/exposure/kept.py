"""What lies on the disk: who may read it, under which key, for how long, and whether the log is whole."""

import stat
from collections.abc import Iterator
from pathlib import Path

from runtime.access.audit.reading import checked
from runtime.errors import HongyanError
from runtime.exposure.point import Here, Point
from runtime.lang import Text, joined, listed
from runtime.store.control.secrets import KEY_FILE
from runtime.store.messages.beside import look
from runtime.store.messages.retention import KINDS
from runtime.store.messages.switching import Switch, found

MANUAL = "manual/security"
OTHERS = stat.S_IRWXG | stat.S_IRWXO
DATA, BESIDE = "data", ("agents", "knowledge", "backups")
"""Folders of a home that hold what is of people and agents."""
MOST = 20_000
"""Files whose rights are looked at."""
SHOWN = 5
AND = Text("、", ", ")


def points(here: Here) -> Iterator[Point]:
    yield _rights(here.settings.home)
    yield _sealing(here)
    yield _encryption(here)
    yield _retention(here)
    yield _audit(here)


def _rights(home: Path) -> Point:
    """A file within a folder that only its owner may enter is out of reach, whatever it says itself."""
    data = [] if _is_private(home / DATA) else [DATA, *_readable(home / DATA)]
    beside = [one for name in BESIDE if not _is_private(home / name) for one in _readable(home / name)]
    open_ones = [*data, *beside]
    folders = dict.fromkeys(one.partition("/")[0] for one in open_ones)
    says = Text(
        "资料、凭证和智能体的文件，只有它们的主人能读。",
        "Only their owner may read the files of data, agents, knowledge and backups.",
    )
    if open_ones:
        says = Text("这台机器上的别人能读：{names}。", "Others on this machine can read: {names}.")
    return Point(
        "rights",
        "bad" if data else "warn" if beside else "ok",
        says.fill(names=listed(open_ones[:SHOWN])),
        Text(
            "里面有密钥、登录、对话、文档和智能体。",
            "The keys, the sign-ins, conversations, documents and agents are in there.",
        ),
        Text(
            "运行 chmod -R go= {folders}，只留给运行鸿雁的用户。",
            "Run chmod -R go= {folders}, as the user that runs Hongyan.",
        ).fill(folders=" ".join(folders)),
        MANUAL,
    )


def _readable(folder: Path) -> Iterator[str]:
    """Files in it that others may read; a folder alone says nothing but names, and an empty file nothing."""
    for count, path in enumerate(sorted(folder.rglob("*"))):
        if count >= MOST:
            return
        if _holds_something(path) and not _is_private(path) and not _is_shut(path, folder):
            yield path.relative_to(folder.parent).as_posix()


def _holds_something(path: Path) -> bool:
    try:
        return not path.is_symlink() and path.is_file() and path.stat().st_size > 0
    except OSError:
        return False


def _is_shut(path: Path, folder: Path) -> bool:
    """Whether a folder between keeps everybody else out."""
    between = path.relative_to(folder).parents
    return any(_is_private(folder / one) for one in between if one != Path())


def _is_private(path: Path) -> bool:
    """Also what is not there, or was taken away meanwhile."""
    try:
        return not path.stat().st_mode & OTHERS
    except OSError:
        return True


def _sealing(here: Here) -> Point:
    is_beside = not here.settings.secret_key and (here.settings.data / KEY_FILE).exists()
    says = Text(
        "凭证用 HONGYAN_SECRET_KEY 加密（AES-256-GCM）。",
        "Credentials are sealed by HONGYAN_SECRET_KEY (AES-256-GCM).",
    )
    if is_beside:
        says = Text(
            "凭证已加密（AES-256-GCM），密钥在旁边的 data/secret.key 里；对话和您的磁盘一样。",
            "Credentials are sealed (AES-256-GCM); the key lies beside them in data/secret.key. "
            "Conversations are as your disk is.",
        )
    return Point(
        "sealing",
        "warn" if is_beside and here.is_reached else "ok",
        says,
        Text(
            "谁拿走文件夹或备份，就连钥匙一起拿走了。",
            "Whoever takes the folder or a backup along has the key as well.",
        ),
        Text(
            "把密钥移到 HONGYAN_SECRET_KEY，磁盘用整盘加密。",
            "Move the key into HONGYAN_SECRET_KEY, and have the disk encrypted.",
        ),
        MANUAL,
    )


def _encryption(here: Here) -> Point:
    """By choice: whoever is reached from elsewhere is asked to choose."""
    try:
        switched = look(here.settings.data / "messages.db", found, Switch())
    except HongyanError:  # the audit log lies in the same store, and its point says what is wrong
        switched = Switch()
    is_on = switched.is_on and not switched.goes_on
    says = Text("消息和记忆没有加密。", "Messages and memory are not encrypted.")
    if is_on:
        says = Text(
            "消息和记忆已加密，每人一把密钥。", "Messages and memory are encrypted, with a key a person."
        )
    return Point(
        "encryption",
        "warn" if here.is_reached and not is_on else "ok",
        says,
        Text("谁拿到数据库，就能读里面的话。", "Whoever gets the database reads what was said."),
        Text("运行 python app.py encryption on。", "Run python app.py encryption on."),
        "privacy",
    )


def _retention(here: Here) -> Point:
    endless = [KINDS[kind].title for kind in KINDS if kind not in here.control.retention().days]
    says = Text("每类数据都有期限。", "Every kind of data has an end.")
    if endless:
        says = Text("这些一直保存：{names}。", "These are kept without end: {names}.")
    return Point(
        "retention",
        "warn" if endless else "ok",
        says.fill(names=joined(endless, AND)),
        Text("没有的数据，谁也偷不走。", "What is not there, nobody takes."),
        Text("在「隐私」页设天数。", "The page Privacy sets the days."),
        "privacy",
    )


def _audit(here: Here) -> Point:
    """Walks the whole chain."""
    try:
        found = checked(here.settings.data / "messages.db", here.control.is_mark)
        trouble = found.trouble
        says = Text("审计日志的 {count} 条记录前后相连。", "The audit log is whole: {count} records.").fill(
            count=found.records
        )
    except HongyanError as e:
        trouble = says = e.text
    return Point(
        "audit",
        "bad" if trouble else "ok",
        trouble or says,
        Text("断了，就是有人改过或删过。", "Where it is broken, somebody changed or removed records."),
        Text(
            "看审计日志，和别处的导出对照。",
            "Look at the audit log, and compare it with an export that lies elsewhere.",
        ),
        "audit",
    )
