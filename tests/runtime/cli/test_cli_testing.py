"""`python app.py test AGENT`: what a CI relies on."""

import json

import pytest

from runtime.testing.running import Ran


@pytest.fixture
def suite(home, shop):
    """Write the cases of the shop."""

    def write(**cases):
        folder = home / "agents" / "tests"
        folder.mkdir(exist_ok=True)
        lines = [
            {"id": id, "lines": [{"says": "在吗", "checks": [{"type": "contains", "text": text}]}]}
            for id, text in cases.items()
        ]
        (folder / "shop.json").write_text(json.dumps({"format": 1, "cases": lines}), "utf-8")

    return write


def test_each_case_is_a_line_and_a_missed_one_ends_it_with_1(run, suite, home):
    suite(good="好", bad="不在")
    file = home / "junit.xml"
    with pytest.raises(SystemExit) as e:
        run("test", "shop", "--junit", str(file))
    assert (e.value.code, 'failures="1"' in file.read_text("utf-8")) == (1, True)


def test_one_case_can_be_chosen(run, suite):
    suite(good="好", bad="不在")
    code, out, err = run("test", "shop", "--case", "good")
    told = json.loads(out)
    assert (code, err, told["case"], told["ok"], told["answers"]) == (0, "", "good", True, ["好"])
    assert run("test", "shop", "--case", "other")[0] == 2


def test_what_cannot_be_run_is_told(run, suite, home):
    assert run("test", "nobody")[0] == 2
    code, _, err = run("test", "shop")
    assert (code, "shop.json" in err) == (2, True)
    suite(good="好")
    assert run("test", "shop", "--junit", str(home / "no" / "where.xml"))[0] == 2


def test_what_fails_is_told_or_refused_when_it_is_published(run, suite, home):
    file = home / "agents" / "tests" / "shop.json"

    def gate(which):
        suite(bad="不在")
        file.write_text(json.dumps({"gate": which, **json.loads(file.read_text("utf-8"))}), "utf-8")

    def publishing(*more):
        code, _, err = run("publish", "shop", "--channel", "api", *more)
        return code, "1 of 1" in err or "1 个测试" in err

    gate("block")
    assert publishing() == (2, True)
    assert publishing("--untested") == (0, True)
    gate("warn")
    with pytest.raises(SystemExit):
        run("test", "shop")
    assert publishing() == (0, True)
    gate("off")
    assert publishing() == (0, False)


def test_a_version_and_another_model_are_run_instead(run, suite, home):
    suite(good="好")
    published = json.loads(run("publish", "shop", "--channel", "api", "--untested")[1])
    version = f"{published['publication']}.1"
    file = home / "agents" / "shop.json"
    shop = json.loads(file.read_text("utf-8"))
    shop["flow"] = [{"type": "reply", "id": "say", "text": "不"}]
    file.write_text(json.dumps(shop), "utf-8")
    with pytest.raises(SystemExit):
        run("test", "shop")
    run("agent", "list")  # takes what was told until now
    code, out, err = run("test", "shop", "--version", version, "--model", "demo/hongyan")
    assert (code, err) == (0, "")
    assert json.loads(out)["answers"] == ["好"]
    runs = [json.loads(one.read_text("utf-8")) for one in sorted((home / "data/tests/shop").glob("*.json"))]
    assert [(one["version"], one["model"]) for one in runs] == [("draft", ""), (version, "demo/hongyan")]
    assert runs[0]["subject"] != runs[1]["subject"]
    code, _, err = run("test", "shop", "--version", "other-1.1")
    assert (code, "PUBLICATION.NUMBER" in err or "发布编号" in err) == (2, True)


@pytest.mark.parametrize("limit", [("--seconds", "0.000001"), ("--yuan", "0.5")])
def test_a_limit_ends_it_with_3_and_tells_what_was_not_run(run, suite, home, limit, monkeypatch):
    suite(good="好", other="好", third="好")
    monkeypatch.setattr(Ran, "dollars", 1.0)
    file = home / "junit.xml"
    with pytest.raises(SystemExit) as e:
        run("test", "shop", *limit, "--at-once", "1", "--junit", str(file))
    assert e.value.code == 3
    written = file.read_text("utf-8")
    assert ('tests="3"' in written, "<skipped" in written, 'failures="0"' in written) == (True, True, True)


def test_what_costs_nobody_knows_what_ends_a_run_that_is_to_cost_little(run, suite, monkeypatch):
    suite(good="好", other="好")
    monkeypatch.setattr(Ran, "dollars", None)
    with pytest.raises(SystemExit) as e:
        run("test", "shop", "--yuan", "5", "--at-once", "1")
    assert e.value.code == 3
