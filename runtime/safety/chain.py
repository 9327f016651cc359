"""Let a text go through an agent's checks: what stands of it then, and what was decided, with the reason."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from runtime.errors import HongyanError
from runtime.lang import NOTHING, Text
from runtime.off_loop import off_loop
from runtime.safety.checks import Action, Check, Finding, Place, Streaming, Uses
from runtime.safety.words.folding import thinned

log = logging.getLogger(__name__)

QUICK = 1500
"""Characters that are checked on the loop, in a few milliseconds."""
AROUND = 20
"""Characters before and behind what was found, that whoever looks at a decision is shown."""
EXCERPT = 160
HIDDEN = Text("［已隐藏］", "[hidden]")
STAR = "＊"
TIMED_OUT = Text("没有在 {seconds} 秒内查完。", "It was not done within {seconds} seconds.")
BROKE = Text("检查出错了，详情在日志里。", "The check has a bug; the log has the details.")


Change = tuple[Finding, str | None]
"""What stands instead of what was found; None: stars, one for each sign, so that its length stays."""


@dataclass(frozen=True)
class Decision:
    """Of one check about one text. `what` it found; `excerpt`: where; `why`: it could not check, and the
    agent's owner set what is done then (`action` "" for letting it pass)."""

    place: Place
    check: str
    action: Action | str
    what: str
    excerpt: str
    why: Text = NOTHING

    @property
    def failed(self) -> bool:
        return bool(self.why.en)


@dataclass(frozen=True)
class Outcome:
    """`text`: what may go on. `action`: "block" or "ask" when nothing may, at least for now."""

    text: str
    action: Action | str = ""
    decisions: Sequence[Decision] = ()


class Chain:
    """`seconds`: that all checks of one text take together at the most. Safe to be used by many at once."""

    def __init__(self, checks: Sequence[Check], seconds: float, uses: Uses, lang: str) -> None:
        self._checks, self._seconds, self._uses, self._lang = checks, seconds, uses, lang

    def at(self, place: Place) -> Sequence[Check]:
        return [one for one in self._checks if place in one.places and one.is_there(self._uses)]

    def shows_whole(self) -> bool:
        """What goes out is shown when all of it is there, since a check judges no less, or a person does."""
        checks = self.at("out")
        return any(not one.streams or "ask" in (one.action, one.on_failure) for one in checks)

    async def prepare(self) -> None:
        """Have ready what lists are compiled to, for as long as checks may take: a piece of an answer waits
        for no thread. What is not ready by then cannot check in this turn."""
        until = time.monotonic() + self._seconds
        for check in self._checks:
            if isinstance(check, Streaming):
                with contextlib.suppress(HongyanError):  # who needs it says so
                    await check.ready(self._uses, max(0.05, until - time.monotonic()))

    async def judge(self, place: Place, text: str) -> Outcome:
        checks = self.at(place) if text.strip() else ()
        if not checks:
            return Outcome(text)
        if place == "out":  # as it is shown while it is written
            text, _ = thinned(text) if len(text) <= QUICK else await off_loop(thinned, text)
        until = time.monotonic() + self._seconds
        asked = [self._found(check, text, until) for check in checks]
        found = await asyncio.gather(*asked)
        return self._outcome(place, text, list(zip(checks, found, strict=True)))

    async def _found(self, check: Check, text: str, until: float) -> Sequence[Finding] | Text:
        """What it finds; why it cannot tell."""
        left = max(0.05, until - time.monotonic())
        uses = replace(self._uses, seconds=left)
        try:
            async with asyncio.timeout(left):
                if isinstance(check, Streaming) and len(text) > QUICK:
                    return await off_loop(check.found, text, uses)
                return await check.find(text, uses)
        except TimeoutError:
            return TIMED_OUT.fill(seconds=round(self._seconds, 1))
        except HongyanError as e:
            return e.text
        except Exception:  # a bug of ours is no way round a check that must not be passed
            log.exception("the check %s failed", check.type)
            return BROKE

    async def judge_file(self, place: Place, file: Mapping[str, Any]) -> Sequence[Decision]:
        """Of a kept file, by its `kind`, `hash`, `type` and `bytes`. It cannot wait for a person."""
        checks = [one for one in self.at(place) if one.file_seconds]
        found = await asyncio.gather(*(self._found_in(one, place, file) for one in checks))
        outcome = self._outcome(place, str(file.get("name", "")), list(zip(checks, found, strict=True)))
        shown = f"[{file.get('kind', '')}]"
        return [
            replace(one, excerpt=shown, action="block" if one.action == "ask" else one.action)
            for one in outcome.decisions
        ]

    async def _found_in(
        self, check: Check, place: Place, file: Mapping[str, Any]
    ) -> Sequence[Finding] | Text:
        try:
            async with asyncio.timeout(check.file_seconds + 1):
                return await check.find_file(file, place, self._uses)
        except TimeoutError:
            return TIMED_OUT.fill(seconds=round(check.file_seconds, 1))
        except HongyanError as e:
            return e.text
        except Exception:  # as above
            log.exception("the check %s of a file failed", check.type)
            return BROKE

    def settled(self, text: str) -> int:
        """Up to where what is shown of a text that grows is decided. Raises HongyanError."""
        ends = [len(text)]
        for check in self.at("out"):
            if isinstance(check, Streaming) and check.action != "mark":
                try:
                    ends.append(check.settled(text, self._uses))
                except HongyanError:
                    if check.on_failure == "block":
                        raise
        return min(ends)

    def spots(self, text: str) -> Sequence[tuple[Check, Finding]]:
        """What checks find in a text that goes out which need no more than a piece of it, and that is not
        only marked. Raises HongyanError."""
        found = []
        for check in self.at("out"):
            if isinstance(check, Streaming) and check.action != "mark":
                try:
                    found += [(check, one) for one in check.found(text, self._uses)]
                except HongyanError:
                    if check.on_failure == "block":
                        raise
        return found

    def earlier(self, text: str) -> str:
        """What came before, as a model may see it: without what the quick checks would stop or hide today."""
        for check in self.at("in"):
            if isinstance(check, Streaming) and check.action != "mark" and text.strip():
                try:
                    found = check.found(text, self._uses)
                except HongyanError:
                    continue
                if found and check.action == "block":
                    return HIDDEN.to(self._lang)
                text = changed(text, [self.change(check, one) for one in found])
        return text

    def across(self, before: Sequence[str], text: str) -> Sequence[Decision]:
        """What quick checks find in a message together with the short ones that were written just before it,
        where it stands in both: 赌 and then 博. In this message it counts as what was found in it."""
        head = "".join(before)
        if not head or not text.strip():
            return ()
        decisions: list[Decision] = []
        for check in self.at("in"):
            if isinstance(check, Streaming):
                with contextlib.suppress(HongyanError):  # of this message alone it is told already
                    for one in check.found(head + text, self._uses):
                        if one.start < len(head) < one.end:
                            action = check.action if check.action in ("mark", "ask") else "block"
                            shown = _excerpt(head + text, one)
                            decisions.append(Decision("in", check.type, action, one.what, shown))
        return decisions

    def change(self, check: Check, one: Finding) -> Change:
        return one, check.instead or HIDDEN.to(self._lang) if check.action == "replace" else None

    def _outcome(
        self, place: Place, text: str, pairs: Sequence[tuple[Check, Sequence[Finding] | Text]]
    ) -> Outcome:
        decisions: list[Decision] = []
        changes: list[Change] = []
        for check, found in pairs:
            if isinstance(found, Text):
                failing: Action | str = "" if check.on_failure == "pass" else check.on_failure
                decisions.append(Decision(place, check.type, failing, "", "", found))
            elif found:
                what = ", ".join(dict.fromkeys(one.what for one in found))[:200]
                action = found[0].action or check.action
                decisions.append(Decision(place, check.type, action, what, _excerpt(text, found[0])))
                if check.action in ("mask", "replace"):
                    changes += [self.change(check, one) for one in found]
        actions = {one.action for one in decisions}
        most: Action | str = next((one for one in ("block", "ask") if one in actions), "")
        return Outcome(changed(text, changes), most, decisions)


def changed(text: str, changes: Iterable[Change]) -> str:
    """Of two that overlap, the second begins where the first ends."""
    parts: list[str] = []
    at = 0
    for one, instead in sorted(changes, key=lambda pair: (pair[0].start, -pair[0].end)):
        start = max(at, one.start)
        if one.end <= at:
            continue
        hidden = text[start : one.end]
        stars = "".join(sign if sign.isspace() else STAR for sign in hidden)
        parts += [text[at:start], stars if instead is None else instead]
        at = one.end
    return "".join([*parts, text[at:]])


def _excerpt(text: str, one: Finding) -> str:
    start, end = max(0, one.start - AROUND), min(len(text), one.end + AROUND)
    return " ".join(text[start:end].split())[:EXCERPT]
