"""`python app.py model …`: endpoints, their addresses and keys, and what "default" means."""

import json

import pytest
from commands import typed

from runtime.store.control.control import Control

LOCAL = ["model", "set", "local", "--provider", "openai_compatible"]
DEEPSEEK = ["model", "set", "deepseek", "--provider", "deepseek", "--api-key", "k-1"]
QWEN = ["model", "set", "qwen", "--provider", "qwen", "--api-key", "k-2"]


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run a command; give its exit code, output and complaints."""
    monkeypatch.setenv("HONGYAN_HOME", str(tmp_path))

    def run(*given, said=""):
        return typed(given, capsys, said)

    return run


@pytest.fixture
def control(tmp_path):
    return lambda: Control.in_folder(tmp_path / "data")


DEFAULTS = [
    ("the first becomes it", [[*LOCAL, "--model", "m1", "--model", "m2"]], "local/m1"),
    ("a provider's own first, when none is named", [DEEPSEEK], "deepseek/deepseek-flash"),
    ("the second does not", [[*LOCAL, "--model", "m"], DEEPSEEK], "local/m"),
    ("whoever is named is it", [DEEPSEEK, [*LOCAL, "--default", "m"]], "local/m"),
    ("named with its endpoint", [DEEPSEEK, [*LOCAL, "--default", "local/a/b"]], "local/a/b"),
    ("removed, another is it", [DEEPSEEK, QWEN, ["model", "remove", "deepseek"]], "qwen/qwen-plus"),
    ("the last removed, none is", [DEEPSEEK, ["model", "remove", "deepseek"]], ""),
    ("another removed, it stays", [DEEPSEEK, QWEN, ["model", "remove", "qwen"]], "deepseek/deepseek-flash"),
    ("off its list, the list's first", [[*LOCAL, "--model", "a"], [*LOCAL, "--model", "b"]], "local/b"),
    ("nobody knows a model", [LOCAL], ""),
]


@pytest.mark.parametrize(("commands", "model"), [case[1:] for case in DEFAULTS], ids=[c[0] for c in DEFAULTS])
def test_default_is_a_model_that_is_there(run, control, commands, model):
    for command in commands:
        assert run(*command)[0] == 0
    assert control().default_model() == model


def test_without_a_model_it_is_said_how_to_name_one(run):
    code, out, err = run(*LOCAL, "--api-base", "http://127.0.0.1:1/v1")
    assert (code, out) == (0, "")
    assert "--default local/" in err


def test_what_is_not_given_again_stays(run, control):
    run(*LOCAL, "--api-base", "http://127.0.0.1:1/v1", "--model", "m", "--api-key", "k")
    run(*LOCAL, "--api-key", "another")
    kept = control().find("local")
    assert (kept.api_base, kept.models, kept.api_key.get_secret_value()) == (
        "http://127.0.0.1:1/v1", ("m",), "another"
    )  # fmt: skip


WRONG = [
    ("--api-base", "ftp://x"),
    ("--api-base", "https://a b/v1"),
    ("--api-base", "https://x/v1?key=1"),
    ("--api-key", "sk-one\nsk-two"),
    ("--api-key", "密钥"),
]


@pytest.mark.parametrize(("option", "value"), WRONG, ids=[value for _, value in WRONG])
def test_what_cannot_be_meant_is_told_with_its_option(run, option, value):
    code, _, err = run(*LOCAL, option, value)
    assert (code, option in err) == (2, True)


def test_a_key_with_a_line_break_at_its_end_is_repaired(run, control):
    assert run(*LOCAL, "--api-key", "-", said="\ufeff Bearer sk-canary\r\n\n")[0] == 0
    assert control().find("local").api_key.get_secret_value() == "sk-canary"


def test_a_model_is_tested_by_its_endpoints_name(run):
    run(*LOCAL, "--api-base", "http://127.0.0.1:9/v1", "--model", "m")
    code, out, err = run("model", "test", "local")
    assert (code, out) == (2, "")
    assert "127.0.0.1:9" in err
    assert run("model", "test", "nobody")[0] == 2


def test_a_model_that_works_is_one_json_line(run, monkeypatch):
    from runtime.lang import Text
    from runtime.models.routed import RoutedModels

    async def check(self, endpoint, model):
        return Text("可以使用", f"It works: {endpoint.name}/{model}")

    monkeypatch.setattr(RoutedModels, "check", check)
    run(*DEEPSEEK)
    code, out, _ = run("model", "test", "deepseek/x")
    assert code == 0
    assert json.loads(out) == {
        "model": "deepseek/x",
        "ok": True,
        "says": {"zh": "可以使用", "en": "It works: deepseek/x"},
    }


def test_what_sees_hears_and_speaks_is_set_one_by_one_and_printed(run, control):
    run(*LOCAL, "--api-base", "http://127.0.0.1:1/v1", "--model", "m")
    assert run("model", "usual", "--seeing", "local/vl", "--voice", "alloy")[0] == 0
    code, out, _ = run("model", "usual", "--hearing", "local/whisper")
    assert (code, json.loads(out)) == (
        0, {"seeing": "local/vl", "hearing": "local/whisper", "speaking": "", "voice": "alloy", "drawing": ""}
    )  # fmt: skip
    code, out, err = run("model", "usual", "--speaking", "glm/tts")
    assert (code, out) == (2, "")
    assert "ZHIPUAI_API_KEY" in err
    run("model", "usual", "--seeing", "")
    assert control().usual_models().seeing == ""


def test_more_keys_are_sealed_listed_without_what_they_are_and_go_one_by_one(run, control, tmp_path):
    run(*LOCAL, "--api-base", "http://127.0.0.1:1/v1", "--model", "m", "--api-key", "sk-first-key")
    for key in ("sk-second-key", "sk-third-key"):
        assert run("model", "key", "set", "local", key[3:-4], "--per-minute", "5", said=key)[0] == 0
    assert run("model", "key", "set", "local", "main", "--tokens-per-minute", "900")[0] == 0
    out = run("model", "key", "list", "local")[1]
    assert [json.loads(line) for line in out.splitlines()] == [
        {"key": "main", "per_minute": None, "tokens_per_minute": 900},
        {"key": "second", "per_minute": 5, "tokens_per_minute": None},
        {"key": "third", "per_minute": 5, "tokens_per_minute": None},
    ]
    assert run("model", "key", "set", "local", "second", "--per-minute", "7")[0] == 0
    secrets = [key.api_key.get_secret_value() for key in control().find("local").keys]
    assert sorted(secrets) == ["sk-second-key", "sk-third-key"]
    assert run("model", "key", "remove", "local", "third")[0] == 0
    on_disk = (tmp_path / "data" / "control" / "endpoints.json").read_text("utf-8")
    assert not any(key in on_disk for key in ("sk-first-key", "sk-second-key"))
    # what is set again keeps its keys and limits; at another address they stay behind
    run(*LOCAL, "--model", "n")
    kept = control().find("local")
    assert ([key.name for key in kept.keys], kept.tokens_per_minute) == (["second"], 900)
    run(*LOCAL, "--api-base", "https://elsewhere.example/v1")
    assert control().find("local").keys == ()


def test_a_key_that_cannot_be_is_refused_and_says_why(run):
    run(*LOCAL, "--api-base", "http://127.0.0.1:1/v1", "--model", "m")
    for key, given, says in (("two", "", "密钥"), ("Two", "sk-x", "KEY"), ("two", "sk x", "API_KEY")):
        code, _, err = run("model", "key", "set", "local", key, said=given)
        assert (code, says in err) == (2, True), (key, err)
    assert run("model", "key", "set", "nobody", "two", said="sk-x")[0] == 2
    assert run("model", "key", "remove", "local", "two")[0] == 2


def test_rules_are_set_from_a_file_shown_as_they_are_set_and_tried(run, tmp_path):
    run(*LOCAL, "--api-base", "http://127.0.0.1:1/v1", "--model", "m")
    rules = {"rules": [{"words": ["难"], "models": ["local/big"]}], "otherwise": ["local/m"]}
    (tmp_path / "smart.json").write_text(json.dumps(rules), "utf-8")
    assert run("model", "rule", "set", "smart", str(tmp_path / "smart.json"))[0] == 0
    assert json.loads(run("model", "rule", "show", "smart")[1]) == rules
    assert run("model", "rule", "list")[1] == "smart\t1\tlocal/m\n"
    tried = [json.loads(run("model", "rule", "try", "smart", text)[1]) for text in ("难题", "你好")]
    assert [(one["rule"], one["models"]) for one in tried] == [(1, ["local/big"]), (0, ["local/m"])]
    for given, says in (("{", "JSON"), ("[]", "JSON"), ('{"otherwise": ["x"]}', "x"), ("{}", "其余")):
        code, _, err = run("model", "rule", "set", "smart", "-", said=given)
        assert (code, says in err) == (2, True), (given, err)
    assert run("model", "rule", "remove", "smart")[0] == 0
    assert run("model", "rule", "show", "smart")[0] == 2


def test_prices_and_budgets_are_set_listed_and_taken_away_and_what_is_no_number_is_told(run):
    assert (
        run("model", "price", "set", "ds/chat", "--input", "2", "--output", "8", "--currency", "CNY")[0] == 0
    )
    assert run("model", "budget", "set", "ds", "--money", "5")[0] == 0
    assert run("model", "budget", "set", "all", "--tokens", "1000")[0] == 0
    assert json.loads(run("model", "price", "list")[1]) == {
        "id": "ds/chat", "input": 2.0, "output": 8.0, "currency": "CNY"
    }  # fmt: skip
    kept = [json.loads(line) for line in run("model", "budget", "list")[1].splitlines()]
    assert [(one["id"], one["tokens"], one["money"]) for one in kept] == [
        ("ds", None, 5.0),
        ("all", 1000, None),
    ]
    wrong = [
        (("price", "set", "chat", "--input", "1", "--output", "1"), "MODEL"),
        (("price", "set", "a/b", "--input", "nan", "--output", "1"), "--input"),
        (("price", "set", "a/b", "--input", "-1", "--output", "1"), "--input"),
        (("price", "set", "a/b", "--input", "1", "--output", "1", "--currency", "EUR"), "--currency"),
        (("budget", "set", "a/b"), "--tokens"),
        (("budget", "set", "a/b", "--tokens", "many"), "--tokens"),
        (("budget", "remove", "a/b"), "a/b"),
        (("price", "remove", "a/b"), "a/b"),
    ]
    for command, says in wrong:
        code, _, err = run("model", *command)
        assert (code, says in err) == (2, True), (command, err)
    assert run("model", "price", "remove", "ds/chat")[0] == run("model", "budget", "remove", "ds")[0] == 0
