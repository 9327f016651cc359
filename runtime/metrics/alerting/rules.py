"""The table of alerts as Prometheus' rules, in YAML whose values are JSON: none is read as something else."""

import json
import re
from collections.abc import Iterator

from runtime.lang import Text
from runtime.metrics.alerting.alert import Alert
from runtime.metrics.alerting.of_answers import OF_ANSWERS
from runtime.metrics.alerting.of_machine import OF_MACHINE
from runtime.metrics.alerting.of_quality import OF_QUALITY

ALERTS = (*OF_ANSWERS, *OF_QUALITY, *OF_MACHINE)
ADDRESS = "https://bot.example.com"
"""Whose manual the rules lead to, where nobody says another."""
BLANK = re.compile(r"\{(\w+)\}")
VALUE = '{{ $value | printf "%.0f" }}'
HEAD = """\
# 什么时候该叫醒人：每条告警的第一步在 runbook 里。由 runtime/metrics/alerting 生成（make docs），不要手改。
# When somebody is to be woken; the runbook has the first steps. From runtime/metrics/alerting (make docs).
groups:
  - name: hongyan
    rules:
"""


def rules(address: str = ADDRESS) -> str:
    """`address`: where the program's own pages are, which have the runbook."""
    return HEAD + "".join(line for one in ALERTS for line in _rule(one, address.rstrip("/")))


def _rule(one: Alert, address: str) -> Iterator[str]:
    told = {
        "summary": _said(one.says, "en"),
        "summary_zh": _said(one.says, "zh"),
        "runbook_url": f"{address}/manual/runbook#{one.anchor}",
    }
    yield f"      - alert: {one.name}\n"
    yield f"        expr: {json.dumps(one.when)}\n"
    yield f"        for: {one.lasts}\n"
    yield f"        labels: {{severity: {one.severity}}}\n"
    yield "        annotations:\n"
    for name, value in told.items():
        yield f"          {name}: {json.dumps(value, ensure_ascii=False)}\n"


def _said(text: Text, lang: str) -> str:
    """With Prometheus' own words for what is filled in."""
    names = BLANK.findall(text.en)
    words = {name: VALUE if name == "value" else f"{{{{ $labels.{name} }}}}" for name in names}
    return text.fill(**words).to(lang)
