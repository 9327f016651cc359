"""What /metrics says of itself is so."""

import re
from pathlib import Path

from runtime import channels
from runtime.errors import Unreadable
from runtime.gateway.asked import Asked
from runtime.lang import Text
from runtime.metrics.metrics import MODELS, OTHER, Metrics
from runtime.metrics.table import KNOWN, TABLE
from runtime.models.budgets import Cut
from runtime.turn.events import Drawn, ModelUsed, Sensed

RUNTIME = Path(__file__).parents[3] / "runtime"
COUNTED = re.compile(r"metrics\.(\w+)\.labels\(([^)]*)\)")
SHOWN = re.compile(r"metrics\.show\(\"(\w+)\"")
WORD = re.compile(r"\"([a-z_]+)\"")


def sources():
    return [path.read_text(encoding="utf-8") for path in RUNTIME.rglob("*.py")]


def test_every_outcome_and_route_that_is_counted_is_named_in_the_help():
    counted = {
        (name, word)
        for text in sources()
        for name, labels in COUNTED.findall(text)
        for word in WORD.findall(labels)
        if name != "model"
    }
    assert {"callbacks", "deliveries", "runs", "ticket_deeds", "model_tokens"} <= {
        name for name, _ in counted
    }
    help = {name: getattr(Metrics(), name)._documentation for name, _ in counted}
    assert [(name, word) for name, word in sorted(counted) if word not in help[name]] == []
    assert re.search(r"route \((.*?)\)", help["deliveries"])[1].split(", ") == ["passive", "push", "bubble"]


def test_the_table_is_all_that_there_is():
    metrics = Metrics()
    here = {one.name for one in metrics.registry.collect() if one.name.startswith("hongyan_")}
    shown = {name for text in sources() for name in SHOWN.findall(text)}
    assert here.isdisjoint(shown)
    assert sorted(KNOWN) == sorted(here | shown | {"hongyan_instances", "hongyan_worker_up"})
    assert [one.name for one in TABLE if not (one.answers.zh and one.answers.en)] == []
    assert [one.name for one in TABLE if (one.kind == "histogram") != bool(one.buckets)] == []


def test_what_is_known_elsewhere_is_read_when_it_is_asked_for():
    metrics, known = Metrics(), [(["ds/chat", "server"], 1.0)]
    metrics.show("hongyan_model_out", lambda: known)
    assert b'hongyan_model_out{code="server",model="ds/chat"} 1.0' in metrics.render()
    known.clear()
    assert b"ds/chat" not in metrics.render()


def used(**more):
    return ModelUsed("a", "ds/chat", 100, 10, 0.5, first_token_ms=1, ms=2000, **more)


def test_what_cannot_be_read_takes_no_other_number_with_it(caplog):
    metrics, well = Metrics(), [False]

    def read():
        yield ["canary"], 1.0
        if not well[0]:
            raise Unreadable(Text("坏了", "damaged"))

    metrics.show("hongyan_trials", read)
    for _ in range(3):
        shown = metrics.render().decode()
        assert "hongyan_build_info" in shown
        assert "hongyan_trials{" not in shown
    assert caplog.text.count("hongyan_trials cannot be told") == 1
    well[0] = True
    assert 'hongyan_trials{state="canary"} 1.0' in metrics.render().decode()


def test_models_are_counted_by_what_they_did_and_took():
    metrics = Metrics()
    asked = Asked(metrics)
    asked.paid([used(), used(failed=("slow/one", "slow/two")), used(cached="exact")])
    asked.paid([Sensed("sight", "eye", "a cat", cost=0.25), Sensed("sight", "eye", "a cat", kept=True)])
    asked.paid(
        [Sensed("sight", "eye", "", failed=True), Drawn("p", "brush", None), Cut("ds/chat", 5, 2, None)]
    )
    asked.unanswered(["slow/one"])
    read = metrics.registry.get_sample_value

    def tries(model, outcome):
        return read("hongyan_model_tries_total", {"model": model, "outcome": outcome})

    assert [tries("ds/chat", one) for one in ("answered", "stood_in", "cached", "failed")] == [1, 1, 1, None]
    assert [tries("slow/one", "failed"), tries("slow/two", "failed")] == [2, 1]
    assert [tries("eye", "answered"), tries("eye", "failed"), tries("brush", "answered")] == [1, 1, 1]
    assert read("hongyan_model_tokens_total", {"model": "ds/chat", "kind": "prompt"}) == 205
    assert read("hongyan_model_cost_dollars_total", {"model": "ds/chat"}) == 1.0
    assert read("hongyan_model_unpriced_tokens_total", {"model": "ds/chat"}) == 7
    assert read("hongyan_model_seconds_sum", {"model": "ds/chat"}) == 4


def test_labels_have_an_end():
    metrics = Metrics()
    names = {metrics.model(f"m/{n}") for n in range(MODELS + 50)}
    assert len(names) == MODELS + 1
    assert OTHER in names
    assert metrics.model("m/3") == "m/3"
    assert len(channels.registry()) < 50
