"""What is taken out before anything of an installation is shown to somebody else.

Of settings only switches and numbers are shown. Of the log only lines that are ours; quoted words, what is
not English, addresses of people and whatever looks like a key go, and each secret that is known here.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from runtime import wellformed
from runtime.care.known_secrets import PREFIX, is_plain, known
from runtime.care.site import Site
from runtime.server.logs import redacted

SCHEME = re.compile(r"[a-z]{2,12}://")
SHORTEST = 6
"""Characters of a secret that is looked for: what is shorter would be found everywhere."""
LOGGED = re.compile(
    r"(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),\d{3} (?P<level>[A-Z]{4,8}) (?P<name>[\w.]{1,80}): (?P<says>.*)"
)
AT, LEVEL, LOGGER = (
    re.compile(one) for one in (r"\d{4}-\d\d-\d\dT[\d:.+Z-]{8,24}", r"[A-Z]{4,8}", r"[\w.]{1,80}")
)
FRAME = re.compile(r'File "(?P<file>[^"]{1,300})", line (?P<line>\d{1,6}), in (?P<what>\w{1,80})')
RAISED = re.compile(r"(?:^|⏎ )(?P<kind>[A-Za-z_][\w.]{0,80}(?:Error|Exception|Failed|Gone|Interrupt))\b")
QUOTED = re.compile(r"(['\"])(?:(?!\1).){1,2000}\1|“[^”]{1,2000}”")
FOREIGN = re.compile(r"[^\x20-\x7e]+")
PERSON = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,253}|(?<![\w-])\+?\d[\d -]{6,}\d(?!\w)")
KEY = re.compile(r"(?=[\w+/=-]*\d)(?=[\w+/=-]*[A-Za-z])[\w+/=-]{16,}|[A-Za-z0-9+/=_-]{32,}")
QUERY = re.compile(r"\?[^\s#]+")
LONGEST, MOST = 1000, 50_000
FRAMES = 12
GONE = "***"


@dataclass(frozen=True)
class Cleaner:
    """`secrets`: longest first."""

    secrets: tuple[str, ...]

    @classmethod
    def of(cls, site: Site) -> "Cleaner":
        found = {part for one in known(site) for part in (one, *one.splitlines()) if len(part) >= SHORTEST}
        return cls(tuple(sorted(found, key=len, reverse=True)))

    def cleaned(self, text: str) -> str:
        """Without any secret that is known here, and what looks like one."""
        for one in self.secrets:
            text = text.replace(one, GONE)
        return PERSON.sub(GONE, redacted(text))

    def settings(self, environ: Mapping[str, str]) -> Mapping[str, str]:
        """By name: the value where it says nothing of anybody, else that there is one."""
        ours = sorted((name, value) for name, value in environ.items() if name.startswith(PREFIX))
        return {name: _shown(name, value) for name, value in ours}

    def lines(self, log: Iterable[str], most: int) -> list[str]:
        """The last ones, as far as they are ours."""
        kept: list[str] = []
        for line in log:
            if (found := _logged(line[:MOST])) is not None:
                kept.append(f"{found['at']} {found['level']} {found['name']}: {self._said(found['says'])}")
                del kept[:-most]
        return kept

    def _said(self, says: str) -> str:
        first, _, rest = says.partition("⏎")
        bare = QUOTED.sub("'…'", self.cleaned(first))
        bare = KEY.sub(GONE, QUERY.sub("?…", FOREIGN.sub("…", bare)))[:LONGEST].rstrip()
        return f"{bare}{_frames(rest)}" if rest else bare


def _logged(line: str) -> Mapping[str, str] | None:
    """A line in either format of ours; None for any other."""
    if match := LOGGED.search(line):
        return match.groupdict()
    try:
        told = wellformed.load(line[line.index("{") :], largest=MOST)
        at, level, name = str(told["at"]), str(told["level"]).upper(), str(told["logger"])
        words, seq = str(told["says"]).replace("\n", " "), told.get("message")
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    if not (AT.fullmatch(at) and LEVEL.fullmatch(level) and LOGGER.fullmatch(name)):
        return None
    about = f" [message {seq}]" if isinstance(seq, int) else ""
    trace = str(told.get("error", "")).replace("\n", " ⏎ ")
    return {"at": at, "level": level, "name": name, "says": f"{words}{about}{f' ⏎ {trace}' if trace else ''}"}


def _frames(trace: str) -> str:
    """Where in our code, and which kind of error: no words of it."""
    found = [f"{one['file'].rpartition('/')[2]}:{one['line']} {one['what']}" for one in FRAME.finditer(trace)]
    kinds = [one["kind"] for one in RAISED.finditer(trace)]
    return f" [{' < '.join([*kinds[-1:], *reversed(found[-FRAMES:])])}]"


def _shown(name: str, value: str) -> str:
    value = value.strip()
    if not value:
        return ""
    if is_plain(name, value):
        return value
    scheme = SCHEME.match(value)
    return f"{scheme[0]}…" if scheme else "set"
