"""Charts and tables of figures, drawn as HTML: sharp at every width, in the page's colours, read aloud."""

from collections.abc import Sequence

from builder.insights._drawn import esc, show
from builder.insights._drawn import table as drawn_table
from builder.insights._words import money, t
from runtime.store.messages.figures import Figures

Named = Sequence[tuple[str, Figures]]
WAYS = ("response", "pushed", "later", "page", "waiting")
NAMED = 8
"""Steps that are named under a chart."""


def ways(named: Named, *, hourly: bool) -> str:
    """Bars of messages, each split by how they were answered."""
    parts = [(name, [_seen(figures, way) for way in WAYS]) for name, figures in named]
    title = t("chart.ways_hour" if hourly else "chart.ways_day")
    return _figure(title, parts, [t(f"way.{way}") for way in WAYS], "bars")


def times(named: Named) -> str:
    """Bars of the median, and of 95 % behind it."""
    parts = []
    for name, figures in named:
        half, most = figures.seconds(0.5) or 0, figures.seconds(0.95) or 0
        parts.append((name, [half, max(0, most - half)]))
    return _figure(t("chart.time"), parts, [t("chart.half"), t("chart.most")], "times")


def tokens(named: Named) -> str:
    parts = [(name, [f.prompt_tokens, f.completion_tokens]) for name, f in named]
    return _figure(t("chart.tokens"), parts, [t("chart.prompt"), t("chart.completion")], "bars")


def _figure(title: str, steps: Sequence[tuple[str, Sequence[float]]], names: list[str], kind: str) -> str:
    """Columns of stacked parts. What is in them stands in the table below the charts too."""
    top = _round_up(max((sum(parts) for _, parts in steps), default=0))
    if kind == "bars" and top % 2:  # of what is counted there is no half, as in the middle of the axis
        top += 1
    used = [n for n in range(len(names)) if any(parts[n] for _, parts in steps)]
    legend = "".join(f'<li class="c{n}">{esc(names[n])}</li>' for n in used)
    every = -(-len(steps) // NAMED)
    columns = "".join(
        _column(name, parts, names, top, kind, named=n % every == 0) for n, (name, parts) in enumerate(steps)
    )
    lines = "".join(f"<li>{_number(top * share)}</li>" for share in (1, 0.5, 0))
    return (
        f'<figure class="in-chart"><figcaption><h2>{esc(title)}</h2><ul>{legend}</ul></figcaption>'
        f'<div class="in-plot" aria-hidden="true"><ol class="in-axis">{lines}</ol>'
        f'<div class="in-columns">{columns}</div></div></figure>'
    )


def _column(
    name: str, parts: Sequence[float], names: list[str], top: float, kind: str, *, named: bool
) -> str:
    said, sofar = [], 0.0
    for label, part in zip(names, parts, strict=True):
        sofar = sofar + part if kind == "times" else part
        if part:
            said.append(f"{label} {_number(sofar)}")
    bars = "".join(
        f'<i class="c{n}" style="height:{100 * part / top:.2f}%"></i>' for n, part in enumerate(parts) if part
    )
    under = f"<small>{esc(name)}</small>" if named else ""
    return f'<div title="{esc(" · ".join([name, *said]))}"><b>{bars}</b>{under}</div>'


def _round_up(most: float) -> float:
    """To 1, 2 or 5 with zeros: the top of an axis."""
    size = 1.0
    while size * 10 <= most:
        size *= 10
    while size > most > 0:
        size /= 10
    return next((size * n for n in (1, 2, 4, 5, 10) if size * n >= most), 1.0) if most else 1.0


def _number(value: float) -> str:
    return big(value) if value >= 10 or value == int(value) else f"{value:.2g}"


def table(title: str, names: list[str], rows: Sequence[Figures], *, people: list[int] | None = None) -> str:
    """One line for each name."""
    shown = [way for way in WAYS[:4] if any(f.ways[way] for f in rows)]
    heads = [title, t("figure.messages")]
    heads += [t("figure.people")] if people is not None else []
    heads += [*(t(f"way.{way}") for way in shown), t("figure.failed"), t("table.half"), t("table.most")]
    heads += [t("figure.tokens"), t("figure.cost")]
    body = []
    for n, f in enumerate(rows):
        row = [esc(names[n]), f"{f.messages:,}"]
        row += [f"{people[n]:,}"] if people is not None else []
        row += [*(f"{f.ways[way]:,}" for way in shown), f"{f.failed + f.lost:,}"]
        row += [_seconds(f.seconds(0.5)), _seconds(f.seconds(0.95))]
        row += [f"{f.prompt_tokens + f.completion_tokens:,}", "" if f.cost is None else money(f.cost)]
        body.append(row)
    return drawn_table(heads, body, title, "in-numbers")


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def draw(*figures: str) -> None:
    show(f'<div class="in-charts">{"".join(figures)}</div>')


def big(number: float) -> str:
    """1,234 · 56.7k · 8.9M"""
    if number < 10_000:
        return f"{number:,.0f}"
    return f"{number / 1000:,.1f}k" if number < 1_000_000 else f"{number / 1_000_000:,.1f}M"


def _seen(figures: Figures, way: str) -> int:
    return figures.ways[way] if way != "waiting" else figures.messages - figures.ways.total()
