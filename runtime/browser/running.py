"""Start a browser for one visit, let it out through the guarded proxy, and end it whatever it does."""

import asyncio
import base64
import contextlib
import importlib.util
import json
import os
import shutil
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runtime import wellformed
from runtime.browser.guarded_proxy import GuardedProxy
from runtime.errors import ToolFailed
from runtime.lang import Text
from runtime.network.egress import Egress
from runtime.network.reach import Reach

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
AT_ONCE = 2
"""Browsers of one installation."""
SECONDS = 50.0
"""For one visit, from the start of the browser to its end."""
MEMORY = 1_200_000_000
"""Bytes of all its processes together."""
MOST_ANSWERED = 12_000_000

NOT_INSTALLED = Text(
    "这台服务器没有装浏览器。请管理员运行：python3 -m pip --python .venv/bin/python install playwright，"
    "再 apt-get install chromium，然后重启。",
    "There is no browser on this server. The operator installs one with: python3 -m pip --python "
    ".venv/bin/python install playwright, then apt-get install chromium, and starts anew.",
)
TOO_SLOW = Text("浏览器 {seconds:g} 秒没有做完，已停止。", "The browser was stopped after {seconds:g} s.")
DIED = Text(
    "浏览器中途结束了：可能用了太多内存或时间。", "The browser ended on its way: too much memory or time."
)
BUSY = Text("现在浏览器太忙，请稍后再试。", "All browsers are busy; try again later.")


@dataclass(frozen=True)
class Visit:
    """`pages`: url, title, text of each that was read. `failed`: the step that was not done, and why."""

    pages: Sequence[Mapping[str, str]]
    shot: bytes = field(default=b"", repr=False)
    failed: str = ""
    blocked: Sequence[str] = ()


class Browser:
    """Implements tools.Browses."""

    def __init__(self, egress: Egress, *, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._egress, self._seconds, self._memory = egress, seconds, memory
        self._places = asyncio.Semaphore(AT_ONCE)

    async def visit(self, steps: Sequence[Mapping[str, str]], reach: Reach) -> Visit:
        """Raises ToolFailed: there is no browser, it took too long, or it ended."""
        program = next((found for name in PROGRAMS if (found := shutil.which(name))), "")
        if importlib.util.find_spec("playwright") is None or not program:
            raise ToolFailed(NOT_INSTALLED)
        proxy = GuardedProxy(self._egress, reach)
        try:
            async with asyncio.timeout(self._seconds), self._places, proxy.running() as port:
                job = {"steps": list(steps), "proxy": f"http://127.0.0.1:{port}", "program": program}
                answer = await _driven({**job, "memory": self._memory})
        except TimeoutError:
            raise ToolFailed(TOO_SLOW.fill(seconds=self._seconds)) from None
        return _read(answer, sorted(proxy.blocked)[:20])


async def _driven(job: Mapping[str, Any]) -> bytes:
    """What the child wrote. It and all that it started are gone when this returns."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "runtime.browser.child",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
        cwd=Path(__file__).parents[2],
        env={name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ},
    )
    try:
        answer, _ = await child.communicate(json.dumps(job).encode())
        return answer
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        await child.wait()


def _read(answer: bytes, blocked: Sequence[str]) -> Visit:
    """Nothing of it is believed: a page may have taken over the browser."""
    try:
        if len(answer) > MOST_ANSWERED:
            raise ValueError
        seen = json.loads(answer)
        pages = [
            {name: wellformed.text(str(page[name])) for name in ("url", "title", "text")}
            for page in seen["pages"]
        ]
        shot = base64.b64decode(str(seen["shot"]), validate=True)
        return Visit(pages[:10], shot, wellformed.text(str(seen["failed"]))[:300], blocked)
    except (ValueError, KeyError, TypeError):
        raise ToolFailed(DIED) from None
