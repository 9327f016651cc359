"""What the dashboard shows, and by which queries: an owner's three questions first, then where to look."""

from dataclasses import dataclass
from typing import Literal

from runtime.lang import Text

OK, ALL = 'hongyan_turns_total{failure=~"|unwanted|budget"}', "hongyan_turns_total"
FAILED = 'hongyan_turns_total{failure!=""}'
ARRIVED = 'hongyan_deliveries_total{state=~"sent|grown|ready"}'
PARTS = "hongyan_deliveries_total"
LOST = 'hongyan_deliveries_total{state!~"sent|grown|ready"}'
GOOD, RATED = 'hongyan_ratings_total{verdict="good"}', 'hongyan_ratings_total{verdict=~"good|bad"}'
HAPPY, SCORED = 'hongyan_scores_total{score=~"4|5"}', "hongyan_scores_total"
COST = "hongyan_model_cost_dollars_total"
RATE, RANGE = "$__rate_interval", "$__range"


@dataclass(frozen=True)
class Panel:
    """`asks`: query by what its lines are called. `unit` is Grafana's; `width`: of 24."""

    title: Text
    about: Text
    asks: dict[str, str]
    unit: str = "short"
    kind: Literal["stat", "lines"] = "lines"
    width: int = 8
    height: int = 8


@dataclass(frozen=True)
class Row:
    title: Text
    panels: tuple[Panel, ...]


def part(some: str, whole: str, by: str = "", window: str = RANGE) -> str:
    """Share of what was counted; nothing where nothing was."""
    of = f"sum by ({by}) (increase({{}}[{window}]))" if by else f"sum(increase({{}}[{window}]))"
    return f"{of.format(some)} / ({of.format(whole)} > 0)"


def a_minute(counter: str, by: str) -> str:
    return f"60 * sum by ({by}) (rate({counter}[{RATE}]))"


def quantile(share: float, name: str, by: str, window: str = RATE) -> str:
    return (
        f"histogram_quantile({share}, sum by (le{', ' + by if by else ''}) (rate({name}_bucket[{window}])))"
    )


def spread(by_channel: str) -> str:
    """Between the surface that has most of it and the one that has least."""
    return f"max({by_channel}) - min({by_channel})"


def stat(zh: str, en: str, about: Text, ask: str, unit: str) -> Panel:
    return Panel(Text(zh, en), about, {"": ask}, unit, "stat", 3, 5)


QUESTIONS = Row(
    Text("有没有答、答得好不好、花了多少", "Are people answered, how well, at what cost"),
    (
        stat(
            "答上来的",
            "answered",
            Text("没有失败的占多少", "What did not fail"),
            part(OK, ALL),
            "percentunit",
        ),
        stat(
            "送到的",
            "arrived",
            Text("答案的每一部分有没有送到", "Parts of answers that arrived"),
            part(ARRIVED, PARTS),
            "percentunit",
        ),
        stat(
            "一半的人等",
            "half wait",
            Text("从收下到答好", "From taken to answered"),
            quantile(0.5, "hongyan_answer_seconds", "", RANGE),
            "s",
        ),
        stat(
            "最慢的 5% 等",
            "slowest 5 % wait",
            Text("从收下到答好", "From taken to answered"),
            quantile(0.95, "hongyan_answer_seconds", "", RANGE),
            "s",
        ),
        stat(
            "觉得有用",
            "thumbs up",
            Text("评价里的好评", "Of those who judged"),
            part(GOOD, RATED),
            "percentunit",
        ),
        stat(
            "转给人的",
            "handed to people",
            Text("以转人工结束的", "Turns that end with a human"),
            part("hongyan_handed_total", ALL),
            "percentunit",
        ),
        stat(
            "花费",
            "cost",
            Text("知道价钱的", "Where the price is known"),
            f"sum(increase({COST}[{RANGE}]))",
            "currencyUSD",
        ),
        stat(
            "每条",
            "an answer",
            Text("花费除以答上来的", "Cost by answers"),
            f"sum(increase({COST}[{RANGE}])) / (sum(increase({OK}[{RANGE}])) > 0)",
            "currencyUSD",
        ),
    ),
)
ANSWERED = Row(
    Text("有没有答", "Are people answered"),
    (
        Panel(
            Text("每分钟几条", "messages a minute"),
            Text("每个渠道", "By surface"),
            {"{{channel}}": a_minute(ALL, "channel")},
        ),
        Panel(
            Text("没答上来的", "failures"),
            Text("每分钟，按原因", "A minute, by reason"),
            {"{{channel}} {{failure}}": a_minute(FAILED, "channel, failure")},
        ),
        Panel(
            Text("没送到的", "not delivered"),
            Text("每分钟，按平台的代码", "A minute, by the platform's code"),
            {"{{channel}} {{state}} {{code}}": a_minute(LOST, "channel, state, code")},
        ),
        Panel(
            Text("积压", "queue"),
            Text("没答的条数，最久的等了几秒", "Messages not answered, and the age of the oldest"),
            {
                "条数 / messages": "sum(hongyan_messages_unanswered)",
                "最久的，秒 / oldest, seconds": "max(hongyan_queue_age_seconds)",
            },
        ),
        Panel(
            Text("回调", "callbacks"),
            Text("每分钟，按结果", "A minute, by outcome"),
            {"{{channel}} {{outcome}}": a_minute("hongyan_callbacks_total", "channel, outcome")},
        ),
        Panel(
            Text("发布的状态", "publications"),
            Text("well 以外的都该看一看", "All but well is worth a look"),
            {"{{channel}} {{state}}": "max by (channel, state) (hongyan_publications)"},
        ),
        Panel(
            Text("平台今天还让发多少", "left of today's calls"),
            Text("平台肯说的才有；每小时问一次", "Where the platform tells it; asked once an hour"),
            {"{{channel}} {{of}}": "min by (channel, of) (hongyan_quota_left)"},
            "percentunit",
            width=24,
            height=6,
        ),
    ),
)
WELL = Row(
    Text("答得好不好", "How well"),
    (
        Panel(
            Text("人要等多久", "how long people wait"),
            Text("一半、最慢的 5%", "Half, and the slowest 5 %"),
            {
                "{{channel}} 50 %": quantile(0.5, "hongyan_answer_seconds", "channel"),
                "{{channel}} 95 %": quantile(0.95, "hongyan_answer_seconds", "channel"),
            },
            "s",
        ),
        Panel(
            Text("智能体自己要多久", "how long agents take"),
            Text("比「人要等」少很多，就是在排队", "Much less than people wait: it queues"),
            {"{{channel}}": quantile(0.95, "hongyan_turn_seconds", "channel")},
            "s",
        ),
        Panel(
            Text("回调多快应答", "acknowledged within"),
            Text("最慢的 1%", "The slowest 1 %"),
            {"{{channel}}": quantile(0.99, "hongyan_ack_seconds", "channel")},
            "s",
        ),
        Panel(
            Text("觉得有用", "thumbs up"),
            Text("每个渠道，所选时间内", "By surface, in the time shown"),
            {
                "{{channel}}": part(GOOD, RATED, "channel"),
                "{{channel}} · 4–5": part(HAPPY, SCORED, "channel"),
            },
            "percentunit",
        ),
        Panel(
            Text("转给人的", "handed to people"),
            Text("每个渠道，所选时间内", "By surface, in the time shown"),
            {"{{channel}}": part("hongyan_handed_total", ALL, "channel")},
            "percentunit",
        ),
        Panel(
            Text("试用和影子", "trials and shadows"),
            Text(
                "有几个在跑、被撤回；影子答得一不一样，每分钟",
                "What runs or was taken back; a minute's shadow turns",
            ),
            {
                "{{state}}": "max by (state) (hongyan_trials)",
                "{{outcome}}": a_minute("hongyan_shadow_turns_total", "outcome"),
            },
        ),
        Panel(
            Text("各渠道一不一致", "alike on all surfaces"),
            Text(
                "最好的和最差的渠道差多少；0 是完全一样",
                "Between the best surface and the worst; 0: the same everywhere",
            ),
            {
                "答上来 / answered": spread(part(OK, ALL, "channel")),
                "觉得有用 / thumbs up": spread(part(GOOD, RATED, "channel")),
                "转给人 / handed": spread(part("hongyan_handed_total", ALL, "channel")),
            },
            "percentunit",
        ),
        Panel(
            Text("等的时间差多少", "waits differ by"),
            Text("最慢和最快的渠道，一半的人", "Slowest and fastest surface, half of the people"),
            {"差 / difference": spread(quantile(0.5, "hongyan_answer_seconds", "channel", RANGE))},
            "s",
        ),
        Panel(
            Text("等人工的", "who waits for people"),
            Text("工单，和最久的等了几秒", "Tickets, and the seconds of the oldest"),
            {"{{what}}": "max by (what) (hongyan_tickets)"},
        ),
        Panel(
            Text("自动开始的", "what begins by itself"),
            Text("所选时间内", "In the time shown"),
            {"{{on}} {{outcome}}": f"sum by (on, outcome) (increase(hongyan_runs_total[{RANGE}]))"},
        ),
    ),
)
