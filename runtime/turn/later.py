"""A tool whose answer comes later: the turn waits for a call to an address that works once."""

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from runtime.errors import ToolFailed, WaitOver
from runtime.lang import Text
from runtime.tools import CALLBACK, Tool
from runtime.turn.services import Services
from runtime.turn.stepping import Stepping
from runtime.turn.using import Used
from runtime.turn.waiting import Wait

UNDER_WAY = Text("已经提交，有结果就告诉您。", "It is under way; you will be told when there is an answer.")
WAITS_FOR = Text("「{name}」的回话", "the later answer of {name!r}")
NO_ANSWER = Text(
    "对方在 {minutes:g} 分钟内没有回话，不知道办好没有。",
    "There was no answer within {minutes:g} minutes; whether it was done is not known.",
)


class Later:
    """One use of a tool. For a tool that answers at once it does nothing."""

    def __init__(self, turn: Stepping, tool: Tool, call: str, lang: str) -> None:
        self._turn, self._tool, self._lang = turn, tool, lang
        self._step = f"tool.{call}"
        self._url = self._token = ""

    async def refused(self, services: Services) -> str:
        """Why it cannot be answered; "" when it can."""
        if self._tool.answered_within:
            self._token = await self._turn.token(self._step)
            try:
                self._url = services.callback.address(self._token)
            except ToolFailed as e:
                return e.text.to(self._lang)
        return ""

    def seen(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """The turn's values, with the address to answer to. Once it is known that there is one."""
        return {**values, CALLBACK: {"url": self._url}} if self._url else values

    async def answer(self, used: Used) -> Used:
        """What was posted; `used` is what the request itself came to. Where a death leaves in doubt whether
        it was made, an answer says that it was. Raises Waiting; WaitOver when the person left it."""
        within = self._tool.answered_within
        if not within or (used.failed and not used.doubt):
            return used
        # The deadline counts from when it was called, however often this place is come to.
        until = await self._turn.decide(f"{self._step}.until", lambda: time.time() + within)
        name = self._tool.name or self._tool.type
        wait = Wait(
            "call",
            says=self._tool.meanwhile or UNDER_WAY.to(self._lang),
            what=WAITS_FOR.fill(name=name),
            until=until,
            token=self._token or await self._turn.token(self._step),
        )
        try:
            came = await self._turn.wait(f"{self._step}.answer", wait)
        except WaitOver as e:
            if e.code != "late":
                raise
            late = NO_ANSWER.fill(minutes=within / 60).to(self._lang)
            return Used(late, failed=True, doubt=used.doubt)
        return replace(used, value=came.data.get("body"), failed=False, doubt=False)
