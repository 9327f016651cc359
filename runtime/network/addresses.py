"""The web addresses that somebody gave: a model may open these, and not what it makes up.

A made-up address carries data out: `https://evil.example/?d=` and whatever the conversation holds.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from yarl import URL

from runtime.errors import Blocked
from runtime.lang import Text

LONGEST_TEXT = 300_000
"""Characters that are looked through in one turn."""

LONGEST_MADE = 300
"""Characters of one address that a model made up, of which host, path and query may all be data."""

MOST_MADE = 2_000
"""Characters of all of them in one turn."""

MOST_ASKED = 50_000
"""Characters of what tools were asked in one turn; where it is more, no search gives an address any more."""

MOST_GIVEN = 500
"""Addresses that a turn takes along when it waits."""

BEGINS = r"""
    (?: https?://
      | (?<![a-z0-9_@./:-]) (?: [a-z0-9] [a-z0-9-]{0,62} \. ){1,8} [a-z]{2,24} (?![a-z0-9-]) )
"""
"""With or without https:// before it; Chinese text may stand right before it."""

WRITTEN = re.compile(BEGINS + r"""[^\s<>"'`{}|\\^]{0,2000}""", re.VERBOSE | re.IGNORECASE)
PLAIN = re.compile(BEGINS + r"""[!#-&(-;=?-\[\]_a-z~]{0,2000}""", re.VERBOSE | re.IGNORECASE)
"""Of ASCII only: Chinese text ends it, and another may follow without a blank."""

END = ".,;:!?)]}*_~'\"，。；：！？、）】》」』”’…"
"""What stands behind an address and does not belong to it."""


class Addresses:
    """What was given in one turn so far, by the person, the owner or a search that the owner allowed."""

    def __init__(self, *texts: str) -> None:
        self._given: set[str] = set()
        self._unread = list(texts)
        self._found: list[tuple[str, str]] = []
        self._asked = ""
        self._left = LONGEST_TEXT
        self._made = MOST_MADE

    def read(self, *texts: str) -> None:
        """Every address in these texts is given. They are looked through when somebody asks."""
        self._unread += texts

    def ask(self, arguments: Any) -> None:
        """A tool was asked with these arguments. What a search repeats of them is not what it found: it may
        be made up, and somebody's who listens."""
        if len(self._asked) <= MOST_ASKED:
            for named in (False, True):
                self._asked += "|".join([*_said("".join(_texts(arguments, named))), ""])

    def find(self, text: str) -> None:
        """What a search found: every address in it is given, but those that it was asked with."""
        self._found.append((text, self._asked))

    def give(self, url: str) -> None:
        """This address is given, whatever it looks like."""
        self._given.add(_key(url))

    def given(self) -> list[str]:
        """Those that were given so far, for another turn that goes on."""
        self._look_through()
        return sorted(self._given)[:MOST_GIVEN]

    def _look_through(self) -> None:
        while self._unread:
            text = self._unread.pop(0)[: self._left]
            self._left -= len(text)
            self._given.update(map(_key, _written(text)))
        while self._found:
            text, asked = self._found.pop(0)
            text = text[: self._left]
            self._left -= len(text)
            self._given.update(key for key in map(_key, _written(text)) if not _repeats(key, asked))

    def __contains__(self, url: str) -> bool:
        """Whether it is one of them; http or https, `www.`, one last slash and a #part make no difference."""
        self._look_through()
        key = _key(url)
        return key != "" and key in self._given

    def make_up(self, url: str) -> None:
        """Count one that nobody gave. Raises Blocked when it, or all of them, could carry too much."""
        length = len(str(URL(url))) if _key(url) else 0
        self._made -= length
        if length > LONGEST_MADE or self._made < 0:
            raise Blocked(
                Text(
                    "自己拼出来的网址太长：每个最多 {longest_made} 个字符，一轮一共最多 {most_made} 个。"
                    "请用户把网址发过来。",
                    "An address that nobody gave may have {longest_made} characters, all in one turn "
                    "{most_made}. Ask the person to send the address.",
                ).fill(longest_made=LONGEST_MADE, most_made=MOST_MADE)
            )


def _said(text: str) -> Iterator[str]:
    """What was asked, squeezed: as it is, and as those write its addresses who lead them back to one form,
    without a usual port and steps back, or with a name's Chinese signs in letters."""
    yield _squeezed(text)
    if len(text) <= MOST_ASKED:
        plain = re.sub(r"\s+", "", unquote(unquote(text)))
        for written in {text, plain, *re.split(r"(?=https?://)", plain)}:
            yield from {_squeezed(_key(found)) for found in _written(written)}


def _repeats(key: str, asked: str) -> bool:
    """Whether it says what tools were asked, however it is written. A plain domain carries nothing."""
    if len(asked) > MOST_ASKED:
        return True
    place = key.removesuffix("?")
    is_plain = not {"/", "?"} & set(place) and place.count(".") < 2
    return not is_plain and _squeezed(key) in asked


def _texts(value: Any, named: bool) -> Iterator[str]:
    """What plain data says, in order, with the names in it or without."""
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield from (*((name,) if named else ()), *_texts(one, named))
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one, named)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def _squeezed(text: str) -> str:
    """Its letters and digits alone, whatever stands between them."""
    return re.sub(r"[\W_]+", "", unquote(unquote(text)).casefold())


def _written(text: str) -> Iterator[str]:
    for match in WRITTEN.finditer(text):
        # Chinese text goes on behind an address without a space, and may be part of one as well.
        for found in {match[0], *(plain[0] for plain in PLAIN.finditer(match[0]))}:
            yield found
            yield found.rstrip(END)


def _key(url: str) -> str:
    """The same for two ways to write one address; "" for what is none."""
    url = url.strip()
    if not re.match(r"https?://", url, re.IGNORECASE):
        url = f"https://{url}"
    try:
        parsed = URL(url)
        host, port = (parsed.raw_host or "").lower().rstrip("."), parsed.explicit_port
    except ValueError:
        return ""
    if not host or parsed.raw_user or parsed.raw_password:
        return ""
    place = f":{port}" if port and port not in (80, 443) else ""
    return f"{host.removeprefix('www.')}{place}{parsed.raw_path.removesuffix('/')}?{parsed.raw_query_string}"
