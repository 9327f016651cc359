"""Links: only to hosts that are allowed, to none that are denied, and none that hide where they lead."""

import html
import re
from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from runtime.lang import Text
from runtime.safety.checks import Finding, Streaming, Uses
from runtime.safety.words.addresses import Found, addresses, host_of
from runtime.safety.words.folding import is_unseen
from runtime.safety.words.spans import not_within
from runtime.safety.words.views import Tokens, View, as_it_is
from runtime.schema import About, setting

Host = Annotated[str, Field(pattern=r"^(\*\.)?[A-Za-z0-9\u0080-\uffff.-]{1,253}$")]
ADDRESS = re.compile(r"[^\s<>\"'，；！？、《》]")
LONGEST = 2100
SHORTENERS = (
    "bit.ly t.co tinyurl.com goo.gl ow.ly is.gd buff.ly rebrand.ly cutt.ly t.cn url.cn dwz.cn suo.im "
    "suo.nz w.url.cn u.nu v.gd rb.gy shorturl.at tiny.cc dwz.lc 6url.cn mrw.so t.hk s.id t.ly"
)
SHORT = frozenset(SHORTENERS.split())


def _escaped(match: "re.Match[str]") -> str | None:
    if match[0][0] == "\\":
        return match[0][1]
    meant = html.unescape(match[0])
    return None if meant == match[0] else meant


ESCAPED = Tokens(
    r"&(?:\#[0-9]{1,7};?|\#[xX][0-9A-Fa-f]{1,6};?|[A-Za-z][A-Za-z0-9]{1,31};)|\\[!-/:-@\[-`{-~]",
    "(?!)",
    _escaped,
)
"""What whoever shows Markdown or HTML reads as another sign, also where a link leads: [a](h&#116;tps://evil.com)."""


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
        found = self._against(as_it_is(text), text)
        if "&" not in text and "\\" not in text:
            return found
        meant = self._against(ESCAPED.read(text), text)
        others = not_within(found, meant)  # tps://… is only a part of h&#116;tps://…
        return others + not_within(meant, others)

    def settled(self, text: str, uses: Uses) -> int:
        at = len(text)
        while at and len(text) - at < LONGEST and _goes_on(text[at - 1]):
            at -= 1
        return at

    def _against(self, view: View, text: str) -> list[Finding]:
        found = [one for one in addresses(view.text) if self._is_against(one)]
        places = [(view.where[one.start], view.ends[one.end - 1]) for one in found]
        return [Finding(start, end, text[start:end][:200]) for start, end in places]

    def _is_against(self, one: Found) -> bool:
        hosts = one.hosts
        if self.shortened and any(host in SHORT for host in hosts):
            return True
        if any(_is(host, rule) for rule in self.deny for host in hosts):
            return True
        # What may be no address at all is one where somebody named it, and else none.
        return bool(self.allow and one.is_sure) and not all(
            any(_is(host, rule) for rule in self.allow) for host in hosts
        )


def _goes_on(sign: str) -> bool:
    """Whether an address may stand on both sides of it: what nobody sees is no space, though \\s takes some
    of it for one."""
    return is_unseen(sign) or ADDRESS.match(sign) is not None


def _is(host: str, rule: str) -> bool:
    rule = host_of(rule.removeprefix("*.")) if rule.startswith("*.") else "=" + host_of(rule)
    return host == rule.removeprefix("=") or (not rule.startswith("=") and host.endswith("." + rule))


CHECK = Links
