"""A program with pages in a home of its own, and messages to look at."""

import contextlib
import json
import sqlite3
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.ports import free_port
from bench.process import Program

PASSWORD = "for the bench only"
PATIENCE = 60.0
"""Seconds that a page or the program's start may take."""
SHOP = {
    "format": 1,
    "id": "shop",
    "name": "茶铺",
    "flow": [{"type": "reply", "id": "say", "text": "九点开门。"}],
}


@contextlib.contextmanager
def program(messages: int) -> Iterator[str]:
    """The address of one in a home of its own, with the agent `shop` and so many messages."""
    with running(messages) as (site, _):
        yield site


@contextlib.contextmanager
def running(messages: int) -> Iterator[tuple[str, Program]]:
    """The same, and its process."""
    with tempfile.TemporaryDirectory(prefix="hongyan-pages-") as folder:
        home, port = Path(folder), free_port()
        (home / "agents").mkdir()
        (home / "agents" / "shop.json").write_text(json.dumps(SHOP), encoding="utf-8")
        settings = {"HONGYAN_HOME": folder, "HONGYAN_PORT": str(port), "HONGYAN_PASSWORD": PASSWORD}
        server = Program.python("app.py", environment=settings, log=home / "app.log")
        server.start()
        try:
            site = f"http://127.0.0.1:{port}"
            wait_until_ready(site, server)
            fill(home / "data" / "messages.db", messages, time.time())
            yield site, server
        finally:
            server.stop()


def fill(path: Path, count: int, now: float) -> None:
    """Messages of two hundred people in the last seven days; a few failed, wait, or are not understood."""
    db = sqlite3.connect(path)
    for n in range(count):
        at = now - 7 * 86_400 * (count - n) / count
        ends: tuple[str, str] = {3: ("delivered", "timeout"), 7: ("kept", ""), 11: ("unknown", "")}.get(
            n % 50, ("delivered", "")
        )
        row: dict[str, Any] = {
            "publication": f"shop-{1 + n % 2}",
            "sender": f"o-{n % 200}",
            "key": str(n),
            "kind": "text",
            "text": f"第 {n} 个问题：几点开门？",
            "message": "{}",
            "state": ends[0],
            "failure": ends[1],
            "accepted_at": at,
            "finished_at": at + 1 + n % 9,
            "reply": "九点开门，十点打烊。",
            "prompt_tokens": 900,
            "completion_tokens": 80,
            "cost": 0.0004,
        }
        marks = ",".join("?" * len(row))
        db.execute(f"insert into messages({','.join(row)}) values({marks})", list(row.values()))
    db.commit()
    db.close()


def wait_until_ready(site: str, server: Program) -> None:
    while server.exit_code() is None and server.lived() < PATIENCE:
        try:
            urllib.request.urlopen(f"{site}/ready", timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("the program did not start")
