"""Whose the files are, and whether they can be read: what another user owns cannot be written by the program
that runs, and some of what is damaged is done without."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from runtime.care.site import Site, told
from runtime.care.walking import FOLDERS, files
from runtime.channels import Told
from runtime.lang import NOTHING, Text, listed

SHOWN = 3
FINE = Text("都属于同一个用户，可以写。", "All are of one user, who may write them.")
STRANGE = Text(
    "{count} 个文件不属于运行鸿雁的用户，例如在 {names} 里。",
    "{count} files are not of the user that Hongyan runs as, such as some in {names}.",
)
GIVE = Text(
    "多半是用 sudo 运行过命令。改回来：sudo chown -R {user} {home}。",
    "A command was probably run by sudo. Give them back: sudo chown -R {user} {home}.",
)
DAMAGED = Text("这些文件坏了，或不见了：{names}。", "These files are damaged or gone: {names}.")
RESTORE = Text(
    "恢复备份：python app.py restore 备份文件。没有备份就移走它们，再在页面上重新设置。",
    "Restore a backup: python app.py restore FILE. Where there is none, move them away, and decide anew on "
    "the pages what they held.",
)
NOT_WRITTEN = Text("写不进「{home}」。", "{home!r} cannot be written to.")


def of_one_user(site: Site) -> Told:
    home, data = site.settings.home, site.settings.data
    if not data.exists():
        return told(None, Text("还没有文件。", "There are no files yet."))
    owner = data.stat().st_uid
    below = files((home / name for name in FOLDERS), also_folders=True)
    others = [path.parent.relative_to(home).as_posix() for path, stat in below if stat.st_uid != owner]
    folders = list(dict.fromkeys(others))[:SHOWN]  # a file's own name may be what somebody called it
    values = {"count": len(others), "names": listed(folders), "user": owner, "home": str(home)}
    if others:
        return told(False, STRANGE, GIVE, **values)
    if not os.access(data, os.W_OK | os.X_OK):
        return told(False, NOT_WRITTEN, GIVE, **values)
    if damaged := [path.relative_to(home).as_posix() for path in _damaged(data / "control")]:
        return told(False, DAMAGED, RESTORE, names=listed(damaged[:SHOWN]))
    return told(True, FINE, NOTHING)


def _damaged(control: Path) -> Iterator[Path]:
    """Small files, each of which is one object; and where versions are left of what nobody knows any more."""
    publications = control / "publications.json"
    if not publications.exists() and any((control / "versions").glob("*.json")):
        yield publications
    for path in sorted(control.rglob("*.json")):
        if path.name.startswith(".") or ".broken-" in path.name:
            continue
        try:
            if not isinstance(json.loads(path.read_bytes()), dict):
                yield path
        except (OSError, ValueError, RecursionError):
            yield path
