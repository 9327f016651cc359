"""`python app.py …`: what scripts rely on."""

import argparse
import asyncio
import hashlib
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

import pytest
from commands import AGENT

import app
from bench.ports import free_port
from runtime.access.keys import Keys
from runtime.access.users import Users
from runtime.agents.library import Library
from runtime.cli import arguments
from runtime.message import Message
from runtime.server.lock import only_one
from runtime.store.control.control import Control
from runtime.store.control.records import Options
from runtime.store.installation import Installation
from runtime.store.messages.messages import Messages

ROOT = Path(__file__).parents[3]
ACCOUNT = ["--set", "app_id=wx1234567890abcdef", "--set", "original_id=gh_abcdef123456"]
PUBLISH = ["publish", "shop", "--channel", "wechat", *ACCOUNT, "--set", "push=false"]


@pytest.fixture
def broken(run, home):
    file = home / "broken.json"
    flow = [{"type": "reply", "id": "say", "title": "Reply", "text": "{{ nobody }}"}]
    file.write_text(json.dumps({**AGENT, "id": "broken", "flow": flow}), encoding="utf-8")
    assert run("agent", "import", str(file))[0] == 0


@pytest.mark.parametrize("command", [("publish", "broken", "--channel", "api"), ("key", "create", "broken")])
def test_an_agent_with_an_error_is_not_published_by_a_command_either(run, broken, home, command):
    code, out, complaint = run(*command)
    assert (code, out) == (2, "")
    assert "“Reply”, Text" in complaint
    assert "nobody" in complaint
    assert control(home).publications() == []


def test_two_agents_are_on_one_account_only_when_that_is_said(run, shop, home):
    second = home / "second.json"
    second.write_text(json.dumps({**AGENT, "id": "second"}), encoding="utf-8")
    assert run("agent", "import", str(second))[0] == 0
    secret = ["--set", f"app_secret={'a' * 32}"]
    assert run(*PUBLISH, *secret)[0] == 0
    code, _, complaint = run("publish", "second", *PUBLISH[2:], *secret)
    assert code == 2
    assert "also" in complaint
    assert run("publish", "second", *PUBLISH[2:], *secret, "--also")[0] == 0
    assert len(control(home).publications()) == 2


def test_nor_is_one_whose_changes_could_not_be_saved(run, shop, home):
    library = Library(home / "agents", home, home / "data")
    library.keep_draft("shop", {"name": ""}, library.get("shop").revision)
    assert run("publish", "shop", "--channel", "api")[0] == 2
    assert control(home).publications() == []


def test_what_is_to_correct_is_printed(run, shop, broken):
    assert run("agent", "check", "shop")[0] == 0
    code, out, _ = run("agent", "check", "broken")
    found = json.loads(out)
    assert (code, found["level"], found["field"]) == (2, "error", "flow.0.text")


def test_a_secret_is_read_from_standard_input_listed_by_name_and_removed(run, home):
    assert run("secret", "set", "erp", "--host", "api.example.com", said="canary-value\n") == (0, "", "")
    code, out, _ = run("secret", "list")
    assert (code, out.split("\t")[:2]) == (0, ["erp", "api.example.com"])
    assert control(home).secrets.open("erp", "api.example.com") == "canary-value"
    assert run("secret", "remove", "erp")[0] == 0
    assert run("secret", "remove", "erp")[0] == 2


def test_a_secret_with_a_bad_name_is_refused(run, home):
    code, out, complaint = run("secret", "set", "Bad-Name", said="canary-value\n")
    assert (code, out) == (2, "")
    assert "canary" not in complaint


def test_an_import_asks_for_secrets_and_tells_of_keys(run, home):
    headers = {"X-Key": "{{ secret.erp }}", "Authorization": "Bearer abcdef123"}
    tool = {"type": "http_request", "url": "https://api.example.com/", "headers": headers}
    model = {"type": "model", "id": "m", "prompt": {"text": ""}, "tools": [tool]}
    file = home / "asks.json"
    file.write_text(json.dumps({**AGENT, "id": "asks", "flow": [model]}), encoding="utf-8")
    code, out, complaint = run("agent", "import", str(file))
    assert (code, out) == (0, "asks\n")
    assert "'erp'" in complaint
    assert "api.example.com" in complaint
    assert "Authorization" in complaint

    # It holds the secret for that host once it is told so.
    held = json.loads((home / "agents" / "asks.json").read_text("utf-8"))["holds"]
    key = "secret:erp@api.example.com"
    assert (held, f"agent allow asks {key}" in complaint) == ([], True)
    assert run("agent", "allow", "asks", "secret:erp@evil.example")[0] == 2
    assert run("agent", "allow", "asks", key) == (0, "", "")
    assert json.loads((home / "agents" / "asks.json").read_text("utf-8"))["holds"] == [key]
    assert "holds" not in json.loads(run("agent", "export", "asks")[1])


def test_what_an_imported_agent_may_do_is_allowed_one_by_one(run, home):
    file = home / "handing.json"
    tool = {"type": "http_request", "url": "https://api.example.com/", "method": "POST"}
    model = {"type": "model", "id": "m", "prompt": {"text": ""}, "tools": [tool]}
    file.write_text(json.dumps({**AGENT, "id": "handing", "flow": [model]}), encoding="utf-8")
    _, _, complaint = run("agent", "import", str(file))
    [key] = re.findall(r"agent allow handing (\S+)", complaint)
    saved = home / "agents" / "handing.json"
    assert json.loads(saved.read_text("utf-8"))["withheld"] == [key]
    assert run("agent", "allow", "handing", key) == (0, "", "")
    assert json.loads(saved.read_text("utf-8")).get("withheld", []) == []


def test_agent_files_are_their_owners_alone(run, shop, home):
    assert (home / "agents" / "shop.json").stat().st_mode & 0o777 == 0o600


def control(home):
    return Control.in_folder(home / "data")


def test_an_imported_agent_is_listed_and_exported(run, shop):
    assert run("agent", "list") == (0, "shop\t店\n", "")
    code, out, _ = run("agent", "export", "shop")
    assert (code, json.loads(out)) == (0, AGENT)


def test_an_agent_is_exported_as_a_folder_and_imported_again(run, shop, home, monkeypatch):
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", out)
        app.main(["agent", "export", "shop", "--as", "folder"])
    (home / "shop.zip").write_bytes(out.buffer.getvalue())
    code, id, _ = run("agent", "import", str(home / "shop.zip"))
    assert (code, id) == (0, "shop-2\n")
    assert json.loads(run("agent", "export", "shop-2")[1])["flow"] == AGENT["flow"]


def test_a_bad_file_is_told_in_one_sentence(run, home):
    (home / "bad.json").write_text('{"id": "x"}', encoding="utf-8")
    code, out, err = run("agent", "import", str(home / "bad.json"))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "Name" in err


@pytest.mark.parametrize(
    ("lang", "says"),
    [
        ("zh_CN.UTF-8", "读不了「x.json」（No such file or directory）。\n"),
        ("en_US", "Cannot read 'x.json'"),
        ("C", " / "),
    ],
)
def test_errors_are_in_the_terminals_language(run, monkeypatch, lang, says):
    monkeypatch.setenv("LANG", lang)
    code, _, err = run("agent", "import", "x.json")
    assert code == 2
    assert says in err


def test_publish_prints_one_json_object(run, shop):
    code, out, _ = run(*PUBLISH)
    published = json.loads(out)
    assert code == 0
    assert set(published) >= {"publication", "path", "token", "encoding_aes_key"}
    assert published["path"] == f"/c/{published['publication']}"
    assert json.loads(run(*PUBLISH)[1]) == {**published, "version": 2}


def test_publish_names_the_field_that_is_missing(run, shop):
    code, out, err = run("publish", "shop", "--channel", "wechat", *ACCOUNT)
    assert (code, out) == (2, "")
    assert "app_secret" in err


@pytest.mark.parametrize("pair", ["app_id", ""])
def test_publish_wants_pairs(run, shop, pair):
    code, _, err = run("publish", "shop", "--channel", "wechat", "--set", pair)
    assert (code, "NAME=VALUE" in err) == (2, True)


def test_unpublish_takes_it_back(run, shop, home):
    id = json.loads(run(*PUBLISH)[1])["publication"]
    assert run("unpublish", id) == (0, "", "")
    assert not control(home).publication(id).enabled
    assert run("unpublish", "no-such")[0] == 2


def test_pause_keeps_it_published_and_resume_lets_it_go_on(run, shop, home):
    id = json.loads(run(*PUBLISH)[1])["publication"]
    paused = {"publication": id, "version": 1, "paused": True}
    assert json.loads(run("pause", id, "--tell", " 盘点中 ")[1]) == paused
    found = control(home).publication(id)
    assert (found.enabled, found.paused_text) == (True, "盘点中")
    run(*PUBLISH)
    assert control(home).publication(id).paused_at == found.paused_at
    assert json.loads(run("resume", id)[1]) == {**paused, "version": 2, "paused": False}
    assert control(home).publication(id).paused_text == ""
    run("unpublish", id)
    assert run("pause", id)[0] == run("pause", "no-such")[0] == 2


def test_an_application_is_entered_once_for_all_accounts_that_consent_to_it(run, shop, home):
    given = ("--set", "component_app_id=wxc0ffee0123456789", "--set", f"component_app_secret={'c' * 32}")
    by_consent = ("publish", "shop", "--channel", "wechat_component")
    code, out, _ = run(*by_consent, *given)
    first = json.loads(out)
    assert code == 0
    assert first["messages_url"] == first["url"] + "/$APPID$"
    assert first["url"].endswith(first["path"])
    assert {"token", "encoding_aes_key", "scan"} <= first.keys()
    control(home).joinings.keep(
        first["publication"], "wx5a1b2c3d4e5f6071", {"app_id": "wx5a1b2c3d4e5f6071"}, {}
    )
    again, other = json.loads(run(*by_consent)[1]), json.loads(run(*by_consent, "--another")[1])
    assert again["publication"] == first["publication"] != other["publication"]
    assert other["path"] == first["path"]
    changed = json.loads(run("rotate", first["publication"], "--set", "token=another7Token")[1])
    assert changed["token"] == "another7Token"
    for one in (first, other):
        assert control(home).channel_settings(one["publication"])["token"] == "another7Token"


def test_rotate_makes_new_ones_and_prints_what_to_copy(run, shop, home):
    before = json.loads(run(*PUBLISH)[1])
    after = json.loads(run("rotate", before["publication"])[1])
    assert after.keys() == before.keys()
    assert after["token"] != before["token"]
    assert {**after, "token": "", "encoding_aes_key": ""} == {**before, "token": "", "encoding_aes_key": ""}
    assert run("rotate", before["publication"], "--set", "token=?")[0] == 2
    assert control(home).channel_settings(before["publication"])["token"] == after["token"]


def test_key_create_prints_the_key_and_nothing_else(run, shop, home):
    code, out, _ = run("key", "create", "shop")
    assert code == 0
    assert Keys(control(home)).find(out.strip()).agent == "shop"
    listed = run("key", "list")[1]
    assert listed.startswith(out[:7])
    assert out.strip() not in listed
    assert run("key", "revoke", out.strip())[0] == 0
    assert Keys(control(home)).find(out.strip()) is None
    assert run("key", "revoke", "hy-none")[0] == 2


def test_a_key_may_end(run, shop, home):
    run("key", "create", "shop", "--days", "30")
    assert Keys(control(home)).all()[0].expires_at == pytest.approx(time.time() + 30 * 86400, abs=60)


def test_model_set_is_kept_without_showing_the_key(run, home):
    given = [
        "model",
        "set",
        "local",
        "--provider",
        "openai_compatible",
        "--api-base",
        "http://127.0.0.1:1/v1/",
    ]
    assert run(*given, "--api-key", "canary-key", "--default", "qwen")[0] == 0
    assert control(home).find("local").api_key.get_secret_value() == "canary-key"
    assert control(home).default_model() == "local/qwen"
    listed = run("model", "list")[1]
    assert listed == "local\topenai_compatible\thttp://127.0.0.1:1/v1\t***\n"
    assert run("model", "remove", "local")[0] == 0
    assert run("model", "remove", "local")[0] == 2


def test_a_key_can_come_from_standard_input_where_no_process_list_shows_it(run, home):
    run("model", "set", "deepseek", "--provider", "deepseek", "--api-key", "-", said="canary-key\n")
    assert control(home).find("deepseek").api_key.get_secret_value() == "canary-key"


def test_the_password_can_be_set_anew(run, home):
    assert run("password", said="another password\n")[0] == 0
    assert Users(control(home)).is_password("owner", "another password")
    assert run("password", said="abc\n")[0] == 2


@pytest.mark.parametrize(
    "given", [["nonsense"], ["agent"], ["publish", "shop"], ["model", "set", "x", "--provider", "y"]]
)
def test_what_is_not_understood_ends_with_2(run, given, capsys):
    with pytest.raises(SystemExit) as caught:
        run(*given)
    assert caught.value.code == 2


def test_the_version_is_printed(run, capsys):
    with pytest.raises(SystemExit) as caught:
        run("--version")
    assert caught.value.code == 0
    assert "Hongyan" in capsys.readouterr().out


def test_a_bad_variable_is_named(run, monkeypatch):
    monkeypatch.setenv("HONGYAN_PORT", "http")
    code, _, err = run("gateway")
    assert (code, "HONGYAN_PORT" in err) == (2, True)


def test_other_machines_may_come_only_after_a_password_was_set(run, monkeypatch):
    monkeypatch.setenv("HONGYAN_HOST", "0.0.0.0")
    monkeypatch.setenv("HONGYAN_PORT", str(free_port()))
    code, _, err = run()
    assert (code, "HONGYAN_PASSWORD" in err) == (2, True)


def test_a_port_in_use_is_told(run, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("HONGYAN_PORT", str(taken.getsockname()[1]))
        code, _, err = run("gateway")
    assert (code, "HONGYAN_PORT" in err) == (2, True)


def test_nothing_slow_is_loaded_before_the_port_is_open():
    slow = {"pydantic", "aiohttp", "uvicorn", "jinja2", "starlette", "tinydb"}
    code = f"import sys, app; print({slow} & set(sys.modules) or 'nothing')"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "nothing"


def test_a_first_password_is_made_up_once_and_shown_once(home):
    settings = app.Settings(home=home)
    password = app.first_password(control(home), settings)
    assert len(password) >= 12
    assert Users(control(home)).is_password("owner", password)
    assert app.first_password(control(home), settings) == ""


def test_a_given_password_is_for_the_first_start_only(home):
    app.first_password(control(home), app.Settings(home=home, password="first password"))
    app.first_password(control(home), app.Settings(home=home, password="second password"))
    assert Users(control(home)).is_password("owner", "first password")


@pytest.fixture
def gateway(home, monkeypatch):
    """A running `python app.py gateway`: its address and process."""
    monkeypatch.setenv("HONGYAN_PORT", str(free_port()))
    with subprocess.Popen(
        [sys.executable, "app.py", "gateway"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as server:
        line = server.stdout.readline()
        yield "http" + line.strip().partition("http")[2], server
        server.kill()


def test_the_gateway_serves_sees_what_is_published_beside_it_and_stops_cleanly(run, shop, gateway):
    address, server = gateway
    assert get(f"{address}/ready") == (200, '{"status":"ready"}')

    published = json.loads(run(*PUBLISH)[1])
    query = {"timestamp": "1700000000", "nonce": "n1", "echostr": "hello"}
    parts = sorted([published["token"], query["timestamp"], query["nonce"]])
    query["signature"] = hashlib.sha1("".join(parts).encode()).hexdigest()
    callback = f"{address}{published['path']}?{urlencode(query)}"
    assert get(callback) == (200, "hello")
    run("unpublish", published["publication"])
    assert get(callback) == (403, "")

    code, _, err = run("gateway")
    assert (code, str(server.pid) in err) == (2, True)

    server.send_signal(signal.SIGTERM)
    assert server.wait(40) == 0


def get(url):
    try:
        with urllib.request.urlopen(url) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as e:
        with e:
            return e.code, e.read().decode()


@pytest.fixture
def read_only(shop, home):
    """Everything in the home is as on a read-only disk, also for root."""
    control(home)
    subprocess.run(["mount", "--bind", home, home], check=True)
    subprocess.run(["mount", "-o", "remount,ro,bind", home], check=True)
    yield home
    subprocess.run(["umount", "-l", home], check=True)


CHANGING = [
    PUBLISH,
    ["key", "create", "shop"],
    ["model", "set", "m", "--provider", "openai_compatible", "--api-base", "http://x"],
    ["unpublish", "shop-1"],
    [],
    ["gateway"],
]


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to mount")
@pytest.mark.parametrize("command", CHANGING, ids=lambda command: " ".join(command[:2]) or "run")
def test_on_a_read_only_home_whatever_changes_something_says_so_in_a_sentence(read_only, run, command):
    code, out, complaint = run(*command)
    assert code == 2
    assert out == ""
    assert "Traceback" not in complaint
    assert len(complaint.strip().splitlines()) == 1
    if command[:1] != ["unpublish"]:
        assert "Read-only file system" in complaint


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to mount")
def test_on_a_read_only_home_what_only_reads_works(read_only, run):
    assert run("agent", "list")[:2] == (0, "shop\t店\n")
    assert run("key", "list") == (0, "", "")


def unfinished(home):
    """A message that nobody answered, in a home that a program ran in."""
    here = Installation(home / "data")
    here.check()
    messages = Messages(home / "data" / "messages.db")
    here.take()
    asyncio.run(messages.accept("p", Message("m1", "u1", "问"), 1))
    messages.close()


def test_a_backup_is_put_back_and_what_was_unfinished_waits_for_a_word(shop, run, home, tmp_path):
    unfinished(home)
    control(home).save_options(Options(default_model="m/before"))
    code, out, note = run("backup", str(tmp_path / "b.tar.gz"))
    assert (code, json.loads(out)["messages"]) == (0, 1)
    assert "like a password" in note
    control(home).save_options(Options(default_model="m/after"))
    code, out, note = run("restore", str(tmp_path / "b.tar.gz"))
    assert (code, json.loads(out)["unfinished"]) == (0, 1)
    assert "python app.py release" in note
    assert control(home).default_model() == "m/before"
    assert run("release") == (0, '{"released": 1}\n', "")
    assert run("release", "--drop") == (0, '{"dropped": 0}\n', "")


def test_nothing_is_restored_while_it_runs(shop, run, home, tmp_path):
    unfinished(home)
    assert run("backup", str(tmp_path / "b.tar.gz"))[0] == 0
    for task in ("gateway", "builder"):
        with only_one(home / "data", task):
            code, out, complaint = run("restore", str(tmp_path / "b.tar.gz"))
            assert (code, out) == (2, "")
            assert "in use by another Hongyan" in complaint


@pytest.mark.parametrize("command", [[], ["gateway"]])
def test_a_start_without_the_messages_there_were_says_how_to_go_on(shop, run, home, command):
    unfinished(home)
    (home / "data" / "messages.db").unlink()
    os.environ["HONGYAN_PORT"] = str(free_port())
    code, _, complaint = run(*command)
    del os.environ["HONGYAN_PORT"]
    assert code == 2
    assert "python app.py restore --empty" in complaint
    assert not (home / "data" / "messages.db").exists()
    assert run("restore", "--empty") == (0, '{"empty": true}\n', "")
    Installation(home / "data").check()


@pytest.mark.parametrize("given", [[], ["x.tar.gz", "--empty"], ["no such file"], [__file__]])
def test_what_cannot_be_restored_is_told_in_a_sentence(shop, run, home, given):
    code, out, complaint = run("restore", *given)
    assert (code, out, len(complaint.splitlines())) == (2, "", 1)


def inner(parser):
    """Every command's own parser."""
    groups = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    for name, command in (entry for group in groups for entry in group.choices.items()):
        yield f"{parser.prog} {name}", command
        yield from inner(command)


def test_the_help_of_each_command_says_what_it_is_for():
    assert [name for name, command in inner(arguments.parser()) if not command.description] == []
