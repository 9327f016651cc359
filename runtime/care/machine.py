"""What the machine has left: disk, and for how long at this week's growth; memory."""

from runtime.care.site import DAY, MB, Site, size, told
from runtime.care.walking import FOLDERS, files
from runtime.channels import Told
from runtime.lang import NOTHING, Text
from runtime.metrics import machine
from runtime.store.messages.growth import share_since

WEEK = 7 * DAY
LEAST_DISK, PART_DISK = 500 * MB, 0.05
LEAST_MEMORY, PART_MEMORY = 100 * MB, 0.08
"""Where the owner is alerted as well, see metrics."""
SOON, LATER = 14, 60
"""Days that the disk lasts: from there on it is to be mended, or told."""
MAKE_ROOM = Text(
    "删掉旧备份和日志，把「隐私」页的保存天数调短，或换一块更大的磁盘。",
    "Remove old backups and logs, keep data for fewer days (the page Privacy), or take a larger disk.",
)
MORE_MEMORY = Text(
    "关掉别的程序，或给这台机器多一些内存；一个鸿雁带模型进程要约 600 MB。",
    "End other programs, or give the machine more: one Hongyan with its model process needs about 600 MB.",
)


def disk(site: Site) -> Told:
    free, whole = machine.disk(site.settings.home)
    if not whole:
        return told(None, Text("问不到磁盘的大小。", "The size of the disk cannot be asked."))
    return left(free, whole, grown(site))


def left(free: int, whole: int, weekly: float) -> Told:
    """Bytes."""
    days = int(free / weekly * 7) if weekly else 10_000
    values = {"free": size(free), "whole": size(whole), "weekly": size(weekly), "days": days}
    says = Text("还剩 {free}（共 {whole}）。", "{free} of {whole} are left.")
    if weekly and days < 3650:
        says = Text(
            "还剩 {free}（共 {whole}）；最近一周长了约 {weekly}，照此够用 {days} 天。",
            "{free} of {whole} are left; about {weekly} came in the last week, so it lasts {days} days.",
        )
    is_bad = free < LEAST_DISK or free < PART_DISK * whole or days < SOON
    return told(not is_bad, says, MAKE_ROOM if is_bad or days < LATER else NOTHING, **values)


def grown(site: Site) -> float:
    """Bytes that came in the last seven days: files by their time, messages by their share of the store."""
    since = site.clock() - WEEK
    home, fresh = site.settings.home, 0
    for path, stat in files(home / name for name in FOLDERS):
        if stat.st_mtime >= since and not path.name.startswith(site.messages.name):
            fresh += stat.st_size
    store = sum(path.stat().st_size for path in site.settings.data.glob("messages.db*"))
    return fresh + (store * share_since(site.messages, since) if store else 0.0)


def memory(site: Site) -> Told:
    found = machine.memory(site.root / "proc", site.root / "sys/fs/cgroup")
    if not found.limit:
        return told(None, Text("这个系统不说还剩多少内存。", "This system does not say how much is left."))
    is_bad = found.available < LEAST_MEMORY or found.available < PART_MEMORY * found.limit
    says = Text("还可以用 {free}（共 {whole}）。", "{free} of {whole} can be had.")
    values = {"free": size(found.available), "whole": size(found.limit)}
    return told(not is_bad, says, MORE_MEMORY if is_bad else NOTHING, **values)
