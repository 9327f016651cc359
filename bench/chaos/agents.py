"""The agents that answer while things go wrong, and the shop that one of them orders from."""

import random
from collections import Counter
from typing import Any

from bench.installation import AGENT
from runtime.simulator.history import QUESTION
from runtime.simulator.http import Request, Response

PATIENT: dict[str, Any] = {**AGENT, "limits": {"seconds": 20}}
"""So that a model that hangs ends within a trial."""

MODEL = {"type": "model", "id": "answer", "model": "fake/bench"}

WITH_TOOL: dict[str, Any] = {**PATIENT, "flow": [{**MODEL, "tools": [{"type": "clock"}]}]}

ORDER = {
    "type": "http_request",
    "name": "order",
    "method": "POST",
    "url": "{{ shop }}/orders",
    "body": '{"order": "{{ message.text }}"}',
}
ORDERING: dict[str, Any] = {**PATIENT, "flow": [{**MODEL, "tools": [ORDER]}]}
"""Its tool changes the world: it must not run twice, whatever happens."""

REMEMBERING: dict[str, Any] = {
    **PATIENT,
    "memory": {"type": "summary", "turns": 2},
    "flow": [
        {"type": "knowledge", "id": "docs", "bases": ["chaos"], "query": "{{ message.text }}"},
        {**MODEL, "prompt": {"text": "资料：{{ docs.text }}"}},
    ],
}
"""It sums up what was said, and looks into a base that is read meanwhile."""


class Shop:
    """Takes orders. `call` is the handler of a runtime.simulator.http.Server."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self.orders: Counter[str] = Counter()
        """By the mark of the message."""

    def call(self, request: Request) -> Response:
        if marked := QUESTION.search(request.body.decode()):
            self.orders[marked[1]] += 1
        return Response.json({"ok": True}, after=self._dice.uniform(0.05, 0.3))

    def taken_twice(self) -> list[str]:
        return [mark for mark, count in self.orders.items() if count > 1]
