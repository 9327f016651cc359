"""Addresses of the web in a text, as a browser reads them, or a person who means to get there."""

import functools
import ipaddress
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from runtime.safety.words.folding import is_unseen

FILES = frozenset({"py", "md", "sh", "rs", "zip", "mov", "ps", "pl", "so", "app", "java", "info", "name"})
"""Endings of hosts that files have as well: a file's name alone is no address."""
DOTS = "。．｡・․"
"""What browsers, and people, take for a dot between letters."""
SLASHES = {"：": ":", "／": "/"}
SAID_DOT = re.compile(r"[\[({【（〔][.。]?(?:dot|DOT|Dot|点|點|[.。])[.。]?[\])}】）〕]")
"""evil[.]com, evil(dot)com, evil【点】com."""
HOST = r"[^\s/\\?#<>\"')\]，。；！？、）】》]"
PATH = r"(?::\d{1,5})?(?:[/\\?#][^\s<>\"')\]，。；！？、）】》]{0,2000})?"
LINK = re.compile(
    # Only letters and digits of an alphabet belong to what stands beside: 见evil.com吧 has no spaces.
    rf"(?i)(?<![a-z0-9_@.-])(?:(?:(?P<scheme>h[tx]{{2}}ps?|ftp):(?:[/\\]{{1,20}}|(?=[a-z0-9-]{{1,63}}\.[a-z0-9]))"
    rf"|[a-z][a-z0-9+.-]{{1,20}}://|(?<=\]\()[/\\]{{2,20}})(?P<host>{HOST}+)"
    r"|(?P<way>javascript|vbscript|data(?=:(?!image/))"
    r"|(?<=\]\()(?:tel|sms|mailto)):(?P<rest>[^\s<>\"')\]，。；！？、）】》]{1,2000})"
    r"|(?P<ip>\d{1,3}(?:\.\d{1,3}){3})(?![a-z0-9_-])(?!\.[a-z0-9])"
    r"|(?P<bare>(?:[a-z0-9](?:[a-z0-9-]{0,62})\.){1,8}(?P<ending>[a-z]{2,24}|xn--[a-z0-9-]{1,59}))"
    r"(?![a-z0-9_-])(?!\.[a-z0-9]))" + PATH
)
"""Browsers take \\ for /, and any number of them; [a](//host) leads there as well."""
SAID = re.compile(r"[\x00-\x7f]+")


@dataclass(frozen=True)
class Found:
    """From `start` up to `end`. `hosts`: where it leads, for each way to read it; `is_sure`: it can
    be nothing but an address."""

    start: int
    end: int
    hosts: Sequence[str]
    is_sure: bool


def addresses(text: str) -> Iterator[Found]:
    known, where = _read(text)
    for match in LINK.finditer(known):
        start, end = where[match.start()], where[match.end() - 1] + 1
        if match["way"]:
            yield Found(start, end, [f"{match['way'].lower()}:"], is_sure=True)
            continue
        bare = match["bare"] or match["ip"]
        hosts = _hosts(match["host"] or bare)
        yield Found(start, end, hosts, not bare or _is_sure(match))


def host_of(said: str) -> str:
    """As it is compared: without who signs in there, port and dot, in small letters, in Punycode; a number as
    the address that it is."""
    host = unquote(said.rpartition("@")[2]).partition(":")[0].rstrip(".").lower()
    if host[:1].isdigit() and (number := _number(host)):
        return number
    try:
        return host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError:
        return host


def _is_sure(match: "re.Match[str]") -> bool:
    """Whether something that may be a host alone is none of 1.2.3.4 as a version, node.js or Done.It."""
    goes_on = match.end() > match.end("ip" if match["ip"] else "bare")
    if match["ip"]:
        return goes_on and all(int(part) < 256 for part in match["ip"].split("."))
    bare, ending = match["bare"], match["ending"]
    if ending.lower() not in _endings() or (ending.lower() in FILES and not goes_on and bare.count(".") < 2):
        return bare.lower().startswith("www.")
    return goes_on or ending.islower() or bare.isupper() or bare.lower().startswith("www.")


@functools.cache
def _endings() -> frozenset[str]:
    return frozenset(Path(__file__).with_name("endings.txt").read_text(encoding="utf-8").split())


def _read(text: str) -> tuple[str, list[int]]:
    """Without what nobody sees, with full-width letters, and all that is taken for a dot, as they are meant;
    and for each sign the place where it stood."""
    signs: list[str] = []
    where: list[int] = []
    dots = {match.start(): match.end() for match in SAID_DOT.finditer(text)}
    place = 0
    while place < len(text):
        sign = text[place]
        end = dots.get(place)
        if end and _is_letter(text[place - 1 : place]) and _is_letter(text[end : end + 1]):
            signs.append(".")
            where.append(place)
            place = end
            continue
        if not is_unseen(sign):
            signs.append(_meant(text, place) if not sign.isascii() else sign)
            where.append(place)
        place += 1
    return "".join(signs), where


def _meant(text: str, place: int) -> str:
    sign = text[place]
    if sign in DOTS or sign in SLASHES:
        is_between = _is_letter(text[place - 1 : place]) and _is_letter(text[place + 1 : place + 2])
        return (SLASHES.get(sign, ".")) if is_between else sign
    plain = _plain(sign)
    return plain if len(plain) == 1 and plain.isascii() and plain.isalnum() else sign


@functools.lru_cache(maxsize=40_000)
def _plain(sign: str) -> str:
    return unicodedata.normalize("NFKC", sign)


def _is_letter(sign: str) -> bool:
    plain = _plain(sign)
    return plain.isascii() and plain != "" and (plain.isalnum() or plain in "-./")


def _hosts(said: str) -> list[str]:
    """Where it leads, for who reads on into a sentence without spaces (https://a.com吧) and who does not."""
    whole = host_of(said)
    plain = SAID.match(said.rpartition("@")[2])
    if said.isascii() or plain is None or "." not in plain[0].rstrip("."):
        return [whole]
    rest = said.rpartition("@")[2][plain.end() :]
    return [host_of(plain[0]), whole] if "." in rest else [host_of(plain[0])]


def _base(part: str) -> int:
    if part.startswith("0x"):
        return 16
    return 8 if part[:1] == "0" and len(part) > 1 else 10


def _number(host: str) -> str:
    """http://2130706433 and http://0x7f.1 lead to 127.0.0.1; "" for what is no such number."""
    try:
        parts = [int(part, _base(part)) for part in host.split(".")]
        if not 1 <= len(parts) <= 4 or any(part > 255 for part in parts[:-1]):
            return ""
        head = sum(part << (24 - 8 * place) for place, part in enumerate(parts[:-1]))
        return str(ipaddress.IPv4Address(head + parts[-1]))
    except ValueError:
        return ""
