"""A sentence keeps its pattern, so that it can be said in any language; values are never patterns."""

import json
from dataclasses import dataclass

import pytest

from runtime import languages
from runtime.lang import Text, as_it_is, joined, listed, stored
from tests.languages import forget, spoken

THERE_IS_NONE = Text("没有「{name}」。", "There is no {name!r}.")
SAID = {
    "language": "Esperanto",
    "There is no {name!r}.": "Ne estas {name!r}.",
    "Model": "Modelo",
    "Wrong {blank}": "Malĝusta {another}",
    "Reaches {name}": "{name.__class__}",
    "{place}: {problem}": "{place} — {problem}",
}


@pytest.fixture(autouse=True)
def esperanto(tmp_path):
    """A further language, which knows some sentences."""
    file = tmp_path / "eo.json"
    file.write_text(json.dumps(SAID), "utf-8")
    with spoken(tmp_path):
        yield file


@dataclass(frozen=True)
class Case:
    id: str
    text: Text
    zh: str
    en: str
    eo: str


HOSTILE = "{name} {0.__class__} {{x}}"
CASES = [
    Case("plain", Text("模型", "Model"), "模型", "Model", "Modelo"),
    Case("not translated", Text("工具", "Tool"), "工具", "Tool", "Tool"),
    Case("filled", THERE_IS_NONE.fill(name="x"), "没有「x」。", "There is no 'x'.", "Ne estas 'x'."),
    Case(
        "a value that looks like a pattern",
        THERE_IS_NONE.fill(name=HOSTILE).fill(name="y"),
        f"没有「{HOSTILE}」。",
        f"There is no {HOSTILE!r}.",
        f"Ne estas {HOSTILE!r}.",
    ),
    Case(
        "a sentence in a sentence",
        Text("{place}：{problem}", "{place}: {problem}").fill(
            place=Text("模型", "Model"), problem=THERE_IS_NONE.fill(name=3)
        ),
        "模型：没有「3」。",
        "Model: There is no 3.",
        "Modelo — Ne estas 3.",
    ),
    Case("a value is no key", as_it_is("Model"), "Model", "Model", "Model"),
    Case("a value keeps its braces", as_it_is("{a}").fill(a=1), "{a}", "{a}", "{a}"),
    Case("a list", listed(["a", "b"]), "a、b", "a, b", "a, b"),
    Case(
        "several",
        joined([Text("模型", "Model"), THERE_IS_NONE.fill(name="x")], Text("；", "; ")),
        "模型；没有「x」。",
        "Model; There is no 'x'.",
        "Modelo; Ne estas 'x'.",
    ),
    Case("bare", THERE_IS_NONE.fill(name="x").bare(), "没有「x」", "There is no 'x'", "Ne estas 'x'"),
    Case("other blanks", Text("错 {blank}", "Wrong {blank}").fill(blank=1), "错 1", "Wrong 1", "Wrong 1"),
    Case("reaching", Text("到 {name}", "Reaches {name}").fill(name=1), "到 1", "Reaches 1", "Reaches 1"),
    Case("stored", stored({"zh": "旧", "en": "old", "eo": "malnova"}), "旧", "old", "malnova"),
    Case("stored before there were more", stored(["旧", "old"]), "旧", "old", "old"),
    Case("stored nothing", stored([]), "", "", ""),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_sentence_is_said_in_every_language(case):
    assert case.text.by_language() == {"zh": case.zh, "en": case.en, "eo": case.eo}
    assert stored(case.text.by_language()) == case.text


def test_a_language_that_there_is_not_reads_english():
    assert Text("模型", "Model").to("fr") == "Model"
    assert Text("模型", "Model").to("../en") == "Model"


@pytest.mark.parametrize(
    ("accepted", "lang"),
    [
        ("eo,en", "eo"),
        ("eo-XX", "eo"),
        ("zh-TW,en", "zh"),
        ("en-US", "en"),
        ("de, zh;q=0.5", "zh"),
        ("de", "en"),
        ("*", "zh"),
        ("", "zh"),
        ("-,;", "en"),
    ],
)
def test_the_visitors_language_comes_first(accepted, lang):
    assert languages.preferred(accepted) == lang


@pytest.mark.parametrize("content", ["{", "[]", '{"a": 1}', "[" * 100_000, "\ud800"])
def test_a_file_that_cannot_be_read_is_named(esperanto, content):
    esperanto.write_bytes(content.encode("utf-8", "surrogatepass"))
    forget()
    with pytest.raises(ValueError, match=r"eo\.json"):
        languages.entries("eo")


def test_only_codes_of_languages_are_languages(esperanto):
    for name in ("LANGUAGE", "eo.old", "e", "con fusion"):
        (esperanto.parent / f"{name}.json").write_text("{}", "utf-8")
    forget()
    assert [one.code for one in languages.languages()] == ["zh", "en", "eo"]
