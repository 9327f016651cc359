"""What anybody reaches who has an address: agents that the public writes to, files, shared chats."""

from collections.abc import Iterator
from pathlib import Path

from runtime.channels import registry
from runtime.exposure.doing import PUBLIC
from runtime.exposure.point import Here, Point, some
from runtime.lang import Text

MANUAL = "manual/security"
MOST = 10_000
"""Files that are counted."""


def points(here: Here) -> Iterator[Point]:
    yield _publications(here)
    yield _files(here)


def _publications(here: Here) -> Point:
    kinds = registry()
    names = [
        one.id
        for one in here.control.publications()
        if one.enabled and one.channel in kinds and kinds[one.channel].profile.audience in PUBLIC
    ]
    says = Text("没有谁都能写给它的智能体。", "No agent is there for anybody to write to.")
    if names:
        says = Text("谁都能写给这些发布：{names}。", "Anybody may write to {names}.").fill(names=some(names))
    why = Text("每条消息都要花钱，也都可能是来试探的。", "Each message costs, and any may be a try.")
    do = Text("不用了就取消发布，或设上限。", "Take back what is not needed, or cap what it costs.")
    return Point("open", "ok", says, why, do, "publish")


def _files(here: Here) -> Point:
    files = _many(here.settings.own_files)
    shared = _many(here.settings.data / "played-shared")
    says = Text(
        "有地址的人能打开：公开的文件 {files} 个，分享的聊天 {shared} 个。",
        "Whoever has the address opens {files} public files and {shared} shared chats.",
    )
    why = Text("地址传出去了，谁都能打开。", "An address may be passed on to anybody.")
    do = Text(
        "不该公开的文件从 files/ 里拿走；不再分享的聊天，删掉那段试聊。",
        "Take away from files/ what should not be public; delete the chat to end its sharing.",
    )
    return Point("files", "ok", says.fill(files=files, shared=shared), why, do, MANUAL)


def _many(folder: Path) -> int:
    """Files in it, without those that only help."""
    count = 0
    for path in folder.rglob("*"):
        count += path.is_file() and not path.name.startswith(".")
        if count >= MOST:
            break
    return count
