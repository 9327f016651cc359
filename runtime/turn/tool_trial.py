"""One tool, run once and really, outside of any conversation: whoever sets it up tries it."""

import asyncio
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from runtime.errors import BadTemplate, ToolFailed
from runtime.lang import Text
from runtime.message import Message
from runtime.network.addresses import Addresses
from runtime.time_zones import zone
from runtime.tools import CALLBACK, Tool
from runtime.turn.holding import MayUse, held
from runtime.turn.turn import Services
from runtime.turn.using import Used, plain

SECONDS = 60.0
"""For one trial, whatever the tool allows itself."""

TOO_LONG = Text("{seconds:g} 秒还没有做完，已停止。", "Not done after {seconds:g} s; it was stopped.")


async def tried(
    tool: Tool,
    arguments: Mapping[str, Any],
    services: Services,
    *,
    sender: str,
    variables: Mapping[str, str],
    timezone: str,
    lang: str,
    may_use: MayUse,
) -> Used:
    """What came of it, as a model or template would be given it. What was written by hand may be opened."""
    said = Message(f"trial-{time.time_ns()}", sender, "", at=time.time())
    now = datetime.now(UTC).astimezone(zone(timezone))
    values = {
        **variables,
        "message": {**said.view(), "last_reply": "", "files": []},
        "conversation": [],
        "now": now.strftime("%Y-%m-%d %H:%M %A"),
        "agent": {"id": "", "name": ""},
    }
    written = (one for one in (*variables.values(), *arguments.values()) if isinstance(one, str))
    try:
        if tool.supplied:  # nothing is waited for: whoever answers there is told that nobody does
            values[CALLBACK] = {"url": services.callback.address("trial")}
        env = services.env(now, values, addresses=Addresses(*written), **held(services, may_use))
        async with asyncio.timeout(SECONDS):
            return Used(plain(await tool.call(arguments, env)))
    except (ToolFailed, BadTemplate) as e:
        return Used(e.text.to(lang), failed=True)
    except TimeoutError:
        return Used(TOO_LONG.fill(seconds=SECONDS).to(lang), failed=True)
