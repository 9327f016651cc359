"""Write Grafana's dashboard, built by Grafana's own SDK: `python -m docs.dashboard`; a test holds it.

Titles are in Chinese and English at once, since Grafana translates none of a dashboard.
"""

import itertools
import json
from pathlib import Path

from grafana_foundation_sdk.builders import common, dashboard, prometheus, stat, timeseries
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import common as shown
from grafana_foundation_sdk.models.dashboard import DataSourceRef, GridPos, Threshold, ThresholdsMode

from docs.panels import Panel
from docs.panels_below import ROWS

FILE = Path(__file__).parents[1] / "templates" / "deploy" / "grafana" / "hongyan.json"
SOURCE = DataSourceRef(type_val="prometheus", uid="${source}")
"""The Prometheus that is chosen above the panels, at first the one that is Grafana's default."""
WIDTH = 24
NOTHING = "还没有 / none yet"
"""Where nobody has written yet, which is no fault."""


def built() -> str:
    """As it is imported."""
    board = (
        dashboard.Dashboard("鸿雁 Hongyan")
        .uid("hongyan")
        .tags(["hongyan"])
        .time("now-24h", "now")
        .refresh("1m")
        .timezone("browser")
        .with_variable(dashboard.DatasourceVariable("source").label("Prometheus").type("prometheus"))
    )
    y, ids = 0, itertools.count(1)
    for row in ROWS:
        board.with_row(dashboard.Row(str(row.title)).id(next(ids)).grid_pos(GridPos(1, WIDTH, 0, y)))
        x, y, high = 0, y + 1, 0
        for one in row.panels:
            if x + one.width > WIDTH:
                x, y, high = 0, y + high, 0
            board.with_panel(_panel(one).id(next(ids)).grid_pos(GridPos(one.height, one.width, x, y)))
            x, high = x + one.width, max(high, one.height)
        y += high
    return json.dumps(board.build(), cls=JSONEncoder, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _panel(one: Panel) -> timeseries.Panel | stat.Panel:
    panel = stat.Panel() if one.kind == "stat" else timeseries.Panel()
    panel.title(str(one.title)).description(str(one.about)).datasource(SOURCE).unit(one.unit)
    panel.no_value(NOTHING).min(0)
    for letter, (called, asks) in zip("ABCDEFGH", one.asks.items(), strict=False):
        query = prometheus.Dataquery().expr(asks).ref_id(letter).legend_format(called).datasource(SOURCE)
        panel.with_target(query.instant() if one.kind == "stat" else query.range())
    if isinstance(panel, stat.Panel):
        plain = [Threshold(value=None, color="text")]
        return panel.thresholds(
            dashboard.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(plain)
        ).graph_mode(shown.BigValueGraphMode.NONE)
    if one.unit == "percentunit":
        panel.max(1)
    legend = common.VizLegendOptions().show_legend(True).placement(shown.LegendPlacement.BOTTOM)
    return panel.legend(legend).fill_opacity(8).show_points(shown.VisibilityMode.NEVER)


if __name__ == "__main__":
    FILE.write_text(built(), encoding="utf-8")
