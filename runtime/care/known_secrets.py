"""Every secret that this installation knows, so that none of them is shown by accident."""

import contextlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from runtime.care.site import Site
from runtime.errors import HongyanError
from runtime.store.control.control import Control
from runtime.store.control.secrets import KEY_FILE, SecretBox

PREFIX = "HONGYAN_"
PLAIN = re.compile(r"on|off|true|false|yes|no|debug|info|warning|error|json|text|[0-9]{1,6}", re.IGNORECASE)
"""Values that say nothing of anybody, where they are no secret."""
SECRET = ("_KEY", "_TOKEN", "_SECRET", "_PASSWORD", "_HEADERS", "_SIGN_IN")
"""Ends of the names of settings whose value is one, whatever it looks like."""
OWN = ("HONGYAN_HOME", "HONGYAN_TEXTS", "HONGYAN_HOST", "HONGYAN_PORT", "HONGYAN_LOG")
"""No secrets, whose words may stand in a sentence."""
IN_JSON = re.compile(r'"([^"]{6,500})"')
ADDRESS = re.compile(r"[a-z]{2,12}://[^\s\"']+")


def is_plain(name: str, value: str) -> bool:
    """Whether the value of that setting may be shown as it is."""
    return not name.endswith(SECRET) and PLAIN.fullmatch(value) is not None


def known(site: Site) -> Iterator[str]:
    """What stands in the environment, or is kept sealed; what does not open is known to nobody."""
    for name, value in site.environ.items():
        if (name.startswith(PREFIX) and name not in OWN) or name.endswith(SECRET):
            yield from of_setting(name, value.strip())
    with contextlib.suppress(OSError):
        yield from (site.settings.data / KEY_FILE).read_text("ascii", "replace").split()
    for publication in site.control.publications():
        with contextlib.suppress(HongyanError):
            for value in site.control.known_settings(publication.id).values():
                if isinstance(value, str):
                    yield value
                    yield from _of_addresses(value)
    for provider in site.control.sso.all():  # of the environment, too
        with contextlib.suppress(HongyanError):
            yield site.control.sso.secret(provider)
    yield from sealed(site.settings.data, site.settings.secret_key)


def of_setting(name: str, value: str) -> Iterator[str]:
    """Several with commas count one by one, `name=value` by its value, an address by its password, JSON by
    the texts in it."""
    if is_plain(name, value):
        return
    yield from IN_JSON.findall(value)
    yield from _of_addresses(value)
    for one in (part.strip() for part in value.split(",")):
        if ADDRESS.match(one):
            continue
        yield one
        yield one.partition("=")[2].strip()
        if name.endswith(SECRET):
            yield from one.partition("=")[2].split()


def _of_addresses(text: str) -> Iterator[str]:
    for one in ADDRESS.findall(text):
        with contextlib.suppress(ValueError):
            parts = urlsplit(one)
            values = [pair.partition("=")[2] for pair in parts.query.split("&")]
            for part in (parts.password, parts.username, parts.query, *values):
                if part:
                    yield part
                    yield unquote(part)


def sealed(data: Path, secret_key: str) -> Sequence[str]:
    """Whatever is kept sealed in the control of an installation, of each kind."""
    with contextlib.suppress(HongyanError, OSError):
        box = _Noting.in_folder(data, secret_key, is_new=False)
        control = Control(data / "control", box)  # it opens everything once, but what is asked for anew
        for grant in control.grants.all():
            control.grants.token(grant.id)
            control.grants.code(grant.id)
        for publication in control.publications():
            with contextlib.suppress(HongyanError):
                control.former_settings(publication.id)
        for application in control.applications.all():
            with contextlib.suppress(HongyanError):
                control.applications.before(application.id)
        return box.noted
    return ()


class _Noting(SecretBox):
    """Remembers what it opened."""

    def __init__(self, keys: Sequence[str], path: Path | None = None) -> None:
        super().__init__(keys, path)
        self.noted: list[str] = []

    def open(self, sealed: str, owner: str) -> str:
        found = super().open(sealed, owner)
        self.noted.append(found)
        return found
