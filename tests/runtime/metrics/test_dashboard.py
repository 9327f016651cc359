"""The dashboard is as it is built, and Prometheus answers each of its queries with what we count."""

import json
import re
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from test_alerts import PROVOKED, Played

from docs import dashboard
from prometheus import Prometheus
from runtime.metrics.table import TABLE

RULES = Path(__file__).parents[3] / "templates" / "deploy" / "prometheus" / "rules.yml"
BOARD = json.loads(dashboard.FILE.read_text("utf-8"))
QUERIES = {
    f"{panel['title']} {target['refId']}": target["expr"]
    for panel in BOARD["panels"]
    for target in panel.get("targets", ())
}
WINDOWS = {"$__rate_interval": "3s", "$__range": "1m"}


def test_the_dashboard_is_as_it_is_built():
    assert dashboard.FILE.read_text("utf-8") == dashboard.built(), "run: make docs"


def test_every_metric_is_on_it_or_said_why_not():
    shown = " ".join(QUERIES.values())
    assert [one.name for one in TABLE if one.name not in shown] == []


def test_panels_have_places_and_words_of_both_languages():
    taken = [
        (at["x"] + dx, at["y"] + dy)
        for at in (panel["gridPos"] for panel in BOARD["panels"])
        for dx in range(at["w"])
        for dy in range(at["h"])
    ]
    assert len(set(taken)) == len(taken)
    assert {x for x, _ in taken} == set(range(dashboard.WIDTH))
    assert all(" / " in panel["title"] for panel in BOARD["panels"])
    assert {panel["datasource"]["uid"] for panel in BOARD["panels"] if "targets" in panel} == {"${source}"}
    assert [one["name"] for one in BOARD["templating"]["list"]] == ["source"]
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(BOARD["panels"])


UNITS = {"short", "s", "bytes", "percentunit", "currencyUSD"}
"""Of those that Grafana knows: packages/grafana-data/src/valueFormats/categories.ts"""


def test_each_panel_says_what_it_counts_in_what_its_lines_are_and_that_nothing_is_no_fault():
    for panel in (one for one in BOARD["panels"] if one["type"] != "row"):
        defaults, name = panel["fieldConfig"]["defaults"], panel["title"]
        assert defaults["unit"] in UNITS, name
        assert (defaults["noValue"], defaults["min"]) == (dashboard.NOTHING, 0), name
        assert panel["description"], name
        legends = [target["legendFormat"] for target in panel["targets"]]
        assert panel["type"] == "stat" or (all(legends) and len({*legends}) == len(legends)), name
        by = [set(re.findall(r"{{(\w+)}}", legend)) for legend in legends]
        kept = [BY.findall(target["expr"]) for target in panel["targets"]]
        for named, asked in zip(by, kept, strict=True):
            assert named <= {one.strip() for group in asked for one in group.split(",")}, name


BY = re.compile(r"\bby \(([^)]*)\)")


@pytest.fixture(scope="module")
def everything():
    """A gateway's metrics to which everything happens that there is."""
    played = Played()
    played.metrics.show("hongyan_instances", lambda: [([], 2)])
    played.metrics.show("hongyan_child_up", lambda: [(["models"], 1)])
    played.metrics.show("hongyan_memory_bytes", lambda: [(["self"], 1e8)])

    def told():
        played.usual()
        for does in PROVOKED.values():
            does(played, 30)
        more(played.metrics)
        return played.metrics.render()

    return told


def more(metrics):
    metrics.model_tokens.labels("ds/chat", "prompt").inc()
    metrics.model_unpriced.labels("ds/chat").inc()
    metrics.model_seconds.labels("ds/chat").observe(1)
    metrics.turn_seconds.labels("wechat").observe(1)
    metrics.machines.labels("same").inc()
    metrics.ticket_deeds.labels("taken").inc()
    metrics.runs.labels("schedule", "begun").inc()
    metrics.tokens.inc()
    metrics.shadows.labels("same").inc()
    metrics.scores.labels("wechat", 5).inc()


@pytest.fixture(scope="module")
def prometheus(everything, tmp_path_factory):
    class Target(BaseHTTPRequestHandler):
        def do_GET(self):
            text = everything()
            self.send_response(200)
            self.send_header("content-type", "text/plain; version=0.0.4; charset=utf-8")
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *said):
            pass

    folder = tmp_path_factory.mktemp("prometheus")
    shutil.copy(RULES, folder / "rules.yml")
    with ThreadingHTTPServer(("127.0.0.1", 0), Target) as target:
        threading.Thread(target=target.serve_forever, daemon=True).start()
        with Prometheus(folder, target.server_port, folder / "rules.yml") as one:
            one.until("count_over_time(hongyan_turns_total[1m]) > 10")
            yield one
        target.shutdown()


def test_each_query_has_an_answer(prometheus):
    silent = []
    for name, query in QUERIES.items():
        for window, seconds in WINDOWS.items():
            query = query.replace(window, seconds)
        if not prometheus.value(query):
            silent.append(f"{name}: {query}")
    assert silent == []


def test_a_metric_by_another_name_is_noticed(prometheus):
    assert prometheus.value(QUERIES["答上来的 / answered A"].replace("$__range", "1m"))
    renamed = (
        QUERIES["答上来的 / answered A"].replace("$__range", "1m").replace("turns_total", "rounds_total")
    )
    assert not prometheus.value(renamed)


def test_prometheus_takes_each_rule(prometheus):
    prometheus.until('ALERTS{alertname="HongyanRefused"}')
    [group] = prometheus.asked("rules")["groups"]
    assert {rule["health"] for rule in group["rules"]} == {"ok"}
    assert {rule["lastError"] for rule in group["rules"] if "lastError" in rule} == set()
