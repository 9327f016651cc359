"""A store with as many messages as a test wants, written in one go."""

import json
import random

from runtime.store.messages.beside import writing
from runtime.store.messages.messages import Messages

NOW = 1_795_000_000.0
DAY = 86_400
TRACE = [
    {"type": "block_started", "block": "answer", "kind": "model", "title": "回答"},
    {
        "type": "tool_called",
        "block": "answer",
        "call": "1",
        "name": "get_order",
        "arguments": {"order": "A1"},
    },
    {
        "type": "tool_returned",
        "block": "answer",
        "call": "1",
        "name": "get_order",
        "ms": 120,
        "result": "已发货" * 40,
        "failed": False,
    },
    {
        "type": "model_used",
        "block": "answer",
        "model": "deepseek/deepseek-chat",
        "prompt_tokens": 900,
        "completion_tokens": 80,
        "cost": 0.0004,
        "first_token_ms": 400,
        "ms": 2600,
    },
    {
        "type": "block_finished",
        "block": "answer",
        "kind": "model",
        "ms": 2900,
        "output": {"text": "您的" * 80},
    },
]
ENDS = ["delivered"] * 90 + ["kept"] * 4 + ["unknown", "unreachable", "shed", "aside", "failed", "failed"]
WAYS = [["carried"], ["pushed"], ["placeholder", "kept", "carried"], ["kept", "seen"]]


def fill(path, count, publications=("shop-1", "shop-2", "desk-1"), days=30, people=2000, now=NOW):
    """Spread over the last `days` before `now`, oldest first, the same every time."""
    Messages(path).close()
    chance = random.Random(7)
    trace = json.dumps(TRACE, ensure_ascii=False)
    rows = Gathered()
    for i in range(count):
        at = now - DAY * days + i * (DAY * days / count)
        who = chance.choice(publications), f"o{chance.randrange(people):027d}"
        message(rows, chance, i + 1, *who, at, trace)
    with writing(path) as db:
        for sql, values in rows.items():
            db.executemany(sql, values)


class Gathered(dict):
    """Rows by the statement that puts them, so that each is sent once."""

    def execute(self, sql, values):
        self.setdefault(sql, []).append(values)

    def executemany(self, sql, rows):
        self.setdefault(sql, []).extend(rows)


def message(db, chance, seq, publication, sender, at, trace):
    end, took = chance.choice(ENDS), chance.lognormvariate(1, 0.7)
    failure = {
        "failed": chance.choice(["timeout", "rate_limit", "auth"]),
        "aside": "aside",
        "shed": "shed",
    }.get(end, "")
    state = {"failed": "delivered", "aside": "delivered"}.get(end, end)
    text, reply = f"订单 A{seq} 什么时候到？", f"您好，订单 A{seq} 已经发货，" * 12
    stored = json.dumps(
        {
            "id": str(seq),
            "sender": sender,
            "text": text,
            "kind": "text",
            "at": at,
            "data": {},
            "history": None,
        }
    )
    row = {
        "seq": seq,
        "publication": publication,
        "sender": sender,
        "key": str(seq),
        "kind": "text",
        "text": text,
        "message": stored,
        "state": state,
        "accepted_at": at,
        "version": 1,
        "reply": reply,
        "failure": failure,
        "reason": '["",""]',
        "handoff": seq % 500 == 0,
        "doubt": seq % 700 == 0,
        "finished_at": at + took,
        "prompt_tokens": 900,
        "completion_tokens": 80,
        "cost": None if seq % 9 == 0 else 0.0004,
        "trace": trace,
    }
    db.execute(
        f"insert into messages({','.join(row)}) values({','.join('?' * len(row))})", list(row.values())
    )
    sql = "insert into parts(seq, number, text, state, route, at) values(?,0,?,'sent','push',?)"
    db.execute(sql, (seq, reply, at + took))
    moments = [(seq, at, "accepted", ""), (seq, at + took, "answered", failure)]
    if state == "delivered":
        moments += [(seq, at + took + n, what, "0") for n, what in enumerate(chance.choice(WAYS))]
    elif state == "kept":
        moments.append((seq, at + took, "kept", "48001"))
    db.executemany("insert into moments(seq, at, what, detail) values(?,?,?,?)", moments)
