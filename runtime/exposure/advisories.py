"""Packages that must not be older than a version, since those before have a published hole.

Asked anew by `make advisories`, which looks at every pinned package; here stands what an installation can say
of itself without asking anybody.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from runtime.exposure.point import Point
from runtime.lang import Text, listed

AS_OF = "2026-11-30"


@dataclass(frozen=True)
class Advisory:
    """`floor`: the first version without it; `bad`: single versions that are it."""

    package: str
    id: str
    what: str
    floor: str = ""
    bad: Sequence[str] = ()


KNOWN: Sequence[Advisory] = (
    Advisory("jinja2", "CVE-2025-27516", "a template leaves the sandbox by |attr", "3.1.6"),
    Advisory("mcp", "CVE-2025-66416", "a web page reaches a server on this machine", "1.23.0"),
    Advisory("python-multipart", "CVE-2026-42561", "a form's headers stop the program", "0.0.27"),
    Advisory("starlette", "CVE-2026-48818", "a path of another machine is opened on Windows", "1.1.0"),
    Advisory("litellm", "1.82.7, 1.82.8", "stolen releases that send secrets away", bad=("1.82.7", "1.82.8")),
)
Versions = Callable[[str], str]


def installed(package: str) -> str:
    """ "" when it is not there."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def points(versions: Versions = installed) -> Iterator[Point]:
    old = [
        f"{one.package} {versions(one.package)} ({one.id})"
        for one in KNOWN
        if is_open(one, versions(one.package))
    ]
    says = Text(
        "{count} 个已知漏洞，装的版本都不受影响（截至 {day}）。",
        "None of {count} known holes is in what is installed (as of {day}).",
    )
    if old:
        says = Text("装的版本有已知漏洞：{names}。", "What is installed has known holes: {names}.")
    yield Point(
        "advisories",
        "bad" if old else "ok",
        says.fill(count=len(KNOWN), day=AS_OF, names=listed(old)),
        Text("公开的漏洞，别人会拿来试。", "What is published is tried."),
        Text(
            "运行 make setup 装锁定的版本；make advisories 逐个再问。",
            "Run make setup for the pinned versions; make advisories asks about each.",
        ),
        "manual/security",
    )


def is_open(one: Advisory, has: str) -> bool:
    if not has:
        return False
    return has in one.bad or (bool(one.floor) and _numbers(has) < _numbers(one.floor))


def _numbers(version: str) -> tuple[int, ...]:
    """Of a release; what follows the numbers does not count."""
    found: list[int] = []
    for part in version.split("."):
        digits = "".join(c for c in part if c.isdigit()) if part[:1].isdigit() else ""
        if not digits:
            break
        found.append(int(digits))
    return tuple(found)
