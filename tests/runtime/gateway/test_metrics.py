"""What /metrics says of itself is so."""

import re
from pathlib import Path

from runtime.gateway.metrics import Metrics

GATEWAY = Path(__file__).parents[3] / "runtime" / "gateway"
COUNTED = re.compile(r"metrics\.(\w+)\.labels\(([^)]*)\)")
WORD = re.compile(r"\"([a-z_]+)\"")


def test_every_outcome_and_route_that_is_counted_is_named_in_the_help():
    named = ("callbacks", "deliveries", "runs", "ticket_deeds")
    help = {name: getattr(Metrics(), name)._documentation for name in named}
    counted = {
        (name, word)
        for path in GATEWAY.rglob("*.py")
        for name, labels in COUNTED.findall(path.read_text(encoding="utf-8"))
        for word in WORD.findall(labels)
    }
    assert {name for name, _ in counted} == set(help)
    assert [(name, word) for name, word in sorted(counted) if word not in help[name]] == []
    assert re.search(r"route \((.*?)\)", help["deliveries"])[1].split(", ") == ["passive", "push", "bubble"]


def test_what_is_known_elsewhere_is_read_when_it_is_asked_for():
    metrics, known = Metrics(), [(["ds/chat", "server"], 1.0)]
    metrics.show("hongyan_model_out", "Models that fail", ["model", "code"], lambda: known)
    assert b'hongyan_model_out{code="server",model="ds/chat"} 1.0' in metrics.render()
    known.clear()
    assert b"ds/chat" not in metrics.render()
