"""What the builder's tests share."""

import json
import sqlite3
import time
from dataclasses import dataclass, field

from runtime.agents.agent import Agent
from runtime.errors import ModelFailed
from runtime.lang import Text
from runtime.models.breaker import Unwell
from runtime.models.keyring import Resting
from runtime.models.targets import keys_of
from runtime.store.messages.messages import Messages

ACCOUNT = {"app_id": "wx1234567890abcdef", "app_secret": "canary0000000000", "original_id": "gh_abcdef123456"}
SAY = {"type": "reply", "id": "say", "text": "好"}
ASK = {"type": "model", "id": "answer", "prompt": {"text": "你是店员"}}


@dataclass
class Models:
    """Whether a model works, as told: remembers which endpoints it was asked about."""

    works: bool = True
    ranks: object = None
    checked: list = field(default_factory=list)

    async def check(self, endpoint, model=""):
        self.checked.append(endpoint)
        if not self.works:
            raise ModelFailed(Text("密钥不对。", "The key is wrong."), code="auth")
        return Text("可以使用。", "It works.")

    async def listed(self, endpoint):
        return ["deepseek-chat", "deepseek-next"]

    def unwell(self):
        why = ModelFailed(Text("太忙", "too busy"), code="server")
        return [Unwell("deepseek/deepseek-chat", "open", 3, 12.4, why)]

    def resting(self, endpoint):
        why = ModelFailed(Text("密钥不对。", "The key is wrong."), code="auth")
        return [Resting(key.name, 0.0 if key.name == "main" else 599.6, why) for key in keys_of(endpoint)]


def add(studio, *flow, id="shop", **more):
    """Save an agent; return its revision."""
    agent = Agent.load({"id": id, "name": "店", "flow": list(flow) or [SAY], **more})
    return studio.library.save(agent)


TRACE = [
    {"type": "block_started", "block": "say", "kind": "reply"},
    {"type": "block_finished", "block": "say", "kind": "reply", "ms": 3, "output": {"text": "好"}},
]


def answered(studio, publication, version=1, trace=TRACE):
    """A message that was answered there; its number."""
    path = studio.settings.data / "messages.db"
    Messages(path).close()  # its tables
    row = {"publication": publication, "sender": "o", "key": str(time.time_ns()), "kind": "text"}
    row |= {"text": "在吗", "message": "{}", "state": "delivered", "accepted_at": 1.0, "reply": "好"}
    row |= {"version": version, "trace": json.dumps(trace)}
    sql = f"insert into messages({','.join(row)}) values({','.join('?' * len(row))})"
    with sqlite3.connect(path) as db:
        return db.execute(sql, list(row.values())).lastrowid
