"""What is taken out before anything of an installation is shown to somebody else.

Of settings only switches and numbers are shown. Of the log only lines that are ours; quoted words, what is
not English, addresses of people and whatever looks like a key go, and each secret that is known here.
"""

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

from runtime import wellformed
from runtime.care.site import Site
from runtime.errors import HongyanError
from runtime.server.logs import redacted
from runtime.store.control.secrets import KEY_FILE

PREFIX = "HONGYAN_"
PLAIN = re.compile(r"on|off|true|false|yes|no|debug|info|warning|error|json|text|[0-9]{1,6}", re.IGNORECASE)
"""Values that say nothing of anybody."""
SCHEME = re.compile(r"[a-z]{2,12}://")
SECRET = ("_KEY", "_TOKEN", "_SECRET", "_PASSWORD")
OWN = ("HONGYAN_HOME", "HONGYAN_TEXTS", "HONGYAN_HOST", "HONGYAN_PORT", "HONGYAN_LOG")
"""No secrets, whose words may stand in a sentence."""
IN_JSON = re.compile(r'"([^"]{6,500})"')
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
        found = {one for one in _secrets(site) if len(one) >= SHORTEST}
        return cls(tuple(sorted(found, key=len, reverse=True)))

    def cleaned(self, text: str) -> str:
        """Without any secret that is known here, and what looks like one."""
        for one in self.secrets:
            text = text.replace(one, GONE)
        return PERSON.sub(GONE, redacted(text))

    def settings(self, environ: Mapping[str, str]) -> Mapping[str, str]:
        """By name: the value where it says nothing of anybody, else that there is one."""
        return {name: _shown(value) for name, value in sorted(environ.items()) if name.startswith(PREFIX)}

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


def _shown(value: str) -> str:
    value = value.strip()
    if not value:
        return ""
    if PLAIN.fullmatch(value):
        return value
    scheme = SCHEME.match(value)
    return f"{scheme[0]}…" if scheme else "set"


def _secrets(site: Site) -> Iterator[str]:
    """Whatever is kept sealed, or stands in the environment; what does not open is known to nobody."""
    for name, value in site.environ.items():
        if (name.startswith(PREFIX) and name not in OWN) or name.endswith(SECRET):
            yield from _of_setting(value.strip())
    with contextlib.suppress(OSError):
        yield (site.settings.data / KEY_FILE).read_text("ascii", "replace").strip()
    control = site.control
    with contextlib.suppress(HongyanError):
        for endpoint in control.endpoints():
            for key in (endpoint.api_key, *(one.api_key for one in endpoint.keys)):
                if isinstance(key, SecretStr):
                    yield key.get_secret_value()
    for publication in control.publications():
        with contextlib.suppress(HongyanError):
            values = control.known_settings(publication.id).values()
            yield from (value for value in values if isinstance(value, str))
    for named in control.secrets.all():
        with contextlib.suppress(HongyanError):
            yield control.secrets.open(named.id, next(iter(named.hosts), ""))
    for provider in control.sso.all():
        with contextlib.suppress(HongyanError):
            yield control.sso.secret(provider)


def _of_setting(value: str) -> Iterator[str]:
    """Several with commas count one by one, an address by its password, JSON by the texts in it."""
    if PLAIN.fullmatch(value):
        return
    yield from IN_JSON.findall(value)
    for one in (part.strip() for part in value.split(",")):
        if not SCHEME.match(one):
            yield one
            continue
        with contextlib.suppress(ValueError):
            parts = urlsplit(one)
            for part in (parts.password, parts.username, parts.query):
                if part:
                    yield part
                    yield unquote(part)
