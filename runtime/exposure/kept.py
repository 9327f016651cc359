"""What lies on the disk: who may read it, under which key, for how long, and whether the log is whole."""

import stat
from collections.abc import Iterator
from pathlib import Path

from runtime.access.audit.reading import checked
from runtime.errors import HongyanError
from runtime.exposure.point import Here, Point
from runtime.lang import Text, joined, listed
from runtime.store.control.secrets import KEY_FILE
from runtime.store.messages.retention import KINDS

MANUAL = "manual/security"
OTHERS = stat.S_IRWXG | stat.S_IRWXO
MOST = 20_000
"""Files whose rights are looked at."""
SHOWN = 5
AND = Text("、", ", ")


def points(here: Here) -> Iterator[Point]:
    yield _rights(here.settings.data)
    yield _sealing(here)
    yield _retention(here)
    yield _audit(here)


def _rights(data: Path) -> Point:
    """A file within a folder that only its owner may enter is out of reach, whatever it says itself."""
    open_ones = [] if _is_private(data) else ["data", *_readable(data)]
    says = Text("「data」文件夹只有它的主人能进。", "Only its owner may enter the folder data.")
    if open_ones:
        says = Text("这台机器上的别人能读：{names}。", "Others on this machine can read: {names}.")
    return Point(
        "rights",
        "bad" if open_ones else "ok",
        says.fill(names=listed(open_ones[:SHOWN])),
        Text("里面有密钥、登录和所有对话。", "The keys, the sign-ins and all conversations are in there."),
        Text(
            "运行 chmod -R go= data，只留给运行鸿雁的用户。",
            "Run chmod -R go= data, as the user that runs Hongyan.",
        ),
        MANUAL,
    )


def _readable(data: Path) -> Iterator[str]:
    for count, path in enumerate(sorted(data.rglob("*"))):
        if count >= MOST:
            return
        if not path.is_symlink() and not _is_private(path):
            yield path.relative_to(data.parent).as_posix()


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
