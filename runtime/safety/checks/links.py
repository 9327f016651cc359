"""Links: only to hosts that are allowed, to none that are denied, and none that hide where they lead."""

import re
from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal
from urllib.parse import unquote

from pydantic import Field

from runtime.lang import Text
from runtime.safety.checks import Finding, Streaming, Uses
from runtime.schema import About, setting

Host = Annotated[str, Field(pattern=r"^(\*\.)?[A-Za-z0-9\u0080-\uffff.-]{1,253}$")]
DOTS = str.maketrans({"。": ".", "．": ".", "｡": ".", "・": ".", "：": ":", "／": "/"})
"""What browsers, and people, take for a dot between letters: one sign each, so that places stay."""
ENDINGS = (
    "com|cn|net|org|top|xyz|cc|io|vip|shop|club|site|online|info|me|co|link|tk|ru|app|dev|live|fun|icu|win|"
    "bet|biz|tv|hk|tw|jp|us|uk|eu|ai|gg|ly|gl|gd|im|do|gs|pw|ws|work|store|tech|space|pro|mobi|asia"
)
HOST = r"[^\s/\\?#<>\"')\]，。；！？、）】》]"
LINK = re.compile(
    # Only letters and digits of an alphabet belong to what stands beside: 见evil.com吧 has no spaces.
    rf"(?i)(?<![a-z0-9_@.-])(?:(?:(?P<scheme>h[tx]{{2}}ps?|ftp):(?:[/\\]{{1,20}}|(?=[a-z0-9-]{{1,63}}\.[a-z0-9]))"
    rf"|[a-z][a-z0-9+.-]{{1,20}}://|(?<=\]\()[/\\]{{2,20}})(?P<host>{HOST}+)"
    rf"|(?P<bare>(?:[a-z0-9](?:[a-z0-9-]{{0,62}})\.){{1,8}}(?:{ENDINGS}))(?![a-z0-9_-])(?!\.[a-z0-9]))"
    r"(?::\d{1,5})?(?:[/\\?#][^\s<>\"')\]，。；！？、）】》]{0,2000})?"
)
"""Browsers take \\ for /, and any number of them; [a](//host) leads there as well."""
SAID = re.compile(r"[\x00-\x7f]+")
ADDRESS = re.compile(r"[^\s<>\"'()\[\]，；！？、（）【】《》]")
LONGEST = 2100
SHORTENERS = (
    "bit.ly t.co tinyurl.com goo.gl ow.ly is.gd buff.ly rebrand.ly cutt.ly t.cn url.cn dwz.cn suo.im "
    "suo.nz w.url.cn u.nu v.gd rb.gy shorturl.at tiny.cc dwz.lc 6url.cn mrw.so t.hk s.id t.ly"
)
SHORT = frozenset(SHORTENERS.split())


class Links(Streaming):
    """Of addresses with http, and of hosts alone that end as hosts do."""

    about: ClassVar[About] = About(
        Text("链接", "Links"),
        Text("只许去哪些网站、不许去哪些、短链接", "Hosts that are allowed or not, and shortened links"),
        "link",
    )
    type: Literal["links"]
    allow: list[Host] = setting(
        [],
        title=Text("只许这些网站", "Only these hosts"),
        hint=Text(
            "留空就都可以；*.example.com 是它和它下面的", "Empty: any; *.example.com is it and all below"
        ),
        widget="words",
        max_length=300,
    )
    deny: list[Host] = setting(
        [], title=Text("不许这些网站", "None of these"), widget="words", max_length=300
    )
    shortened: bool = setting(True, title=Text("短链接也不许", "No shortened links"))

    def found(self, text: str, uses: Uses) -> Sequence[Finding]:
        known = _dotted(text)
        return [
            Finding(match.start(), match.end(), text[match.start() : match.end()][:200])
            for match in LINK.finditer(known)
            if self._is_against(_hosts(match["host"] or match["bare"]))
        ]

    def settled(self, text: str, uses: Uses) -> int:
        at = len(text)
        while at and len(text) - at < LONGEST and ADDRESS.match(text[at - 1]):
            at -= 1
        return at

    def _is_against(self, hosts: Sequence[str]) -> bool:
        if self.shortened and any(host in SHORT for host in hosts):
            return True
        if any(_is(host, one) for one in self.deny for host in hosts):
            return True
        return bool(self.allow) and not all(any(_is(host, one) for one in self.allow) for host in hosts)


def _dotted(text: str) -> str:
    """With dots of other scripts as dots, where they stand between letters: 例如 a。com."""
    signs = list(text)
    for place in range(1, len(signs) - 1):
        if signs[place] in "。．｡・：／" and _is_letter(text[place - 1]) and _is_letter(text[place + 1]):
            signs[place] = signs[place].translate(DOTS)
    return "".join(signs)


def _is_letter(sign: str) -> bool:
    return sign.isascii() and (sign.isalnum() or sign in "-./")


def _hosts(said: str) -> list[str]:
    """Where it leads, for who reads on into a sentence without spaces (https://a.com吧) and who does not."""
    whole = _host(said)
    plain = SAID.match(said.rpartition("@")[2])
    if said.isascii() or plain is None or "." not in plain[0].rstrip("."):
        return [whole]
    rest = said.rpartition("@")[2][plain.end() :]
    return [_host(plain[0]), whole] if "." in rest else [_host(plain[0])]


def _host(said: str) -> str:
    """As it is compared: without who signs in there, port and dot, in small letters, in Punycode."""
    host = unquote(said.rpartition("@")[2]).partition(":")[0].rstrip(".").lower()
    try:
        return host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError:
        return host


def _is(host: str, rule: str) -> bool:
    rule = _host(rule.removeprefix("*.")) if rule.startswith("*.") else "=" + _host(rule)
    return host == rule.removeprefix("=") or (not rule.startswith("=") and host.endswith("." + rule))


CHECK = Links
