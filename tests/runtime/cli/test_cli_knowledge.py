"""Knowledge bases from the command line: one JSON line a thing, and 2 with a sentence when it cannot."""

import json

from runtime.access.actor import COMMAND_LINE
from runtime.knowledge.sources import deleting
from runtime.knowledge.sources.bases import Bases


def lines(out):
    return [json.loads(line) for line in out.splitlines()]


def test_sources_are_added_listed_changed_and_removed(home, run, tmp_path):
    faq, text, broken = tmp_path / "faq.csv", tmp_path / "运费.md", tmp_path / "x.pdf"
    faq.write_text("问题,答案\n怎么退货|如何退货,七天内可退。\n", encoding="utf-8")
    text.write_text("# 运费\n\n省内五元。", encoding="utf-8")
    broken.write_bytes(b"%PDF-1.7 nothing")
    assert run("knowledge", "list") == (0, "", "")
    bases = Bases(home)
    bases.create("tea", "tea")
    bases.change("tea", lambda base: base.model_copy(update={"embedding": "none"}))
    code, out, error = run(
        "knowledge", "add", "tea", str(faq), str(broken), str(text), "nowhere.txt", "--tag", "a"
    )
    read = lines(out)
    assert (code, "nowhere.txt" in error) == (2, True)
    assert [(one["source"], one["added"], one["state"], one["kind"], one["passages"]) for one in read] == [
        ("faq.csv", "new", "done", "csv", 2),
        ("x.pdf", "new", "failed", "pdf", 0),
        ("运费.md", "new", "done", "markdown", 1),
    ]
    assert read[1]["unread"][0]["says"]["en"].startswith("It is damaged")
    assert lines(run("knowledge", "list")[1]) == [{"base": "tea", "name": "tea", "sources": 3, "passages": 3}]
    # the same again is told, and nothing is read for it; a changed one alone is
    text.write_text("# 运费\n\n省内六元。", encoding="utf-8")
    code, out, _ = run("knowledge", "add", "tea", str(faq), str(text))
    assert [(one["source"], one["added"], one["state"]) for one in lines(out)] == [
        ("运费.md", "changed", "done"),
        ("faq.csv", "same", "done"),
    ]
    assert code == 0
    [first, *_] = lines(run("knowledge", "search", "tea", "省内运费多少", "--top", "1")[1])
    assert (first["title"], first["text"], first["found"]) == ("运费.md", "省内六元。", True)
    questions = tmp_path / "questions.csv"
    questions.write_text("问题,期望\n如何退货,七天内\n省内运费,六元\n省外多少,八元\n量子力学,\n", "gb18030")
    [measured] = lines(run("knowledge", "test", "tea", str(questions))[1])
    assert measured == {
        "base": "tea", "questions": 3, "hit@1": 0.6667, "hit@3": 0.6667, "mrr": 0.6667, "not_answerable": 1,
        "told": 1.0, "missed": ["省外多少"],
    }  # fmt: skip
    code, out, error = run("knowledge", "remove", "tea", "x.pdf")
    gone = {"base": "tea", "source": "x.pdf", "removed": True, "for_good": False}
    assert (code, lines(out)) == (0, [gone])
    (aside,) = bases.sources_trash.listing()
    assert (aside.about["name"], aside.about["by"]) == ("x.pdf", COMMAND_LINE.id)
    deleting.put_back(bases, aside.token)
    code, out, error = run("knowledge", "remove", "tea", "x.pdf", "--for-good")
    assert (code, lines(out)) == (0, [{**gone, "for_good": True}])
    assert bases.sources_trash.listing() == []
    left = [one for one in home.rglob("*") if one.is_file() and one != broken]
    assert not [one for one in left if b"%PDF-1.7 nothing" in one.read_bytes()]
    assert [one["source"] for one in lines(run("knowledge", "list", "tea")[1])] == ["faq.csv", "运费.md"]
    assert [one["source"] for one in lines(run("knowledge", "index", "--anew")[1])] == ["faq.csv", "运费.md"]
    for words in (
        ("remove", "tea", "x.pdf"), ("list", "none"), ("add", "No/Id", str(faq)), ("search", "none", "x"),
        ("test", "tea", "nowhere.csv"), ("test", "tea", str(text)),
    ):  # fmt: skip
        code, out, error = run("knowledge", *words)
        assert (code, out) == (2, "")
        assert error.strip()


def test_who_exports_an_agent_is_told_which_bases_go_with_it(home, run, tmp_path):
    docs = {"type": "knowledge", "id": "docs", "bases": ["tea"]}
    file = tmp_path / "asks.json"
    file.write_text(json.dumps({"format": 1, "id": "asks", "name": "asks", "flow": [docs]}), encoding="utf-8")
    assert run("agent", "import", str(file))[0] == 0
    code, out, error = run("agent", "export", "asks")
    assert (code, json.loads(out)["flow"][0]["bases"]) == (0, ["tea"])
    assert "take knowledge/tea along" in error
