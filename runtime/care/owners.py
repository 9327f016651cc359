"""Whose the files are: what another user owns cannot be written by the program that runs."""

import os

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
    return told(True, FINE, NOTHING)
