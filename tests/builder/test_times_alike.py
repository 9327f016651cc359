"""A day and a time read alike on the builder's pages and on the insights'."""

from datetime import UTC, datetime

import pytest

from builder.insights import _words
from deno_script import told

SCRIPT = """
globalThis.document = { querySelector: () => null, baseURI: "http://127.0.0.1/" };
globalThis.location = new URL("http://127.0.0.1/turn");
globalThis.fetch = () => Promise.resolve({ json: () => ({}) });
Object.defineProperty(navigator, "language", { value: asked.lang, configurable: true });
const { clock, moment } = await import("EDITOR/static/common/texts.js");
console.log(JSON.stringify(asked.times.map((at) => [moment(at), clock(at)])));
"""
THIS_YEAR = datetime.now(UTC).year


def at(year, *rest):
    return datetime(year, *rest, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("lang", "day", "other"),
    [("zh", "1月2日", "2019年11月30日"), ("en", "Jan 2", "Nov 30, 2019")],
)
def test_a_time_is_the_same_words_on_every_page(tmp_path, monkeypatch, lang, day, other):
    monkeypatch.setattr(_words, "lang", lambda: lang)
    times = [at(THIS_YEAR, 1, 2, 0, 5), at(2019, 11, 30, 15, 4), *(at(2019, n, 9, 9) for n in range(1, 13))]
    drawn = told(tmp_path, SCRIPT, {"lang": lang, "times": times})
    ours = [_words.moment(one, "%H:%M", UTC) for one in times]
    assert [one for one, _ in drawn] == ours
    between = " " if lang == "zh" else ", "
    assert ours[:2] == [f"{day}{between}00:05", f"{other}{between}15:04"]  # midnight is no 24:05
    assert [clock for _, clock in drawn[:2]] == ["00:05", "15:04"]
