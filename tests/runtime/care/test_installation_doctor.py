"""What is wrong with an installation is told, each thing by itself, with what mends it."""

import asyncio
import os
import time
from dataclasses import dataclass, field, replace
from email.utils import formatdate

import pytest

from runtime.backups.plan import Last, Plan, Plans
from runtime.care import backed_up, doctor, machine, owners, programs, stores, units
from runtime.care.address import address
from runtime.care.clocks import clock
from runtime.care.models import models
from runtime.care.out import proxy
from runtime.care.port import port
from runtime.care.site import DAY, GB, MB, Look, Site, told
from runtime.errors import NotFound
from runtime.lang import Text
from runtime.models.prices import Price
from runtime.models.providers import Endpoint
from runtime.network.outside import Answer, Names, NotReached
from runtime.network.proxy import Proxy
from runtime.settings import Settings
from runtime.simulator.http import Response, Server
from runtime.store.control.control import Control
from runtime.store.control.records import Options
from runtime.store.messages.audit_rows import Told, append
from runtime.store.messages.beside import writing
from runtime.store.messages.growth import Condition, shape, share_since

NOW = 1_800_000_000.0
WELL = Text("好", "well")


@dataclass
class World:
    """Whom the installation asks outside: nobody, unless something is said here."""

    addresses: tuple = ("203.0.113.7",)
    shut: str = ""
    ends: float | str = NOW + 60 * DAY
    answers: dict = field(default_factory=dict)

    async def names(self, host, seconds):
        return Names(self.addresses)

    async def connect(self, address, port, seconds):
        if self.shut:
            raise NotReached(self.shut)

    async def certificate(self, host, address, port, seconds):
        if isinstance(self.ends, str):
            raise NotReached("certificate", self.ends, 10)
        return self.ends

    async def ask(self, method, url, addresses, seconds, *, query=()):
        for part, answer in self.answers.items():
            if part in url:
                return answer
        raise NotReached("refused")


@pytest.fixture
def site(tmp_path):
    (tmp_path / "home").mkdir()
    settings = Settings(home=tmp_path / "home", port=9)
    control = Control.in_folder(settings.data)
    return Site(settings, control, {}, World(), lambda: NOW, tmp_path / "root", tmp_path / "checkout")


def found(look, site):
    return asyncio.run(look(site))


async def every(site, looks, seconds=5.0):
    return [one async for one in doctor.examine(site, looks, seconds)]


def test_one_that_hangs_or_breaks_is_told_and_the_others_are_made(site):
    async def hangs(site):
        await asyncio.Event().wait()

    def breaks(site):
        raise ZeroDivisionError

    def refuses(site):
        raise NotFound(Text("没有。", "It is not there."))

    async def is_well(site):
        return told(True, WELL)

    sees = {"a": hangs, "b": breaks, "c": refuses, "d": lambda site: None, "e": is_well}
    looks = [Look(id, WELL, see) for id, see in sees.items()]
    a, b, c, e = asyncio.run(every(site, looks, 0.5))
    assert (a.check, a.ok, b.ok, c.ok, e.ok) == ("a", None, None, False, True)
    assert "0.5 s" in a.says.en
    assert "ZeroDivisionError" in b.says.en
    assert c.says.en == "It is not there."


def test_a_disk_that_hangs_keeps_nobody_from_ending(site):
    hung = os.pipe()
    looks = [Look("disk", WELL, lambda site: os.read(hung[0], 1))]
    [one] = asyncio.run(every(site, looks, 0.05))
    assert one.ok is None
    os.write(hung[1], b"x")


@pytest.mark.parametrize(
    ("free", "weekly", "ok", "do"),
    [
        (50 * GB, 0, True, False),
        (50 * GB, 1 * GB, True, False),
        (50 * GB, 7 * GB, True, True),
        (50 * GB, 30 * GB, False, True),
        (400 * MB, 0, False, True),
        (4 * GB, 0, False, True),
    ],
)
def test_a_disk_is_full_now_or_soon(free, weekly, ok, do):
    line = machine.left(free, 100 * GB, weekly)
    assert (line.ok, bool(line.do.en)) == (ok, do)


def test_what_came_in_the_last_week_is_growth_and_backups_are_not(site):
    home = site.settings.home
    for name, age, size in (("files/new.png", 1, 5000), ("files/old.png", 9, 700), ("backups/b", 1, 90_000)):
        (home / name).parent.mkdir(exist_ok=True)
        (home / name).write_bytes(bytes(size))
        os.utime(home / name, (NOW - age * DAY,) * 2)
    for path in site.settings.data.rglob("*"):
        os.utime(path, (NOW - 9 * DAY,) * 2)
    assert machine.grown(site) == 5000
    with writing(site.messages) as db:
        for number, age in enumerate((1, 2, 20, 30)):
            row = ("p", "a", str(number), "text", "", "{}", "delivered", NOW - age * DAY)
            columns = "publication, sender, key, kind, text, message, state, accepted_at"
            db.execute(f"insert into messages({columns}) values(?,?,?,?,?,?,?,?)", row)
    size = sum(path.stat().st_size for path in site.settings.data.glob("messages.db*"))
    assert machine.grown(site) == 5000 + size / 2


@pytest.mark.parametrize(("free", "ok"), [(2_000_000, True), (300_000, False), (60_000, False)])
def test_memory(site, free, ok):
    (site.root / "proc").mkdir(parents=True)
    (site.root / "proc/meminfo").write_text(f"MemTotal: 4000000 kB\nMemAvailable: {free} kB\n")
    assert machine.memory(site).ok is ok


def test_a_system_that_says_nothing_of_its_memory_is_no_fault(site):
    assert machine.memory(site).ok is None


CONDITIONS = [
    (Condition("SQLite", MB, 3, 3), True, False),
    (Condition("SQLite", MB, 4, 3), False, True),
    (Condition("SQLite", MB, 2, 3), True, True),
    (Condition("PostgreSQL", MB, 3, 3, vacuums=False), False, True),
    (Condition("PostgreSQL", MB, 3, 3, dead=0.6), True, True),
]


@pytest.mark.parametrize(("condition", "ok", "do"), CONDITIONS)
def test_a_database(condition, ok, do):
    line = stores.judged(condition)
    assert (line.ok, bool(line.do.en)) == (ok, do)


def test_the_database_that_is_there_is_of_this_version(site):
    with writing(site.messages):
        pass
    line = stores.database(site)
    assert line.ok is True
    assert "tables of version" in line.says.en
    assert asyncio.run(stores.vanishing(site)) is None


@pytest.mark.usefixtures("in_postgresql")
def test_a_database_server_is_weighed_and_its_clock_is_compared(site):
    with writing(site.messages):
        pass
    line = stores.database(replace(site, clock=time.time))
    assert line.ok is True
    assert line.says.en.startswith("PostgreSQL, ")
    assert "kB" in line.says.en or "MB" in line.says.en
    assert found(clock, replace(site, clock=time.time)).ok is True
    assert "PostgreSQL" in found(clock, replace(site, clock=lambda: time.time() + 600)).says.en
    assert share_since(site.messages, 0.0) == 0.0
    assert shape(site.messages).rows["messages"] == 0


async def test_a_redis_that_is_not_there_is_told_without_its_password(site):
    gone = replace(site, environ={"HONGYAN_REDIS_URL": "redis://:hunter22@127.0.0.1:9/0"})
    line = await stores.vanishing(gone)
    assert line.ok is False
    assert "hunter22" not in line.says.en + line.do.en


def test_a_bucket_that_is_not_there_is_told(site):
    url = {"HONGYAN_S3_URL": "http://127.0.0.1:9/b", "HONGYAN_S3_KEY": "k", "HONGYAN_S3_SECRET": "s"}
    [line] = asyncio.run(every(replace(site, environ=url), [Look("bucket", WELL, stores.bucket)]))
    assert line.ok is False
    assert "127.0.0.1:9" in line.says.en


@pytest.mark.parametrize(("age", "ok"), [(0.5, True), (9, False), (400, False)])
def test_a_backup_gets_old(site, age, ok):
    assert backed_up.backup(site).ok is None
    with writing(site.messages) as db:
        for what, status, at in (
            ("installation.backup", "done", NOW - age * DAY),
            ("installation.backup", "failed", NOW),
            ("agents.edit", "done", NOW),
        ):
            append(db, Told("owner", what, status), lambda *_: ("{}", "h"), at)
    assert backed_up.backup(site).ok is ok


def test_a_planned_backup_that_fails_is_told_with_why_until_the_plan_ends(site):
    plans = Plans(site.settings.data)
    given = {"to": "/b/", "every": "day", "at": "03:00", "mark": "0123abcd", "since": NOW}
    plans.decide(Plan.model_validate(given))
    why = {"zh": "磁盘满了。", "en": "The disk is full."}
    plans.note(Last(begun=NOW, ended=NOW, failures=3, trouble=why))
    told = backed_up.backup(site)
    assert (told.ok, told.says.en) == (False, "The planned backup failed 3 times: The disk is full.")
    plans.note(Last(begun=NOW, ended=NOW, good_at=NOW - DAY))
    assert backed_up.backup(site).ok is True
    plans.note(Last(begun=NOW, ended=NOW, failures=3, trouble=why))
    plans.end()
    assert backed_up.backup(site).ok is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_files_of_somebody_else_are_named(site):
    strange = site.settings.home / "agents" / "by-root.json"
    strange.parent.mkdir()
    strange.write_text("{}")
    assert owners.of_one_user(site).ok is True
    os.chown(strange, 12345, 12345)
    line = owners.of_one_user(site)
    assert line.ok is False
    assert "some in agents." in line.says.en
    assert "by-root" not in line.says.en  # what a file is called may be somebody's own


def test_publications_that_are_gone_while_their_versions_are_there_are_named(site):
    """Else nothing is published, and nothing says that there was."""
    control = site.settings.data / "control"
    (control / "versions").mkdir(parents=True)
    assert owners.of_one_user(site).ok is True
    (control / "versions" / "shop-1.1.json").write_bytes(b"{}")
    line = owners.of_one_user(site)
    assert (line.ok, "data/control/publications.json" in line.says.en) == (False, True)
    (control / "publications.json").write_bytes(b"{}")
    assert owners.of_one_user(site).ok is True


@pytest.mark.parametrize("content", [b"", b"{junk", b"[]", b"\0" * 90, b"[" * 100_000])
@pytest.mark.parametrize("name", ["canaries.json", "backups/plan.json", "canaries.previous.json"])
def test_a_file_of_ours_that_is_damaged_is_named(site, name, content):
    file = site.settings.data / "control" / name
    file.parent.mkdir(exist_ok=True)
    for beside in (".new-x.json", "x.broken-1.json"):
        (file.parent / beside).write_bytes(content)
    file.write_bytes(b"{}")
    assert owners.of_one_user(site).ok is True
    file.write_bytes(content)
    line = owners.of_one_user(site)
    assert (line.ok, f"data/control/{name}" in line.says.en, "restore" in line.do.en) == (False, True, True)


def test_units(site):
    folder = site.root / "etc/systemd/system"
    (folder / "multi-user.target.wants").mkdir(parents=True)
    (site.root / "run/systemd/system").mkdir(parents=True)
    line = units.units(site)
    assert (line.ok, "deploy systemd" in line.do.en) == (None, True)
    (folder / "hongyan-other.service").write_text("WorkingDirectory=/elsewhere")
    unit = folder / "hongyan.service"
    unit.write_text(f"[Service]\nWorkingDirectory={site.checkout}\n")
    assert [one.name for one in units.ours(site)] == ["hongyan.service"]
    assert units.units(site).ok is False
    (folder / "multi-user.target.wants/hongyan.service").symlink_to(unit)
    assert units.units(site).ok is True
    (site.root / ".dockerenv").touch()
    assert units.units(site) is None


def dated(off):
    return Answer(404, {"date": formatdate(NOW - off, usegmt=True)}, b"")


@pytest.mark.parametrize(("off", "ok"), [(3, True), (-30, True), (90, False), (-4000, False)])
def test_a_clock_beside_that_of_a_model_server(site, off, ok):
    site.control.save_endpoint(Endpoint(name="own", provider="ollama", api_base="http://gpu.example:11434"))
    site.outside.answers = {"gpu.example": dated(off)}
    assert found(clock, site).ok is ok


def test_a_clock_without_another(site):
    assert found(clock, site).ok is None
    (site.root / "run/systemd/timesync").mkdir(parents=True)
    (site.root / "run/systemd/timesync/synchronized").touch()
    assert found(clock, site).ok is True


OURS = Answer(200, {}, b'{"status":"ok"}')
AGAIN = {"/health": OURS}


@dataclass(frozen=True)
class Case:
    id: str
    ok: bool | None
    says: str
    world: World
    url: str = "https://bot.example.com"


ADDRESSES = [
    Case("none", None, "No public address", World(), ""),
    Case("no name", False, "has no address", World(addresses=())),
    Case("shut", False, "refuses connections", World(shut="refused")),
    Case("expired", False, "has expired", World(ends="expired")),
    Case("nearly over", False, "another 2 days", World(ends=NOW + 2.5 * DAY, answers=AGAIN)),
    Case("to be renewed", True, "10 days", World(ends=NOW + 10.5 * DAY, answers=AGAIN)),
    Case("well", True, "60 days", World(answers=AGAIN)),
    Case("somebody else", False, "not this Hongyan", World(answers={"/health": Answer(200, {}, b"hi")})),
    Case("by http", True, "leads here", World(answers=AGAIN), "http://bot.example.com"),
]


@pytest.mark.parametrize("case", ADDRESSES, ids=lambda c: c.id)
def test_the_public_address(site, case):
    site.control.save_options(Options(public_url=case.url))
    line = found(address, replace(site, outside=case.world))
    assert line.ok is case.ok
    assert case.says in line.says.en
    assert bool(line.do.en) == (line.ok is False or "10 days" in line.says.en)
    assert "{" not in line.says.en + line.do.en


@pytest.mark.parametrize(
    ("answer", "ok"),
    [(None, None), (OURS, True), (Answer(200, {}, b"<html>"), False), (Answer(503, {}, b""), False)],
)
def test_the_port(site, answer, ok):
    site.outside.answers = {"/health": answer} if answer else {}
    assert found(port, site).ok is ok


async def test_models_that_are_reached_refuse_the_key_or_have_no_price(site):
    def server(request):
        if request.headers.get("authorization") == "Bearer sk-right-key":
            return Response(b'{"data": [{"id": "a"}]}', kind="application/json")
        return Response(b'{"error": "no"}', 401)

    assert (await models(site)).ok is None
    async with Server(server) as there:
        own = {"name": "own", "provider": "openai_compatible", "api_base": f"{there.url}/v1", "models": ["a"]}
        site.control.save_endpoint(Endpoint.model_validate({**own, "api_key": "sk-right-key"}))
        line = await models(site)
        assert (line.ok, "own/a" in line.says.en) == (True, True)
        site.control.policy.save_prices([Price(id="own/a", input=0, output=0)])
        assert (await models(site)).says.en.endswith("the key is taken.")
        site.control.save_endpoint(Endpoint.model_validate({**own, "api_key": "sk-wrong-key"}))
        line = await models(site)
    assert line.ok is False
    assert "sk-wrong-key" not in line.says.en


async def test_a_proxy_that_is_not_there_is_named_without_its_password(site):
    assert await proxy(site) is None
    shut = replace(site.settings, proxy=Proxy("http://me:hunter22@127.0.0.1:9"))
    line = await proxy(replace(site, settings=shut))
    assert line.ok is False
    assert "HONGYAN_PROXY" in line.do.en
    assert "hunter22" not in line.says.en
    async with Server(lambda request: Response(b"")) as there:
        line = await proxy(replace(site, settings=replace(site.settings, proxy=Proxy(there.url))))
    assert line.ok is True


def test_a_python_that_gets_no_fixes_any_more_is_told(site):
    assert programs.versions(site).ok is True
    line = programs.versions(replace(site, clock=lambda: NOW + 3000 * DAY))
    assert (line.ok, "make setup" in line.do.en) == (False, True)
    assert programs.advisories(site).ok is True
