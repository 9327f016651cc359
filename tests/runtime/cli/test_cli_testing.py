"""`python app.py test AGENT`: what a CI relies on."""

import json

import pytest
from test_cli import home, run, shop

__all__ = ["home", "run", "shop"]


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
