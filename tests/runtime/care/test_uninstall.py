"""An installation that is taken away is named, told off and gone; what stays is said."""

import asyncio
import contextlib
import re
from dataclasses import replace

import pytest

from runtime.agents.agent import Agent
from runtime.backups.plan import Plan, Plans
from runtime.care.leaving import plan, stays
from runtime.care.site import Site
from runtime.care.walking import FOLDERS
from runtime.cli import arguments, commands
from runtime.errors import Conflict, NotSaved
from runtime.files import write_whole
from runtime.models.providers import Endpoint
from runtime.publish import publish
from runtime.settings import CHECKOUT, Settings
from runtime.simulator.http import Response, Server
from runtime.store import giving_up
from runtime.store.control.control import Control
from runtime.store.home import home_of
from runtime.store.messages.beside import is_there, writing
from runtime.store.mirrored.bucket import Bucket
from runtime.store.mirrored.bucket_url import bucket_url
from runtime.store.mirrored.contents import LARGE

TOKEN = "7000000001:AAHs3cr3t-s3cr3t-s3cr3t-s3cr3t-s3cr"
AGENT = {
    "format": 1,
    "id": "shop",
    "name": "茶铺",
    "flow": [{"type": "reply", "id": "say", "text": "九点开门。"}],
}


@pytest.fixture
def site(tmp_path):
    settings = Settings(home=tmp_path / "home")
    (settings.home / "agents").mkdir(parents=True)
    (settings.home / "agents" / "shop.json").write_text("{}")
    (settings.home / "backups").mkdir()
    control = Control.in_folder(settings.data)
    with writing(settings.data / "messages.db"):
        pass
    return Site(settings, control, {}, root=tmp_path / "root", checkout=tmp_path / "checkout")


def with_unit(site):
    folder = site.root / "etc/systemd/system"
    (folder / "multi-user.target.wants").mkdir(parents=True)
    unit = folder / "hongyan.service"
    unit.write_text(f"WorkingDirectory={site.checkout}")
    (folder / "multi-user.target.wants" / unit.name).symlink_to(unit)
    return folder


async def walked(site):
    return {step.id: (await step.work()).en for step in plan(site)}


def ids(site):
    return [step.id for step in plan(site)]


async def test_files_and_services_go_and_backups_stay(site):
    folder = with_unit(site)
    assert ids(site) == ["units", "files"]
    done = await walked(site)
    assert "daemon-reload" in done["units"]
    assert sorted(path.name for path in site.settings.home.iterdir()) == ["backups"]
    assert [path for path in folder.rglob("*") if not path.is_dir()] == []
    assert ids(site) == []
    assert "backups" in str(stays(site)[0])


async def test_services_of_another_installation_go_on(site, tmp_path):
    folder = with_unit(site)
    gateway = folder / "hongyan-gateway@.service"
    gateway.write_text(f"WorkingDirectory={site.checkout}")
    others = ("hongyan-two.service", "hongyan-gateway-two@.service", "hongyan[x].service")
    for name in others:
        (folder / name).write_text(f"WorkingDirectory={tmp_path / 'elsewhere'}")
    wants = folder / "multi-user.target.wants"
    linked = ("hongyan-two.service", "hongyan-gateway-two@8001.service", "hongyan[x].service")
    for name in (*linked, "hongyan-gateway@8001.service", "hongyan-gateway@8002.service"):
        (wants / name).touch()
    await walked(site)
    assert sorted(path.name for path in wants.iterdir()) == sorted(linked)
    assert all((folder / name).exists() for name in others)
    assert not gateway.exists()


async def test_a_service_that_may_not_be_removed_is_said_with_the_command(site):
    unit = with_unit(site) / "hongyan.service"
    [step] = [one for one in plan(site) if one.id == "units"]
    unit.unlink()
    unit.mkdir()
    with pytest.raises(NotSaved, match="sudo systemctl disable --now"):
        await step.work()


async def test_a_link_to_files_elsewhere_goes_and_the_files_stay(site, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "dear.md").write_text("x")
    (site.settings.home / "knowledge").symlink_to(tmp_path / "mine")
    await walked(site)
    assert (tmp_path / "mine" / "dear.md").exists()
    assert not (site.settings.home / "knowledge").is_symlink()


async def test_a_platform_that_was_told_where_to_call_is_told_to_stop(site):
    asked = []

    def api(request):
        asked.append(request.path)
        if status[0] == 200:
            return Response(b'{"ok": true, "result": true}', kind="application/json")
        return Response(b'{"ok": false, "error_code": 401, "description": "Unauthorized"}', status[0])

    status = [200]
    given = {"mode": "webhook", "bot_token": TOKEN, "username": "@tea_shop_bot"}
    published = publish(site.control, Agent.load(AGENT), "telegram", given)
    async with Server(api) as server:
        there = replace(site, settings=replace(site.settings, api_hosts={"HONGYAN_TELEGRAM_API": server.url}))
        [step] = [one for one in plan(there) if one.id == "platforms"]
        assert published.publication in step.says.en
        assert (await step.work()).en == "The platforms know."
        assert asked[-1].endswith("/deleteWebhook")
        status[0] = 401
        said = (await step.work()).en
    assert "still call here" in said
    assert TOKEN not in said


def test_what_stays_is_said(site):
    site.control.save_endpoint(Endpoint(name="ds", provider="deepseek", api_key="sk-secret-key"))
    publish(site.control, Agent.load(AGENT), "wecom_group", {"key": "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"})
    (site.root / "etc/caddy").mkdir(parents=True)
    (site.root / "etc/caddy/hongyan.caddy").touch()
    plan = {"to": "s3://far/away", "every": "day", "at": "03:00", "mark": "0123abcd", "since": 1.0}
    Plans(site.settings.data).decide(Plan.model_validate(plan))
    environ = {
        "HONGYAN_S3_URL": "https://s3.example.com/b",
        "HONGYAN_REDIS_URL": "redis://:hunter22@cache.example:6379/0",
    }
    said = "\n".join(one.en for one in stays(replace(site, environ=environ)))
    for part in (
        "ds",
        "s3.example.com",
        "cache.example",
        "/etc/caddy/hongyan.caddy",
        "backups",
        "s3://far/away",
    ):
        assert part in said
    assert str(site.checkout) in said
    assert "hunter22" not in said
    assert "sk-secret-key" not in said


@pytest.mark.usefixtures("in_postgresql")
async def test_a_database_with_all_that_is_ours_is_given_up(site):
    path = site.messages
    with writing(path):
        pass
    [step] = [one for one in plan(site) if one.id == "database"]
    assert "postgresql://" in step.says.en
    assert is_there(path)
    assert giving_up.ours() >= {"messages", "audit", "batches", "hongyan"}
    await step.work()
    assert not is_there(path)


@pytest.mark.usefixtures("in_postgresql")
def test_tables_of_somebody_else_keep_a_database(site):
    with writing(site.messages) as db:
        db.execute("create table mine(id integer)")
    with pytest.raises(Conflict, match="mine"):
        giving_up.give_up(site.messages)
    assert is_there(site.messages)


@pytest.mark.usefixtures("in_postgresql")
@pytest.mark.parametrize(("words", "stays"), [("--yes", True), ("--yes --bucket", False)])
async def test_objects_in_a_bucket_are_named_and_go_only_where_that_is_asked(
    words, stays, site, s3, monkeypatch, capsys
):
    for name, value in s3.items():
        monkeypatch.setenv(name, value)
    there, home = replace(site, environ=s3), site.settings.home

    def filled():
        with home_of(home, ""):
            write_whole(home / "files/large.pdf", bytes(LARGE + 1))

    await asyncio.to_thread(filled)
    [name] = await asyncio.to_thread(giving_up.large_files, site.messages)
    bucket = Bucket(bucket_url(s3))
    assert bucket.get(name, 1) is not None

    def typed(*words):
        options = arguments.parser().parse_args(["uninstall", *words])
        with contextlib.suppress(SystemExit):
            commands.execute(options, replace(site.settings))
        return capsys.readouterr().out

    assert "Remove 1 large files" in await asyncio.to_thread(typed, "--dry-run")
    order = [one.id for one in await asyncio.to_thread(plan, there)]
    assert order.index("bucket") < order.index("database")  # which knows their names
    said = await asyncio.to_thread(typed, *words.split())
    assert ("1 are gone" in said, "--bucket" in said) == (not stays, True)
    assert (bucket.get(name, 1) is not None) == stays
    bucket.remove(name)


def test_each_place_that_the_page_names_is_one_that_goes_or_is_said_to_stay(site):
    page = (CHECKOUT / "docs/en/care.md").read_text("utf-8")
    part = page.partition("## Taking it away")[2].partition("\n## ")[0]
    named = set(re.findall(r"`([a-z]+)`", part)) | set(re.findall(r"`(/etc/[^`]+)`", part))
    folders = {one for one in named if not one.startswith("/")}
    assert folders == set(FOLDERS)
    for one in ("/etc/hongyan.env",):
        assert one in named
        (site.root / one.lstrip("/")).parent.mkdir(parents=True, exist_ok=True)
        (site.root / one.lstrip("/")).touch()
        assert one in "\n".join(text.en for text in stays(site))
    for folder in FOLDERS:
        (site.settings.home / folder).mkdir(exist_ok=True)
    [files] = [one for one in plan(site) if one.id == "files"]
    assert all(folder in files.says.en for folder in FOLDERS)
