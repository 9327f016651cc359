"""litellm's process without litellm: begins in no time, and does what the question says."""

import asyncio
import logging
import os
import sys
from pathlib import Path

from runtime.models.litellm_child.__main__ import main


class Plays:
    """The question's `api_base` is a file: each question leaves a line in it. Its model says what happens."""

    async def ask(self, question, say):
        what = question["model"]
        times = noted(Path(question["api_base"]), what)
        if what == "shown then hangs":
            await say(text("一半"))
        if what in ("hangs", "shown then hangs") or (what == "hangs once" and times == 1):
            await asyncio.sleep(60)
        if what == "logs":
            logging.getLogger("LiteLLM").warning("their server said:\n\x1f1\x1fnot of that one")
            sys.stderr.write("written by something else\n")
            sys.stderr.flush()
        if what == "slow":
            await asyncio.sleep(0.6)
        if what == "deadly":
            os.abort()
        for _ in range(int(what) if what.isdigit() else 0):
            await say(text("字" * 20))
        await say(text("你好", "stop"))
        return None

    async def rehearse(self):
        pass


def noted(path, what):
    """How often it was asked, with this time."""
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{what}\n")
    return path.read_text(encoding="utf-8").splitlines().count(what)


def text(content, finish=None):
    return {"choices": [{"index": 0, "delta": {"content": content}, "finish_reason": finish}]}


if __name__ == "__main__":
    main(Plays)
