"""What is shown to whoever helps has nothing that people wrote and no secret, wherever these are kept."""

import io
import json
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import replace

import pytest

from runtime.care.site import Site
from runtime.care.support import bundle
from runtime.checkup.check import Finding
from runtime.lang import Text
from runtime.models.providers import Endpoint
from runtime.privacy.kinds import KINDS
from runtime.settings import Settings
from runtime.store.control.control import Control
from runtime.store.control.records import Publication
from runtime.store.database.contents import contents
from runtime.store.messages.beside import writing
from runtime.store.messages.tables import TABLES

KEY = "canary-sealing-key-0123456789abcdef"
SETTINGS = {
    "HONGYAN_DATABASE_URL": "",
    "HONGYAN_REDIS_URL": "redis://canary-user:canary-redis@127.0.0.1:9/0",
    "HONGYAN_S3_KEY": "canary-s3-key",
    "HONGYAN_S3_SECRET": "canary-s3-secret",
    "HONGYAN_PASSWORD": "canary-password",
    "HONGYAN_SECRET_KEY": KEY,
    "HONGYAN_METRICS_KEY": "canary-metrics-key",
    "HONGYAN_PUBLIC_URL": "https://canary.example.com",
    "HONGYAN_SIGN_IN": '{"client_secret": "canary-sign-in"}',
    "HONGYAN_PROXY": "http://px:canary-proxy@127.0.0.1:9",
    "HONGYAN_LOG": "warning",
    "HONGYAN_AUDIT_DAYS": "90",
    "DEEPSEEK_API_KEY": "canary-of-the-environment",
}
STAMP = "2026-11-30 18:00:00,123"
LOG = [
    f"Nov 30 18:00:00 host app.py[7]: {STAMP} WARNING runtime.gateway: told 1234 messages",
    f"{STAMP} ERROR runtime.models: asked with canary-endpoint-key and canary-named-secret",
    f"{STAMP} ERROR runtime.models: asked with canary-of-the-environment and canary-redis",
    f"{STAMP} ERROR runtime.access: the client secret is canary-sign-in",
    f"{STAMP} ERROR runtime.channels: the secret canary-app-secret of 'canary words' is wrong",
    f'{STAMP} ERROR runtime.turn: he said "canary words" and “canary words”',
    f"{STAMP} ERROR runtime.turn: 金丝雀写的话 from canary@example.com, +86 138 0013 8000",
    f"{STAMP} ERROR runtime.turn: GET https://api.example.com/x?access_token=canary-token&q=canary",
    f"{STAMP} ERROR runtime.turn: Bearer canary.of.the.header, key sk-canary0123456789",
    f"{STAMP} ERROR runtime.turn: it broke ⏎ Traceback ⏎ "
    '  File "/home/canary/runtime/turn/turn.py", line 7, in run ⏎     canary() ⏎ ValueError: canary words',
    '{"at": "2026-11-30T18:00:00.123+00:00", "level": "error", "logger": "runtime.turn", "message": 7, '
    '"says": "he said \'canary words\'", "error": "Traceback\\nValueError: canary words"}',
    '{"at": "canary", "level": "error", "logger": "runtime.turn", "says": "x"}',
    "canary words that no logger of ours wrote",
]


@pytest.fixture
def site(tmp_path):
    """Canaries wherever the data map says that something is kept."""
    settings = Settings(home=tmp_path, secret_key=KEY)
    control = Control.in_folder(settings.data, KEY)
    control.save_endpoint(
        Endpoint(name="canary", provider="deepseek", api_key="canary-endpoint-key", models=["canary"])
    )
    control.secrets.put("canary", "canary-named-secret", ["api.example.com"])
    fields = {"app_id": "wxcanary", "token": "canary-token-of-it", "app_secret": "canary-app-secret"}
    sealed = control.seal("canary-1", {"app_secret": fields["app_secret"], "token": fields["token"]})
    control.save_publication(
        Publication(
            id="canary-1", agent="canary", channel="wechat", version=1, created_at=1.0,
            settings={"app_id": "wxcanary"}, secrets=sealed, account="canary",
        )
    )  # fmt: skip
    for kind in KINDS:
        for pattern in kind.files:
            path = tmp_path / pattern.replace("*", "canary.txt")
            if not path.exists() and not path.name.startswith("messages.db") and path.suffix != ".json":
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("canary in a file")
    with writing(settings.data / "messages.db"):
        pass
    with closing(sqlite3.connect(settings.data / "messages.db", isolation_level=None)) as db:
        for [trigger] in db.execute("select name from sqlite_master where type='trigger'").fetchall():
            db.execute(f"drop trigger {trigger}")  # they know which states there are
        for table in contents(TABLES):
            kinds = enumerate(table.kinds)
            db.execute(table.insert, [f"canary {at}" if kind == "text" else at for at, kind in kinds])
    return Site(settings, control, SETTINGS, root=tmp_path / "root")


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name.rpartition("/")[2]: archive.read(name).decode() for name in archive.namelist()}


def test_no_canary_is_in_it(site):
    says = Text("canary-endpoint-key 不对", "the key canary-endpoint-key of x:canary-proxy@h is wrong")
    findings = [Finding("models", Text("模型", "Models"), False, says)]
    made = parts(bundle(site, findings, LOG))
    assert [name for name, text in made.items() if "canary" in text.lower()] == []
    assert not any("金丝雀" in text or "138 0013" in text for text in made.values())
    whole = "".join(made.values())
    assert all(value not in whole for value in SETTINGS.values() if "canary" in value)


def test_what_helps_is_in_it(site):
    made = parts(bundle(site, [], LOG))
    settings = json.loads(made["settings.json"])
    assert (settings["HONGYAN_LOG"], settings["HONGYAN_AUDIT_DAYS"]) == ("warning", "90")
    assert settings["HONGYAN_REDIS_URL"] == "redis://…"
    assert (settings["HONGYAN_S3_KEY"], settings["HONGYAN_DATABASE_URL"]) == ("set", "")
    assert "DEEPSEEK_API_KEY" not in settings
    counts = json.loads(made["counts.json"])
    assert (counts["publications"], counts["models"]) == ({"wechat": 1}, {"deepseek": 1})
    assert counts["secrets"] == 1
    assert counts["rows"]["messages"] == 1
    schema = json.loads(made["schema.json"])
    assert schema["version"] == TABLES.version
    assert "accepted_at" in schema["tables"]["messages"]
    assert json.loads(made["sizes.json"])["agents"] == {"files": 1, "bytes": 16}
    lines = made["log.txt"].splitlines()
    assert lines[0] == "2026-11-30 18:00:00 WARNING runtime.gateway: told 1234 messages"
    assert lines[-2].endswith("it broke [ValueError < turn.py:7 run]")
    assert lines[-1].endswith("ERROR runtime.turn: he said '…' [message 7] [ValueError]")
    assert len(lines) == len(LOG) - 2


def test_of_a_long_log_the_last_lines_are_kept(site):
    log = (f"{STAMP} INFO runtime.gateway: line {number}" for number in range(5000))
    lines = parts(bundle(site, [], log))["log.txt"].splitlines()
    assert (len(lines), lines[-1][-4:]) == (2000, "4999")


def test_a_store_that_cannot_be_read_keeps_nothing_else_out(site):
    site.messages.write_bytes(b"no database")
    made = parts(bundle(replace(site, environ={}), [], []))
    assert json.loads(made["counts.json"])["rows"] is None
    assert "python" in json.loads(made["about.json"])
