"""What stands open is said, each thing by itself, with what closes it."""

from dataclasses import dataclass, field, replace

import pytest

from runtime.access.key_uses import KeyUses
from runtime.access.keys import Keys
from runtime.access.users import Users
from runtime.agents.agent import Agent
from runtime.backups.plan import Plan, Plans
from runtime.exposure import advisories
from runtime.exposure.leaving import places_used
from runtime.exposure.look import look, told
from runtime.exposure.point import DAY, Here
from runtime.mcp.commands import Command
from runtime.network.proxy import Proxy
from runtime.privacy.kinds import KINDS as KEEPS
from runtime.settings import Settings
from runtime.store.control.control import Control
from runtime.store.control.records import Publication
from runtime.store.control.report_plan import ReportPlan
from runtime.store.control.retention_days import RetentionDays
from runtime.store.control.user_records import PasskeyRecord
from runtime.store.messages.beside import writing
from runtime.store.messages.retention import KINDS
from runtime.store.messages.switching import step, switch

NOW = 1_800_000_000.0
SAY = {"type": "reply", "id": "say", "text": "好"}
SENDS = {
    "type": "tool",
    "id": "ask",
    "tool": {"type": "http_request", "method": "POST", "url": "https://a.example"},
}
HTTPS = "https://bot.example.com"


@pytest.fixture
def here(tmp_path):
    control = Control.in_folder(tmp_path / "data")
    Users(control).set_password("owner", "long enough")
    return Here(Settings(home=tmp_path), control, [], NOW)


def states(here):
    return {one.id: one.state for one in look(here)}


def state(here, point):
    return states(here)[point]


def says(here, point):
    return next(one.says.en for one in look(here) if one.id == point)


@dataclass(frozen=True)
class Case:
    id: str
    point: str
    state: str
    settings: dict = field(default_factory=dict)


OUT = {"host": "0.0.0.0"}
KEY = {"metrics_key": "k" * 32}
SETTINGS = [
    Case("this machine alone", "bind", "ok"),
    Case("IPv6, this machine alone", "bind", "ok", {"host": "::1"}),
    Case("everybody, without HTTPS", "bind", "bad", OUT),
    Case("everybody, HTTPS in front", "bind", "warn", {**OUT, "public_url": HTTPS}),
    Case("an address by http", "public", "bad", {"public_url": "http://bot.example.com"}),
    Case("an address by https", "public", "ok", {"public_url": HTTPS}),
    Case("one proxy", "proxies", "ok", {"public_url": HTTPS, "proxies": ("127.0.0.1",)}),
    Case("a proxy that nobody named", "proxies", "warn", {"public_url": HTTPS}),
    Case("everybody is a proxy", "proxies", "bad", {"proxies": ("0.0.0.0/0",)}),
    Case("everybody is a proxy, IPv6", "proxies", "bad", {"proxies": ("::/0",)}),
    Case("no status page", "status", "ok"),
    Case("a status page", "status", "ok", {"status_page": True}),
    Case("no traces", "traces", "ok"),
    Case("traces", "traces", "ok", {"traces_url": "https://otel.example"}),
    Case("traces to this machine", "traces", "ok", {"traces_url": "http://127.0.0.1:4318"}),
    Case("traces in the open", "traces", "warn", {"traces_url": "http://otel.example"}),
    Case("traces within the own network", "traces", "ok", {"traces_url": "http://10.0.0.5:4318"}),
    Case("figures for who is signed in", "metrics", "ok", {"public_url": "http://bot.example.com"}),
    Case("a key of figures, at home", "metrics", "ok", KEY),
    Case("a key of figures, by https", "metrics", "ok", {**KEY, "public_url": HTTPS}),
    Case("a key of figures, in the open", "metrics", "warn", {**KEY, **OUT}),
    Case("platforms at their own", "platform_hosts", "ok"),
    Case("a platform elsewhere", "platform_hosts", "warn", {"api_hosts": {"HONGYAN_X_API": HTTPS}}),
    Case(
        "a platform in the open",
        "platform_hosts",
        "bad",
        {"api_hosts": {"HONGYAN_X_API": "http://a.example"}},
    ),
    Case("no proxy out", "proxies_out", "ok"),
    Case("a proxy out", "proxies_out", "ok", {"proxy": Proxy("http://u:p@proxy.example:3128")}),
    Case("no site", "origins", "ok"),
    Case("a site", "origins", "warn", {"api_origins": ("https://shop.example.com",)}),
    Case("a site by http", "origins", "bad", {"api_origins": ("https://a.example", "http://b.example")}),
    Case("cookies at home", "cookies", "ok"),
    Case("cookies in clear", "cookies", "bad", OUT),
    Case("cookies by https", "cookies", "ok", {**OUT, "public_url": HTTPS}),
    Case("nothing inside", "egress", "ok"),
    Case("something inside", "egress", "warn", {"egress_allow": ("http_request=10.0.0.1:80",)}),
    Case("no program", "programs", "ok"),
    Case("a program", "programs", "warn", {"mcp_commands": {"files": Command(("files",))}}),
    Case("a password alone, at home", "owners", "warn"),
    Case("a password alone, reached from outside", "owners", "bad", {"public_url": HTTPS}),
    Case("the key beside, at home", "sealing", "ok"),
    Case("the key beside, reached from outside", "sealing", "warn", {"public_url": HTTPS}),
    Case("the key elsewhere", "sealing", "ok", {"public_url": HTTPS, "secret_key": "k" * 32}),
]


@pytest.mark.parametrize("case", SETTINGS, ids=lambda c: c.id)
def test_what_settings_leave_open(here, case):
    changed = replace(here, settings=replace(here.settings, **case.settings))
    assert state(changed, case.point) == case.state


def test_every_point_says_all_in_both_languages_and_what_is_open_comes_first(here):
    found = look(here)
    assert len({one.id for one in found}) == len(found) >= 20
    order = [("bad", "warn", "ok").index(one.state) for one in found]
    assert order == sorted(order)
    for one in map(told, found):
        words = [one["says"], one["why"], *([one["do"]] if one["do"] else [])]
        assert all(text["zh"].strip() and text["en"].strip() and "{" not in text["en"] for text in words)
        assert bool(one["do"]) == (one["state"] != "ok")
        assert one["to"]


def test_an_owner_with_a_passkey_is_fine_and_another_is_named(here):
    here.control.passkeys.put(
        PasskeyRecord(id="k", user="owner", name="phone", handle="h", rp="localhost", key="AA")
    )
    assert state(here, "owners") == "ok"
    here.control.passkeys.remove("k")
    assert "owner" in says(here, "owners")


def test_keys_without_end_and_keys_that_nobody_uses(here):
    keys = Keys(here.control, lambda: NOW - 100 * DAY)
    secret = keys.create("shop", name="cash desk", expires_at=NOW + DAY)
    assert states(here) | {"endless_keys": "ok", "unused_keys": "warn"} == states(here)
    assert "cash desk" in says(here, "unused_keys")
    KeyUses(here.control, lambda: NOW - DAY).note(keys.find(secret).id, "10.0.0.1")
    assert state(here, "unused_keys") == "ok"
    endless = keys.create("shop", name="old script")
    assert "old script" in says(here, "endless_keys")
    keys.revoke(keys.find(endless).prefix)
    assert state(here, "endless_keys") == "ok"


def test_agents_that_act_are_named_unless_that_is_withheld(here):
    acts = Agent.load({"id": "shop", "name": "茶铺", "flow": [SENDS, SAY]})
    assert "茶铺" in says(replace(here, agents=[acts]), "acting")
    held = acts.model_copy(update={"withheld": ["changes", "sends", "spends"]})
    assert state(replace(here, agents=[held]), "acting") == "ok"


@pytest.mark.parametrize(
    ("channel", "checks", "enabled", "expected"),
    [
        ("wechat", [], True, "warn"),
        ("wechat", [{"type": "links"}], True, "ok"),
        ("wechat", [], False, "ok"),
        ("wecom_app", [], True, "ok"),
    ],
)
def test_what_the_public_writes_to_without_checks(here, channel, checks, enabled, expected):
    agent = {"id": "shop", "name": "店", "flow": [SAY], "safety": {"checks": checks}}
    here.control.freeze("shop-1", Agent.load(agent).to_json())
    here.control.save_publication(
        Publication(id="shop-1", agent="shop", channel=channel, version=1, created_at=NOW, enabled=enabled)
    )
    assert state(here, "unchecked") == expected
    assert ("shop-1" in says(here, "open")) == (enabled and channel != "wecom_app")


def test_what_others_on_the_machine_can_read(here):
    data = here.settings.data
    (data / "loose.txt").write_text("x")
    (data / "loose.txt").chmod(0o644)
    assert state(here, "rights") == "ok"  # nobody gets into the folder
    data.chmod(0o755)
    assert state(here, "rights") == "bad"
    assert "data/loose.txt" in says(here, "rights")
    assert "data/secret.key" not in says(here, "rights")


@pytest.mark.parametrize("name", ["agents", "knowledge", "backups"])
def test_what_lies_beside_the_data_and_others_can_read(here, name):
    inner = here.settings.home / name / "inner"
    inner.mkdir(parents=True)
    (inner / "file").touch(0o644)
    inner.parent.chmod(0o755)
    inner.chmod(0o755)
    assert state(here, "rights") == "ok"  # what is empty, as a new checkout's .gitkeep, tells nothing
    (inner / "file").write_text("x")
    assert state(here, "rights") == "warn"
    assert f"{name}/inner/file" in says(here, "rights")
    [point] = [one for one in look(here) if one.id == "rights"]
    assert f"chmod -R go= {name}," in point.do.en
    inner.chmod(0o700)
    assert state(here, "rights") == "ok"


def test_whether_what_people_write_is_encrypted(here):
    reached = replace(here, settings=replace(here.settings, public_url=HTTPS))
    assert (state(here, "encryption"), state(reached, "encryption")) == ("ok", "warn")
    with writing(here.settings.data / "messages.db") as db:
        switch(db, "on", NOW)
    assert state(reached, "encryption") == "warn"  # of what was there nothing is yet
    with writing(here.settings.data / "messages.db", scrub=True) as db:
        while step(db, NOW + DAY).goes_on:
            pass
    assert state(reached, "encryption") == "ok"


def test_what_is_kept_without_end(here):
    assert state(here, "retention") == "warn"
    here.control.save_retention(RetentionDays(days=dict.fromkeys(KINDS, 30)))
    assert state(here, "retention") == "ok"


def test_a_log_that_cannot_be_walked_is_not_said_to_be_whole(here):
    (here.settings.data / "messages.db").write_bytes(b"no database" * 1000)
    assert state(here, "audit") == "bad"


def test_a_package_with_a_known_hole():
    [fine] = advisories.points()
    assert fine.state == "ok"
    [old] = advisories.points(_older)
    assert old.state == "bad"
    assert "jinja2 3.1.5" in old.says.en
    assert "litellm 1.82.7" in old.says.en
    assert "mcp" not in old.says.en


def _older(package):
    return {"jinja2": "3.1.5", "litellm": "1.82.7", "mcp": "1.23.0"}.get(package, "")


STORES = {
    "postgresql://u:p@127.0.0.1/db": "ok",
    "postgresql://u:p@10.0.0.7/db": "ok",
    "postgresql://u:p@db.example.com/db": "warn",
    "postgresql://u:p@db.example.com/db?sslmode=prefer": "warn",
    "postgresql://u:p@db.example.com/db?sslmode=verify-full": "ok",
    "postgresql://u:p@db.example.com/db?sslmode=disable&sslmode=require": "ok",
    "postgresql://u:p@db.example.com/db?sslmode=require&sslmode=disable": "warn",
    "redis://:p@cache.example.com": "warn",
    "rediss://:p@cache.example.com": "ok",
    "http://s3.example.com/bucket": "warn",
    "https://s3.example.com/bucket": "ok",
    "no address at all": "ok",
}


@pytest.mark.parametrize("url", STORES)
def test_a_store_elsewhere_is_told_and_whether_it_is_read_on_the_way(here, url):
    kept = replace(here, environ={"HONGYAN_S3_URL": url})
    assert state(kept, "stores") == STORES[url]
    assert "HONGYAN_S3_URL" in says(kept, "stores")
    assert "u:p" not in says(kept, "stores")


@pytest.mark.parametrize(
    ("to", "key", "expected"),
    [("/mnt/backups/", "", "ok"), ("s3://b/f", "", "bad"), ("s3://b/f", "/k", "ok")],
)
def test_where_backups_go_and_whether_they_are_sealed(here, to, key, expected):
    assert state(here, "backups_to") == "ok"
    plan = Plan(to=to, every="day", at="03:00", mark="0" * 8, since=NOW, key_file=key)
    Plans(here.settings.data).decide(plan)
    assert state(here, "backups_to") == expected
    assert to in says(here, "backups_to")


def test_whoever_is_told_and_whoever_sees_how_answers_come_about(here):
    assert state(here, "debug") == "ok"
    here.control.save_publication(
        Publication(id="shop-1", agent="shop", channel="api", version=1, created_at=NOW)
    )
    here.control.debug_words.put("shop-1", "sesame opens", 1, draft=False, by="owner")
    options = here.control.options()
    report = ReportPlan(publication="mail-2", cron="0 9 * * 1", since=NOW)
    here.control.save_options(options.model_copy(update={"alerts_to": "group-1", "report": report}))
    assert "shop-1" in says(here, "debug")
    assert "sesame" not in says(here, "debug")
    assert "group-1" in says(here, "told")
    assert "mail-2" in says(here, "told")


def test_who_gets_something_only_where_it_is_set_up(here):
    assert places_used(here) == []
    Plans(here.settings.data).decide(Plan(to="/b/", every="day", at="03:00", mark="0" * 8, since=NOW))
    here.control.save_options(here.control.options().model_copy(update={"alerts_to": "group-1"}))
    settings = replace(here.settings, traces_url=HTTPS, metrics_key="k" * 32)
    environ = {"HONGYAN_DATABASE_URL": "postgresql://x/y", "HONGYAN_S3_URL": "https://s3.example"}
    everything = replace(here, settings=settings, environ=environ)
    assert set(places_used(everything)) == {name for one in KEEPS for name in one.may_go}


def test_what_whoever_has_an_address_opens_is_counted(here):
    for path in ("files/menu.png", "files/.gitkeep", "data/played-shared/a.json"):
        (here.settings.home / path).parent.mkdir(parents=True, exist_ok=True)
        (here.settings.home / path).write_text("x")
    assert "1 public files and 1 shared chats" in says(here, "files")
