"""What docs/ says of metrics and alerts."""

import re
from collections.abc import Iterator, Sequence

from docs.tables import table
from docs.words import TYPES
from runtime.lang import Text
from runtime.metrics.about import About
from runtime.metrics.alerting.of_answers import OF_ANSWERS
from runtime.metrics.alerting.of_machine import OF_MACHINE
from runtime.metrics.alerting.of_quality import OF_QUALITY
from runtime.metrics.of_messages import OF_MESSAGES, OF_PEOPLE_WHO_HELP
from runtime.metrics.of_models import OF_MODELS
from runtime.metrics.of_processes import OF_PROCESSES

BLANK = re.compile(r"\{(\w+)\}")
METRICS = {
    Text("消息", "Messages"): OF_MESSAGES,
    Text("人工", "People who help"): OF_PEOPLE_WHO_HELP,
    Text("模型和钱", "Models and money"): OF_MODELS,
    Text("进程和机器", "Processes and the machine"): OF_PROCESSES,
}
ALERTS = {
    Text("答不上、答得慢", "No answers, or late ones"): OF_ANSWERS,
    Text("答得不好、花得多", "Poor or dear answers"): OF_QUALITY,
    Text("机器", "The machine"): OF_MACHINE,
}
SEVERITIES = {
    "critical": Text("马上看", "now"),
    "warning": Text("今天看", "today"),
    "info": Text("有空看", "when there is time"),
}


def watching_page(lang: str) -> Iterator[str]:
    """Every metric, and what it answers."""
    for title, metrics in METRICS.items():
        yield from (f"### {title.to(lang)}", "")
        yield from table((_metric(one, lang) for one in metrics), TYPES["metric"].to(lang))
        yield ""


def _metric(one: About, lang: str) -> Sequence[str]:
    labels = f"{{{', '.join(one.labels)}}}" if one.labels else ""
    return f"`{one.shown}{labels}`", one.kind, one.unit, one.answers.to(lang), one.help


def runbook_page(lang: str) -> Iterator[str]:
    """Every alert: what it means, when it rings, what to do first."""
    lasts = Text("持续", "for")
    for title, alerts in ALERTS.items():
        yield from (f"## {title.to(lang)}", "")
        for one in alerts:
            severity = SEVERITIES[one.severity].to(lang)
            blanks = dict.fromkeys(BLANK.findall(one.says.en), "…")
            yield from (f"### {one.name}", "", f"{one.says.fill(**blanks).to(lang)} (*{severity}*)", "")
            yield from (f"{number}. {step.to(lang)}" for number, step in enumerate(one.first, 1))
            yield from ("", f"`{one.when}`, {lasts.to(lang)} {one.lasts}", "")
