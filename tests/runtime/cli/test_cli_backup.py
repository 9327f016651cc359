"""Backups from the command line: encrypted, by a plan, checked."""

import json
import sys
import tarfile
from subprocess import PIPE, Popen

import pytest

from runtime.backups.plan import Plans
from runtime.cli import arguments, commands
from runtime.errors import BadSettings, Conflict, NotSaved
from runtime.message import Message
from runtime.server.lock import end_holder, only_one
from runtime.settings import CHECKOUT, Settings
from runtime.store.control.control import Control
from runtime.store.messages.beside import look
from runtime.store.messages.messages import Messages


@pytest.fixture
def typed(tmp_path, capsys):
    home = tmp_path / "home"
    Control.in_folder(home / "data")

    def run(*words):
        options = arguments.parser().parse_args([word.format(at=tmp_path) for word in words])
        commands.execute(options, Settings(home=home))
        said = capsys.readouterr()
        return [json.loads(line) for line in said.out.splitlines()], said.err

    run("backup", "--new-key", "{at}/key")
    return run


KEY = ("--key-file", "{at}/key")


def test_an_encrypted_one_is_made_checked_and_put_back(typed):
    [made], note = typed("backup", "{at}/out/b.tar.gz.age", *KEY)
    assert (made["encrypted"], "nobody opens it" in note) == (True, True)
    [checked], _ = typed("backup", "--check", "{at}/out/b.tar.gz.age", *KEY)
    [done], _ = typed("restore", "{at}/out/b.tar.gz.age", *KEY)
    assert (checked["ok"], checked["contents"], done["contents"]) == (True, *[made["contents"]] * 2)
    for words in (("backup", "--check"), ("restore",)):
        with pytest.raises(BadSettings, match="is encrypted"):
            typed(*words, "{at}/out/b.tar.gz.age")


def test_a_plain_one_says_who_may_read_it(typed, monkeypatch):
    [made], note = typed("backup", "{at}/out/")
    assert (made["encrypted"], "like a password" in note, "--key-file" in note) == (False, True, True)
    assert [one["file"] for one in typed("backup", "--list", "{at}/out/")[0]] == [
        made["file"].rpartition("/")[2]
    ]


def test_a_plan_is_decided_shown_changed_and_ended(typed):
    [said], note = typed("backup", "{at}/out/", "--every", "day", "--at", "04:30", *KEY)
    assert (said["plan"]["keep"], said["plan"]["at"], note) == (7, "04:30", "")
    [changed], _ = typed("backup", "--every", "week", "--keep", "3")
    kept = {name: said["plan"][name] for name in ("to", "at", "key_file", "mark")}
    assert changed["plan"].items() >= (kept | {"every": "week", "keep": 3}).items()
    assert typed("backup", "--list")[0][0]["plan"] == changed["plan"]
    assert typed("backup", "--due") == ([{"made": "", "gone": 0}], "")  # not before its hour
    assert typed("backup", "--every", "off")[0] == [{"plan": None, "ended": True}]


def test_a_plan_goes_with_no_backup_and_stays_where_one_is_put_back(typed, tmp_path):
    typed("backup", "{at}/out/", "--every", "day", *KEY)
    typed("backup", "{at}/b.tar.gz")
    with tarfile.open(tmp_path / "b.tar.gz") as tar:
        assert not [name for name in tar.getnames() if "plan" in name]
    typed("backup", "--every", "week")
    typed("restore", "{at}/b.tar.gz")
    assert typed("backup", "--list")[0][0]["plan"]["every"] == "week"
    typed("backup", "--every", "off")
    typed("restore", "{at}/b.tar.gz")
    assert typed("backup", "--list")[0][0]["plan"] is None


WRONG = {
    "nowhere": ("backup",),
    "a plan for a file": ("backup", "{at}/b.tar.gz", "--every", "day"),
    "a plan into what it backs up": ("backup", "{at}/home/data/backups/", "--every", "day"),
    "a plan at no hour": ("backup", "{at}/out/", "--every", "day", "--at", "25:00"),
    "a plan that keeps none": ("backup", "{at}/out/", "--every", "day", "--keep", "0"),
    "a plan with a key that is not there": (
        "backup",
        "{at}/out/",
        "--every",
        "day",
        "--key-file",
        "{at}/none",
    ),
    "an hour without a plan": ("backup", "{at}/b.tar.gz", "--at", "03:00"),
    "a folder to check": ("backup", "--check", "{at}/out/"),
    "a folder to restore": ("restore", "{at}/"),
    "two keys": ("backup", "{at}/b.tar.gz", *KEY, "--passphrase-file", "{at}/key"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_is_told(typed, case):
    with pytest.raises(BadSettings):
        typed(*WRONG[case])
    assert typed("backup", "--list")[0][0]["plan"] is None


def test_one_that_is_due_and_fails_ends_with_an_error(typed, tmp_path):
    typed("backup", "{at}/out/", "--every", "day", *KEY)
    file = tmp_path / "home/data/control/backups/plan.json"
    rows = json.loads(file.read_text())
    rows["records"]["1"]["since"] = 0
    file.write_text(json.dumps(rows))
    (tmp_path / "key").unlink()
    with pytest.raises(NotSaved, match="cannot be read"):
        typed("backup", "--due")


def deeds(home):
    sql = "select what from audit where status='done' order by number"
    return look(home / "data/messages.db", lambda db: [row["what"] for row in db.execute(sql)], [])


def test_only_a_backup_that_was_made_is_recorded_as_one(typed, tmp_path):
    Messages(tmp_path / "home/data/messages.db").close()
    typed("backup", "{at}/b.tar.gz")
    typed("backup", "--check", "{at}/b.tar.gz")
    typed("backup", "--list")
    typed("backup", "{at}/out/", "--every", "day")
    typed("backup", "--due")
    assert deeds(tmp_path / "home")[-2:] == ["installation.backup", "installation.every"]
    plan = Plans(tmp_path / "home/data")
    plan.decide(plan.plan().model_copy(update={"since": 0.0}))
    typed("backup", "--due")
    assert deeds(tmp_path / "home").count("installation.backup") == 2


async def test_what_a_restore_would_take_is_said_and_written_out_before(typed, tmp_path):
    messages = Messages(tmp_path / "home/data/messages.db")
    await messages.accept("p", Message("m", "u9", "在备份里"), 1e9)
    typed("backup", "{at}/b.tar.gz", *KEY)
    for number, text in enumerate(("早", "还有茶吗", "几点")):
        await messages.accept("p", Message(f"m{number}", f"u{number % 2}", text), 4e9 + number)
    messages.close()
    kept = {path: path.read_bytes() for path in (tmp_path / "home/agents").rglob("*")}
    words = ("restore", "{at}/b.tar.gz", "--dry-run", "--export", "{at}/since.jsonl", *KEY)
    [said], note = typed(*words)
    assert said["since"] == {"messages": 3, "answered": 0, "people": 2, "newest": 4e9 + 2}
    assert "2 people wrote 3 messages" in note
    lines = [json.loads(line) for line in (tmp_path / "since.jsonl").read_text().splitlines()]
    assert [line["text"] for line in lines] == ["早", "还有茶吗", "几点"]
    assert (tmp_path / "since.jsonl").stat().st_mode & 0o777 == 0o600
    assert {path: path.read_bytes() for path in (tmp_path / "home/agents").rglob("*")} == kept
    [done], _ = typed("restore", "{at}/b.tar.gz", *KEY)
    assert done["since"] == 3


SERVES = """
import signal, sys, time
from pathlib import Path
from runtime.server.lock import only_one
ended = []
signal.signal(signal.SIGTERM, lambda *_: ended.append(1))
with only_one(Path(sys.argv[1]), "gateway"):
    print("ready", flush=True)
    while not ended:
        time.sleep(0.01)
"""


def test_the_program_that_runs_is_ended_where_that_was_asked(typed, tmp_path):
    typed("backup", "{at}/b.tar.gz", *KEY)
    data = tmp_path / "home/data"
    with Popen([sys.executable, "-c", SERVES, str(data)], stdout=PIPE, cwd=CHECKOUT) as serving:
        assert serving.stdout.readline() == b"ready\n"
        with pytest.raises(Conflict, match=f"process {serving.pid}"):
            typed("restore", "{at}/b.tar.gz", *KEY)
        assert serving.poll() is None
        typed("restore", "{at}/b.tar.gz", "--stop", *KEY)
        assert serving.wait(5) == 0


def test_a_number_that_is_somebody_elses_by_now_is_not_told_to_end(tmp_path):
    """It has that file not open: it runs in another container, or was born since."""
    with Popen([sys.executable, "-c", "input()"], stdin=PIPE) as innocent:
        path = tmp_path / "gateway.lock"
        with only_one(tmp_path, "gateway"):
            path.write_text(f"{innocent.pid}\n")
            end_holder(tmp_path, "gateway", 0.1)
        assert innocent.poll() is None
        innocent.communicate(b"\n")
        assert innocent.returncode == 0


DEAF = SERVES.replace("lambda *_: ended.append(1)", "signal.SIG_IGN")


def test_who_does_not_end_is_said(tmp_path):
    with Popen([sys.executable, "-c", DEAF, str(tmp_path)], stdout=PIPE, cwd=CHECKOUT) as serving:
        assert serving.stdout.readline() == b"ready\n"
        with pytest.raises(Conflict, match="did not end"):
            end_holder(tmp_path, "gateway", 0.1)
        serving.kill()
