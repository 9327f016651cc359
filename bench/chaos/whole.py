"""An agent with everything that waits or acts, in which each thing that is said has a place of its own.

A conversation is named by its mark (`Q7E`), which the person's first message brings. What the account says
carries 〔mark place〕, so that whoever reads the chat can tell what is missing, doubled or out of order.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

SAID = re.compile(r"〔(\w+) ([\w.]+)〕([^〔]*)")
"""What was said: whose, at which place, and what stands behind it."""
PLACES = ("0", "1", "2", "3", "4.1", "4.2", "5", "6")
"""Of a conversation, in order."""
ROUNDS = 2
CARRIED = "r"
"""The place of the reminder, which comes when it is due."""

MODEL = {"type": "model", "id": "answer", "model": "fake/bench"}
AT = "〔{{ start.mark }} "
END = (
    "talks={{ person.talks }} rounds={{ person.rounds }} by={{ ok.by | replace(' ', '_') }}"
    " ok={{ ok.decision }} order={{ orders.failed }} later={{ later.result }} remind={{ remind.failed }}|"
)
BESIDE = "旁听"
"""What somebody writes who holds no conversation, and is told at times instead."""


def _asked(id: str, name: str, question: str) -> dict[str, Any]:
    field = {"name": name, "title": name, "question": question}
    return {"type": "ask", "id": id, "heard": False, "fields": [field]}


def _request(path: str, **more: Any) -> dict[str, Any]:
    body = '{"order": "{{ order }}", "answer": "{{ callback.url }}"}' if more else '{"order": "{{ order }}"}'
    kind = {"type": "http_request", "name": path, "method": "POST", "url": f"{{{{ shop }}}}/{path}"}
    return {
        "type": "tool",
        "id": path,
        "tool": {**kind, "body": body, **more},
        "arguments": {"order": "{{ start.mark }}"},
        "otherwise": [{"type": "note", "id": f"{path}_doubt", "text": "nobody knows"}],
    }


INNER: dict[str, Any] = {
    "format": 1,
    "id": "inner",
    "name": "里面",
    "memory": {"type": "none"},
    "variables": [{"name": "mark", "title": "mark"}],
    "flow": [
        _asked("more", "x", "〔{{ mark }} 5〕还要什么？"),
        # Another mark, because another question to the model is no repeat of the first.
        {**MODEL, "prompt": {"text": "{{ mark | replace('Q', 'Q8') }}"}},
        {"type": "reply", "id": "say", "text": "{{ more.fields.x }}"},
    ],
}


def agent(shop: str, beside: Sequence[str] = (), approval: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """`shop`: its address; `beside`: who is told every minute; `approval`: who is asked by a card, see
    runtime/blocks/approve.py."""
    kept = [{"name": name, "title": name, "type": "number", "default": 0} for name in ("talks", "rounds")]
    return {
        "format": 1,
        "id": "bench",
        "name": "压测",
        "memory": {"type": "none"},
        "limits": {"seconds": 60},
        "person": kept,
        "variables": [{"name": "shop", "title": "网店", "default": shop}],
        "agents": {"inner": INNER},
        "keywords": [{"words": [BESIDE], "match": "exact", "text": "好"}],
        "starts": [*STARTS, *([{**EVERY_MINUTE, "people": [*beside]}] if beside else [])],
        "flow": [*_begins(), *_asks(approval or {}), *_goes_on()],
    }


def _begins() -> list[dict[str, Any]]:
    """What is kept of the person, a model, a tool that acts, and something for later."""
    start = {
        "mark": "{{ message.text.split(' ')[0] }}",
        "at": "{{ message.text.split(' ')[1] }}",
        "person.talks": "person.talks + 1",
    }
    remind = {"action": "set", "at": "{{ start.at }}", "text": f"{AT}{CARRIED}〕"}
    return [
        {"type": "set", "id": "start", "values": start},
        MODEL,
        _request("orders"),
        {
            "type": "tool",
            "id": "remind",
            "tool": {"type": "remind"},
            "arguments": remind,
            "otherwise": [{"type": "note", "id": "too_late", "text": "it was due before this"}],
        },
        {"type": "reply", "id": "first", "text": f"{AT}0〕{{{{ answer.text }}}}"},
    ]


def _asks(approval: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The person, and somebody who decides."""
    return [
        _asked("one", "n", f"{AT}1〕几位？"),
        {"type": "reply", "id": "middle", "text": f"{AT}2〕{{{{ one.fields.n }}}}"},
        {
            "type": "approve",
            "id": "ok",
            "question": "{{ start.mark }}？",
            "text": f"{AT}3〕已提交",
            "otherwise": [{"type": "note", "id": "denied", "text": "no"}],
            **approval,
        },
    ]


def _goes_on() -> list[dict[str, Any]]:
    """Rounds, another agent, and a call from outside."""
    mark = "{{ start.mark }}"
    rounds = [
        _asked("again", "y", f"{AT}4.{{{{ index }}}}〕第几？"),
        {"type": "set", "id": "count", "values": {"person.rounds": "person.rounds + 1"}},
        {"type": "code", "id": "code", "code": "result = n + 1", "values": {"n": "{{ index }}"}},
    ]
    return [
        {"type": "repeat", "id": "each", "over": f"{{{{ range({ROUNDS}) | list }}}}", "flow": rounds},
        {"type": "agent", "id": "inner", "agent": "inner", "input": mark, "values": {"mark": mark}},
        _request("later", callback=1),
        {"type": "reply", "id": "end", "text": f"{AT}6〕{END}"},
    ]


def _start(on: str, mark: str, **more: Any) -> dict[str, Any]:
    said = {"type": "reply", "id": f"{on}_said", "text": f"〔{mark} {on[0]}〕"}
    return {"on": on, "id": on, "flow": [said], "pace": 6000, **more}


STARTS = [
    _start("webhook", "{{ event.body.mark }}", **{"for": "person"}),
    _start("event", "opened", event="opened"),
]
DUE = "S{{ event.due[-5:-3] }}{{ event.due[-2:] }}"
EVERY_MINUTE = _start("schedule", DUE, cron="* * * * *", **{"for": "listed"})
