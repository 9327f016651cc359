"""Whether it starts by itself: systemd's units that name this folder, or whoever runs a container."""

from collections.abc import Sequence
from pathlib import Path

from runtime.care.site import Site, told
from runtime.channels import Told
from runtime.lang import NOTHING, Text, listed

FOLDER = Path("etc/systemd/system")
MOST, LARGEST = 500, 100_000
NONE = Text(
    "没有系统服务：重启机器以后它不会自己启动。",
    "There is no service: after a restart of the machine it does not start by itself.",
)
MAKE_ONE = Text(
    "运行 python app.py deploy systemd，照里面的步骤放好。",
    "Run python app.py deploy systemd and do the steps that it prints.",
)
NOT_ENABLED = Text(
    "有系统服务 {names}，但没有设成开机启动。",
    "There is a service, {names}, which does not start at boot.",
)
ENABLE = Text("运行 sudo systemctl enable {names}。", "Run sudo systemctl enable {names}.")
ENABLED = Text("开机时由 {names} 启动。", "{names} starts it at boot.")


def units(site: Site) -> Told | None:
    if is_contained(site):
        return None
    found = ours(site)
    names = listed([one.name for one in found])
    if not found:
        is_systemd = (site.root / "run/systemd/system").is_dir()
        return told(None, NONE, MAKE_ONE if is_systemd else NOTHING)
    enabled = [one for one in found if wanted(site, one)]
    if not enabled:
        return told(False, NOT_ENABLED, ENABLE, names=names)
    return told(True, ENABLED, NOTHING, names=names)


def ours(site: Site) -> Sequence[Path]:
    """Files of services that run this checkout on this home."""
    folder = site.root / FOLDER
    try:
        files = sorted(one for one in folder.iterdir() if one.name.startswith("hongyan"))[:MOST]
    except OSError:
        return []
    return [one for one in files if one.suffix == ".service" and _names(one, str(site.checkout))]


def wanted(site: Site, unit: Path) -> Sequence[Path]:
    """The links by which systemd starts that one; of a template each instance's. Others' names may begin as
    its own."""
    front, back = unit.stem, unit.suffix
    links = sorted((site.root / FOLDER).glob("*.wants/*.service"))
    if not front.endswith("@"):
        return [one for one in links if one.name == unit.name]
    return [one for one in links if one.name.startswith(front) and one.name.endswith(back)]


def is_contained(site: Site) -> bool:
    """Whether somebody else starts and ends it."""
    is_marked = any((site.root / name).exists() for name in (".dockerenv", "run/.containerenv"))
    return is_marked or "KUBERNETES_SERVICE_HOST" in site.environ


def _names(file: Path, checkout: str) -> bool:
    try:
        with file.open("rb") as read:
            return checkout in read.read(LARGEST).decode("utf-8", "replace")
    except OSError:
        return False
