"""Charts and tables of figures. Names in them are drawn on a canvas, so they cannot do anything."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from builder.insights._words import t
from runtime.store.figures import Figures

Named = Sequence[tuple[str, Figures]]
WAYS = ("response", "pushed", "later", "page", "waiting")
HEIGHT = 280


def ways(named: Named, *, hourly: bool) -> None:
    """Bars of messages, each split by how they were answered."""
    rows = [
        {"step": name, "way": t(f"way.{way}"), "number": number, "order": order}
        for name, figures in named
        for order, way in enumerate(WAYS)
        if (number := _seen(figures, way))
    ]
    st.subheader(t("chart.ways_hour" if hourly else "chart.ways_day"), anchor=False)
    _draw(rows, "bar", [name for name, _ in named], "number", "way", [t(f"way.{way}") for way in WAYS])


def times(named: Named) -> None:
    """Lines of the median and of 95 %."""
    rows = [
        {"step": name, "share": t(key), "seconds": seconds}
        for name, figures in named
        for key, share in (("chart.half", 0.5), ("chart.most", 0.95))
        if (seconds := figures.seconds(share)) is not None
    ]
    st.subheader(t("chart.time"), anchor=False)
    _draw(rows, "line", [name for name, _ in named], "seconds", "share", [t("chart.half"), t("chart.most")])


def tokens(named: Named) -> None:
    rows = [
        {"step": name, "part": t(key), "number": number}
        for name, figures in named
        for key, number in (
            ("chart.prompt", figures.prompt_tokens),
            ("chart.completion", figures.completion_tokens),
        )
        if number
    ]
    st.subheader(t("chart.tokens"), anchor=False)
    _draw(
        rows, "bar", [name for name, _ in named], "number", "part", [t("chart.prompt"), t("chart.completion")]
    )


def table(
    title: str, names: list[str], rows: Sequence[Figures], *, key: str, people: list[int] | None = None
) -> None:
    """One line for each name."""
    columns: dict[str, list[Any]] = {title: names, t("figure.messages"): [f.messages for f in rows]}
    if people is not None:
        columns[t("figure.people")] = people
    for way in WAYS[:4]:
        if any(f.ways[way] for f in rows):
            columns[t(f"way.{way}")] = [f.ways[way] for f in rows]
    columns[t("figure.failed")] = [f.failed + f.lost for f in rows]
    columns[t("table.half")] = [f.seconds(0.5) for f in rows]
    columns[t("table.most")] = [f.seconds(0.95) for f in rows]
    columns[t("figure.tokens")] = [f.prompt_tokens + f.completion_tokens for f in rows]
    columns[t("table.cost")] = [f.cost for f in rows]
    seconds = st.column_config.NumberColumn(format="%.1f s")
    config = {
        t("table.half"): seconds,
        t("table.most"): seconds,
        t("table.cost"): st.column_config.NumberColumn(format="%.4f"),
        t("figure.tokens"): st.column_config.NumberColumn(format="localized"),
    }
    st.dataframe(columns, hide_index=True, column_config=config, key=key)


def big(number: float) -> str:
    """1,234 · 56.7k · 8.9M"""
    if number < 10_000:
        return f"{number:,.0f}"
    return f"{number / 1000:,.1f}k" if number < 1_000_000 else f"{number / 1_000_000:,.1f}M"


def _seen(figures: Figures, way: str) -> int:
    return figures.ways[way] if way != "waiting" else figures.messages - figures.ways.total()


def _draw(
    rows: list[dict[str, Any]], mark: str, steps: list[str], y: str, color: str, names: list[str]
) -> None:
    """In the order of `steps` and `names`."""
    lines = mark == "line"
    spec: dict[str, Any] = {
        "data": {"values": rows},
        "mark": {"type": mark, "point": True} if lines else {"type": mark, "cornerRadius": 2},
        "encoding": {
            "x": {
                "field": "step",
                "type": "nominal",
                "scale": {"domain": steps},
                "axis": {"title": None, "labelAngle": 0, "labelOverlap": True},
            },
            "y": {"field": y, "type": "quantitative", "axis": {"title": None, "tickCount": 4}},
            "color": {
                "field": color,
                "type": "nominal",
                "scale": {"domain": names},
                "legend": {"title": None, "orient": "top", "columns": 3 if len(names) > 3 else 2},
            },
            "tooltip": [{"field": name, "title": " "} for name in ("step", color, y)],
        },
    }
    if "order" in (rows[0] if rows else {}):
        spec["encoding"]["order"] = {"field": "order"}
    st.vega_lite_chart(spec=spec, height=HEIGHT, width="stretch")
