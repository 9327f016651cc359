"""What a shadow came to, in plain words."""

from collections.abc import Iterator, Mapping
from typing import Any

from runtime.lang import Text, differing, joined
from runtime.models.prices import YUAN
from runtime.publish.difference import CHANCE, ONCE_IN, chance_of, range_of

NOTHING_YET = Text(
    "还没有一起答过的消息。有人写来消息、由 v{live} 答完以后，v{shadow} 才在旁边再答一遍。",
    "Nothing was answered side by side yet. Once somebody writes and v{live} has answered, v{shadow} answers "
    "the same, unheard.",
)
ANSWERED = Text(
    "一共 {pairs} 条，两个都答了 {both} 条；只有 v{live} 答了 {only_live} 条，"
    "只有 v{shadow} 答了 {only_shadow} 条，都没答 {neither} 条。{verdict}",
    "Both answered {both} of {pairs}; only v{live} {only_live}, only v{shadow} {only_shadow}, "
    "neither {neither}. {verdict}",
)
MORE_FAIL = Text(
    "v{shadow} 失败得多，碰巧这样的机会是 {once} 分之一。",
    "v{shadow} fails more; by chance that comes once in {once}.",
)
FEWER_FAIL = Text(
    "v{shadow} 失败得少，碰巧这样的机会是 {once} 分之一。",
    "v{shadow} fails less; by chance that comes once in {once}.",
)
UNSURE = Text("失败上看不出差别。", "In failures no difference can be told.")
ALIKE = Text(
    "能比的 {judged} 条里 {same} 条说的是一回事（约 {low}–{high}%）。",
    "Of {judged} that can be compared, {same} come to the same (really some {low}–{high} %).",
)
TIMES = Text(
    "中间用时：v{live} {a} 秒，v{shadow} {b} 秒；95% 在 {c} 秒和 {d} 秒内。",
    "The middle one takes v{live} {a} s, v{shadow} {b} s; 95 of 100 come within {c} s and {d} s.",
)
COST = Text(
    "这些消息的花费：v{live} {a}，v{shadow} {b}（没有价格的模型不算）。",
    "These messages cost: v{live} {a}, v{shadow} {b} (models without a price count for nothing).",
)
CUT = Text(
    "{cut_off} 条因为程序停止没有答完，不会重来。",
    "{cut_off} were cut off as the program stopped; they are not done again.",
)


def says(figures: Mapping[str, Any], live: int, shadow: int) -> Text:
    """`figures`: see store.control.shadows.Figures."""
    if not figures["pairs"]:
        return NOTHING_YET.fill(live=live, shadow=shadow)
    return joined(list(_lines(figures, {"live": live, "shadow": shadow})), Text("\n", "\n"))


def _lines(figures: Mapping[str, Any], names: Mapping[str, int]) -> Iterator[Text]:
    yield ANSWERED.fill(**names, verdict=_verdict(figures, names["shadow"]), **_counts(figures))
    if judged := figures["judged"]:
        low, high = (round(100 * one) for one in range_of(figures["same"], judged))
        yield ALIKE.fill(judged=judged, same=figures["same"], low=low, high=high)
    (a, c), (b, d) = figures["live_seconds"], figures["seconds"]
    if a is not None and b is not None:
        yield TIMES.fill(**names, a=a, b=b, c=c, d=d)
        yield COST.fill(**names, a=_priced(figures["live_cost"]), b=_priced(figures["cost"]))
    if figures["cut_off"]:
        yield CUT.fill(cut_off=figures["cut_off"])


def _counts(figures: Mapping[str, Any]) -> dict[str, int]:
    return {name: figures[name] for name in ("both", "pairs", "only_live", "only_shadow", "neither")}


def _verdict(figures: Mapping[str, Any], shadow: int) -> Text:
    """Whether one fails more, or it may be chance."""
    ours, theirs = figures["only_live"] + figures["neither"], figures["only_shadow"] + figures["neither"]
    p = chance_of(ours, figures["pairs"], theirs, figures["pairs"])
    if p >= CHANCE:
        return UNSURE
    once = min(ONCE_IN, round(1 / max(p, 1e-12)))
    return (MORE_FAIL if ours > theirs else FEWER_FAIL).fill(shadow=shadow, once=once)


def _priced(dollars: float) -> Text:
    """As pages say what was spent: in yuan to whoever reads Chinese."""
    return differing(f"¥{dollars * YUAN:.4g}", f"${dollars:.4g}")
