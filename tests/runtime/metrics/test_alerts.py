"""Each alert rings when what it is about happens to our own metrics, and none while all is well."""

import contextlib
import json
import os
import re
import shlex
import subprocess
from pathlib import Path
from typing import get_args

import pytest

from builder.actions import manual
from docs.panels_below import ROWS
from runtime.channels._managing import Counted
from runtime.cli import arguments
from runtime.metrics.alerting.rules import ALERTS, BLANK, rules
from runtime.metrics.alerting.words import WORDS
from runtime.metrics.metrics import Metrics
from runtime.metrics.table import TABLE

FIRST, LAST = 4, 26
"""Minutes: when it begins, and when it has to ring."""
WELL = {
    "hongyan_publications": {("wechat", "well"): 1},
    "hongyan_worker_up": {("1",): 1, ("2",): 1},
    "hongyan_queue_age_seconds": {(): 2},
    "hongyan_trials": {("taken_back",): 0},
    "hongyan_model_out": {},
    "hongyan_model_key_rests": {},
    "hongyan_budget_left": {("all",): 0.8},
    "hongyan_memory_available_bytes": {(): 3e9},
    "hongyan_memory_limit_bytes": {(): 4e9},
    "hongyan_disk_free_bytes": {(): 50e9},
    "hongyan_disk_size_bytes": {(): 100e9},
    "hongyan_quota_left": {("wechat", "pushes"): 0.7},
    "hongyan_backup_age_seconds": {("day",): 90_000},
    "hongyan_child_starts": {("models",): 1},
}


METRIC = re.compile(r"\b(?:hongyan|process)_\w+")
ASKED = {name for one in ALERTS for name in METRIC.findall(one.when)}
SCRAPED = (("instance", "here"), ("job", "hongyan"))


class Played:
    """A gateway's metrics, minute by minute. `kernel`: what Prometheus and the kernel say themselves."""

    def __init__(self):
        self.metrics, self.shown = Metrics(), {name: dict(values) for name, values in WELL.items()}
        self.kernel = {"up": 1.0, "process_start_time_seconds": 1.0, "process_open_fds": 50.0}
        self.kernel["process_max_fds"] = 1000.0
        for name in WELL:
            self.metrics.show(name, lambda name=name: [*self.shown[name].items()])

    def usual(self):
        """A minute in which all is well."""
        m = self.metrics
        m.callbacks.labels("wechat", "accepted").inc(4)
        m.turns.labels("wechat", "").inc(4)
        m.deliveries.labels("wechat", "passive", "sent", "").inc(4)
        m.ratings.labels("wechat", "good").inc()
        m.ack_seconds.labels("wechat").observe(0.02)
        m.answer_seconds.labels("wechat").observe(2)
        m.model_tries.labels("ds/chat", "answered").inc(4)
        m.model_cost.labels("ds/chat").inc(0.01)
        m.tickets.labels("oldest").set(60)
        m.loop_lag.observe(0.001)

    def told(self):
        """What is scraped."""
        ours = (one for one in self.metrics.registry.collect() if one.name.startswith("hongyan_"))
        found = {
            (s.name, tuple(sorted(s.labels.items()))): s.value
            for one in ours
            for s in one.samples
            if s.name in ASKED
        }
        return found | {(name, ()): value for name, value in self.kernel.items()}

    def show(self, name, *labels, value):
        self.shown[name] = {labels: value}


def counts(name, *labels, each=4):
    return lambda p, minute: getattr(p.metrics, name).labels(*labels).inc(each)


def sees(name, *labels, value):
    return lambda p, minute: getattr(p.metrics, name).labels(*labels).observe(value)


def shows(name, *labels, value):
    return lambda p, minute: p.show(name, *labels, value=value(minute) if callable(value) else value)


def kernel(name, value):
    return lambda p, minute: p.kernel.update({name: value(minute) if callable(value) else value})


def once(does):
    return lambda p, minute: does(p, minute) if minute == LAST - 1 else None


PROVOKED = {
    "HongyanDown": kernel("up", 0.0),
    "HongyanWorkerMissing": shows("hongyan_worker_up", "2", value=0),
    "HongyanRestarts": kernel("process_start_time_seconds", lambda minute: minute // 5),
    "HongyanNotStored": once(counts("callbacks", "telegram", "not_stored", each=1)),
    "HongyanTurnsFail": counts("turns", "wechat", "model", each=2),
    "HongyanPublicationUnwell": shows("hongyan_publications", "wechat", "failing", value=1),
    "HongyanAccountTroubled": shows("hongyan_publications", "wechat", "troubled", value=1),
    "HongyanQuotaLow": shows("hongyan_quota_left", "wechat", "pushes", value=0.05),
    "HongyanQueueOld": shows("hongyan_queue_age_seconds", value=lambda minute: 60 * minute),
    "HongyanShed": once(counts("callbacks", "wechat", "shed", each=1)),
    "HongyanAcksLate": sees("ack_seconds", "wechat", value=6),
    "HongyanAnswersSlow": sees("answer_seconds", "wechat", value=55),
    "HongyanDeliveryFails": counts("deliveries", "wechat", "push", "held", "48001", each=2),
    "HongyanRefused": counts("callbacks", "wechat", "signature"),
    "HongyanStartsFail": once(counts("runs", "schedule", "failed", each=1)),
    "HongyanModelOut": shows("hongyan_model_out", "ds/chat", "server", value=1),
    "HongyanStandIns": counts("model_tries", "other/chat", "stood_in"),
    "HongyanKeyRefused": shows("hongyan_model_key_rests", "ds", "1", "auth", value=30),
    "HongyanBudgetLow": shows("hongyan_budget_left", "all", value=0.05),
    "HongyanCostJumps": lambda p, minute: p.metrics.model_cost.labels("ds/chat").inc(3),
    "HongyanUnhappy": counts("ratings", "wechat", "bad", each=1),
    "HongyanTakenBack": shows("hongyan_trials", "taken_back", value=1),
    "HongyanHandedMuch": counts("handed", "wechat", each=4),
    "HongyanPeopleWait": lambda p, minute: p.metrics.tickets.labels("oldest").set(60 * minute),
    "HongyanLoopLag": lambda p, minute: p.metrics.loop_lag.observe(1),
    "HongyanMemoryLow": shows("hongyan_memory_available_bytes", value=1e8),
    "HongyanDiskLow": shows("hongyan_disk_free_bytes", value=1e8),
    "HongyanDiskFills": shows("hongyan_disk_free_bytes", value=lambda minute: 50e9 - minute * 5e8),
    "HongyanBackupOld": shows("hongyan_backup_age_seconds", "day", value=200_000),
    "HongyanChildEnds": shows("hongyan_child_starts", "models", value=lambda minute: minute),
    "HongyanDescriptorsLow": kernel("process_open_fds", 900.0),
}


def series(does):
    """What Prometheus got, a value a minute."""
    played, found = Played(), {}
    for minute in range(LAST + 1):
        played.usual()
        if minute >= FIRST:
            does(played, minute)
        for key, value in played.told().items():
            found.setdefault(key, ["_"] * minute).append(f"{value:g}" if value < 1e15 else "1e15")
        for values in found.values():
            values.extend(["_"] * (minute + 1 - len(values)))
    return [
        {
            "series": named(name, (*labels, *SCRAPED)),
            "values": " ".join(values),
        }
        for (name, labels), values in found.items()
    ]


def named(name, labels):
    return f"{name}{{{','.join(f'{key}={json.dumps(value)}' for key, value in labels)}}}"


def rings(alert):
    """That it does, and how often."""
    expr = f'count by (alertname) (ALERTS{{alertname="{alert}", alertstate="firing"}})'
    sample = {"labels": f'{{alertname="{alert}"}}', "value": 1}
    return {"expr": expr, "eval_time": f"{LAST}m", "exp_samples": [sample]}


def waits(alert):
    """That it does not ring for a moment's trouble."""
    return {**rings(alert), "eval_time": f"{FIRST + 1}m", "exp_samples": []}


def promtool(folder, tests):
    (folder / "rules.yml").write_text(rules(), encoding="utf-8")
    given = {"rule_files": ["rules.yml"], "evaluation_interval": "1m", "tests": tests}
    (folder / "tests.yml").write_text(json.dumps(given), encoding="utf-8")
    command = ["promtool", "test", "rules", "tests.yml"]
    held = {**os.environ, "TMPDIR": "/dev/shm"}  # it keeps a database a test, whose syncs nobody needs
    for patience in (20, 30):  # Debian's was seen to wait for ever, once in hundreds
        with contextlib.suppress(subprocess.TimeoutExpired):
            return subprocess.run(
                command, cwd=folder, env=held, capture_output=True, text=True, check=False, timeout=patience
            )
    raise AssertionError("promtool does not end")


def test_each_alert_is_provoked_and_silent_until_it_is_due(tmp_path):
    assert set(PROVOKED) == {one.name for one in ALERTS}
    lasts = {one.name: one.lasts for one in ALERTS}
    tests = [
        {
            "name": name,
            "interval": "1m",
            "input_series": series(does),
            "promql_expr_test": [rings(name), *([waits(name)] if lasts[name] not in ("0m", "1m") else [])],
        }
        for name, does in PROVOKED.items()
    ]
    done = promtool(tmp_path, tests)
    assert done.returncode == 0, done.stdout + done.stderr


def test_while_all_is_well_nothing_rings(tmp_path):
    quiet = {"expr": "count(ALERTS)", "eval_time": f"{LAST}m", "exp_samples": []}
    well = {"interval": "1m", "input_series": series(lambda p, minute: None), "promql_expr_test": [quiet]}
    done = promtool(tmp_path, [well])
    assert done.returncode == 0, done.stdout + done.stderr


def test_who_is_told_reads_what_where_and_what_to_do(tmp_path):
    told = {
        "exp_labels": {"severity": "critical", "channel": "telegram", "outcome": "not_stored"},
        "exp_annotations": {
            "summary": "Messages on telegram cannot be stored (not_stored)",
            "summary_zh": "telegram 的消息存不下（not_stored）",
            "runbook_url": "https://bot.example.com/manual/runbook#hongyannotstored",
        },
    }
    test = {"eval_time": f"{LAST}m", "alertname": "HongyanNotStored", "exp_alerts": [told]}
    given = {
        "interval": "1m",
        "input_series": series(PROVOKED["HongyanNotStored"]),
        "alert_rule_test": [test],
    }
    done = promtool(tmp_path, [given])
    assert done.returncode == 0, done.stdout + done.stderr


SUFFIXES = ("_bucket", "_count", "_sum")


@pytest.mark.parametrize("alert", ALERTS, ids=lambda one: one.name)
def test_only_metrics_that_there_are_ring(alert):
    known = {one.shown for one in TABLE} | {
        f"{one.name}{suffix}" for one in TABLE if one.kind == "histogram" for suffix in SUFFIXES
    }
    asked = {name for name in METRIC.findall(alert.when) if name.startswith("hongyan")}
    assert asked <= known
    assert alert.first


def test_the_file_of_rules_and_the_runbook_are_of_this_table():
    root = Path(__file__).parents[3]
    assert (root / "templates/deploy/prometheus/rules.yml").read_text("utf-8") == rules(), "run: make docs"
    for lang in ("zh", "en"):
        anchors = {one.anchor for one in manual.sections(lang) if one.name == "runbook"}
        assert {one.anchor for one in ALERTS} <= anchors


def test_links_lead_to_the_installation_s_own_runbook():
    assert "https://ai.example/x/manual/runbook#hongyandown" in rules("https://ai.example/x/")


COMMAND = re.compile("`([^`]+)`")
OURS = "python app.py "
DEBIAN = {"systemctl", "journalctl", "docker", "df", "du", "dmesg", "free", "top"}
"""What a server has, and an owner may type."""
PANEL = re.compile("面板(「[^」]+」(?:[和，]「[^」]+」)*)")


@pytest.mark.parametrize("alert", ALERTS, ids=lambda one: one.name)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_the_runbook_tells_to_type_is_understood(alert, lang):
    typed = _typed(alert, lang)
    assert typed, "say the command that mends it, or shows what is wrong"
    for command in typed:
        assert command.startswith(OURS) or command.split()[0] in DEBIAN, command
        if command.startswith(OURS):
            arguments.parser().parse_args(shlex.split(command.removeprefix(OURS)))


@pytest.mark.parametrize("alert", ALERTS, ids=lambda one: one.name)
def test_both_languages_tell_to_type_the_same(alert):
    zh, en = ([_fixed(one) for one in _typed(alert, lang)] for lang in ("zh", "en"))
    assert zh == en


def _fixed(command):
    """Without what is filled in."""
    return [word for word in command.split() if word.isascii() and not word.isupper() and word != "FOLDER/"]


def _typed(alert, lang):
    return [command for step in alert.first for command in COMMAND.findall(step.to(lang))]


def test_panels_that_the_runbook_names_are_on_the_dashboard():
    titles = {one.title.zh for row in ROWS for one in (row, *row.panels)}
    named = {
        panel
        for alert in ALERTS
        for step in alert.first
        for found in PANEL.findall(step.zh)
        for panel in re.findall("「([^」]+)」", found)
    }
    assert named
    assert named <= titles


@pytest.mark.parametrize("alert", ALERTS, ids=lambda one: one.name)
def test_what_is_told_on_a_phone_is_short_and_has_words_for_all_that_we_name(alert):
    assert max(len(alert.says.zh), len(alert.says.en) / 2) <= 40
    codes = {"outcome": ("not_stored", "bug"), "state": ("dead", "failing"), "of": get_args(Counted)}
    for name in BLANK.findall(alert.says.en):
        for value in codes.get(name, ()):
            if value in alert.when or name == "of":
                assert value in WORDS[name]
