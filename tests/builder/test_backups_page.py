"""The page of backups: one verdict, the plan that the command decides, too, and files for whoever may."""

import io
import os
import zipfile
from contextlib import closing

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from builder.actions import backups, bound, click
from builder.serving import backup_files
from runtime.access.actor import OWNER, Actor
from runtime.access.audit.log import Audit
from runtime.access.audit.reading import Wanted, all_of
from runtime.access.roles import TEMPLATES
from runtime.backups.key_files import key_of
from runtime.backups.making import check, make
from runtime.backups.places import where
from runtime.backups.plan import Plans
from runtime.errors import BadSettings, NotFound
from runtime.store.messages.messages import Messages

ADMIN = Actor("ann", TEMPLATES["admin"].permissions)
KNOWN = {"every": "day", "at": "03:30", "keep": 3, "keep_weeks": 0}


@pytest.fixture
def home(studio):
    Messages(studio.settings.data / "messages.db").close()
    return studio.settings


def decide(studio, **given):
    return backups.decide_plan(studio, OWNER, **{**KNOWN, **given})


def test_a_plan_is_decided_shown_and_ended(studio, home, tmp_path):
    assert backups.overview(studio)["plan"] is None
    assert decide(studio, to=f"{tmp_path}/out/").ok
    shown = backups.overview(studio)
    assert shown["plan"].items() >= {**KNOWN, "to": f"{tmp_path}/out/", "key_file": ""}.items()
    assert (shown["next"] > 0, shown["trouble"], shown["newest"]) == (True, None, None)
    assert Plans(home.data).plan().by == "owner"
    assert backups.end_plan(studio).ok
    with pytest.raises(NotFound):
        backups.end_plan(studio)


WRONG = [
    ("to", {"to": ""}),
    ("to", {"to": "{home}/data/x/"}),
    ("to", {"to": "{at}/b.tar.gz"}),
    ("at", {"at": "25:00"}),
    ("keep", {"keep": 0}),
    ("every", {"every": "hour"}),
    ("key_file", {"key_file": "{at}/none"}),
    ("passphrase_file", {"passphrase_file": "{at}/none"}),
    ("passphrase_file", {"passphrase_file": "{at}/pipe"}),  # whose reader waits for ever
    ("key_file", {"key_file": "/dev/zero"}),
    ("key_file", {"key_file": "{at}/a\0b"}),
    ("to", {"to": "{at}/a\0b/"}),
    ("to", {"to": "{at}/a\nb/"}),
]


@pytest.mark.parametrize(("field", "given"), WRONG, ids=lambda one: one if isinstance(one, str) else "")
def test_what_is_wrong_is_said_at_its_field(field, given, studio, home, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    places = {"at": tmp_path, "home": home.home}
    typed = {name: one.format(**places) if isinstance(one, str) else one for name, one in given.items()}
    with pytest.raises(BadSettings) as refused:
        decide(studio, **{"to": f"{tmp_path}/out/", **typed})
    assert refused.value.field == field
    assert Plans(home.data).plan() is None


def test_all_that_is_wrong_is_said_at_once_each_at_its_field_and_without_its_name(studio, tmp_path):
    with pytest.raises(BadSettings) as refused:
        decide(studio, to=f"{tmp_path}/out/", keep=-3, keep_weeks=-3)
    wrongs = {field: text.en for field, text in refused.value.wrongs.items()}
    assert wrongs == {"keep": "should be at least 1", "keep_weeks": "should be at least 0"}


def test_a_key_is_made_whose_secret_half_stays_nowhere_here(studio, home, tmp_path):
    made = backups.make_backup_key(studio)
    secret = tmp_path / "backup.key"
    assert "AGE-SECRET-KEY" in made["secret"]
    for path in home.home.rglob("*"):
        assert not path.is_file() or b"AGE-SECRET-KEY" not in path.read_bytes()
    secret.write_text(made["secret"])
    assert decide(studio, to=f"{tmp_path}/out/", key_file=made["file"]).ok
    to = where(f"{tmp_path}/out/")
    done = make(home.home, to, key_of(made["file"], ""), 9)
    assert check(to.place, done.name, key_of(str(secret), ""), home.data).files > 0


async def test_one_is_made_now_and_listed(studio, home, tmp_path):
    with pytest.raises(NotFound):
        await backups.run_now(studio)
    decide(studio, to=f"{tmp_path}/out/")
    assert (await backups.run_now(studio)).ok
    [one] = backups.kept(studio)
    shown = backups.overview(studio)
    assert shown["good"]["file"] == f"{tmp_path}/out/{one['name']}"
    assert shown["newest"] >= one["at"]
    failed = {"ended": 2.0, "failures": 2, "trouble": {"zh": "满了", "en": "full"}}
    Plans(home.data).note(Plans(home.data).last().model_copy(update=failed))
    shown = backups.overview(studio)
    assert (shown["failures"], shown["trouble"]["en"]) == (2, "full")


@pytest.mark.parametrize("name", ["decide_plan", "end_plan", "run_now", "make_backup_key"])
async def test_only_who_may_make_backups_changes_anything(name, studio, home):
    action = bound(studio, *(getattr(backups, one) for one in ("overview", name)))
    assert (await click(action, {"action": "overview", "args": {}}, ADMIN))["ok"]
    args = {**KNOWN, "to": "/tmp/"} if name == "decide_plan" else {}
    assert (await click(action, {"action": name, "args": args}, ADMIN))["code"] == "installation.backup"


@pytest.fixture
def served(studio, home):
    audit = Audit(home.data, str)
    app = Starlette(routes=backup_files.routes(studio, audit))
    with closing(TestClient(app)) as client:
        yield client, audit


def test_a_backup_of_the_plan_is_downloaded_and_that_is_recorded(served, studio, home, tmp_path):
    client, audit = served
    decide(studio, to=f"{tmp_path}/out/")
    to = where(f"{tmp_path}/out/")
    made = make(home.home, to, None, 9, Plans(home.data).plan().mark)
    (tmp_path / "out/hongyan-20260101T000000Z.tar.gz").write_bytes(b"of somebody else")
    answer = client.get("/backups/file", params={"name": made.name})
    assert answer.content == (tmp_path / "out" / made.name).read_bytes()
    assert answer.headers["cache-control"] == "private, no-store"
    assert [one.what for one in all_of(audit.path, Wanted())] == ["backups.download"]
    for name in ("hongyan-20260101T000000Z.tar.gz", "../data/secret.key", "secret.key", ""):
        assert client.get("/backups/file", params={"name": name}).status_code == 404


def test_the_file_for_whoever_helps_is_downloaded_and_holds_no_secret(served, studio):
    client, audit = served
    studio.control.secrets.put("erp", "canary-of-a-secret", "api.example.com", by="owner")
    answer = client.get("/backups/support")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as found:
        texts = {name: found.read(name).decode() for name in found.namelist()}
    assert "hongyan-support/doctor.jsonl" in texts
    assert not [name for name, text in texts.items() if "canary" in text]
    assert [one.what for one in all_of(audit.path, Wanted())] == ["backups.support"]
