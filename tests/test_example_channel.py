"""A channel that the product never heard of runs through all of it by being there."""

import asyncio
import time
from contextlib import asynccontextmanager, nullcontext
from types import SimpleNamespace

import pytest

import example_channel
from builder.actions import publish as page
from builder.actions import rehearsal
from builder.insights import _words
from example_channel.world import AGENT, world
from played_world import jumping
from runtime import simulator
from runtime.access.actor import OWNER
from runtime.agents.library import Library
from runtime.channels import registry
from runtime.checkup import opening, order
from runtime.checkup.patient import Ways
from runtime.errors import SendFailed
from runtime.management.accounts import Accounts
from runtime.network.outside import Outside
from runtime.network.platform_api import Outbound
from runtime.publish.doctor import Doctor
from runtime.publish.reached import Reach
from runtime.settings import CHECKOUT, Settings
from runtime.simulator.http import Server
from runtime.store.control.control import Control
from runtime.templating.prompts import Prompts
from runtime.turn.turn import Services
from script import NoHttp, Script, says

FULL = "create trigger full before insert on messages begin select raise(abort, 'full'); end"


@pytest.fixture(autouse=True)
def installed():
    with example_channel.installed():
        yield


# Looked after


async def test_its_owner_asks_the_post_what_is_left():
    kind, post = registry()["pigeon"], simulator.registry()["pigeon"]("carrier", time.time)
    outbound = Outbound()
    async with Server(post.call) as server:
        accounts = Accounts.alone(outbound, {kind.api_host_setting: server.url})
        channel = kind(kind.Settings(**post.settings))
        assert (await accounts.ask(channel, lambda of: of.quota())).left == 100
        assert await accounts.ask(channel, lambda of: of.callback_addresses()) == ["203.0.113.9"]
    await outbound.close()


# Through the gateway


@jumping
async def test_one_call_brings_several_letters_and_each_is_answered_once(tmp_path):
    async with world(tmp_path, says("咕"), says("咕咕"), says("咕咕咕")) as w:
        letters = [w.played.letter("一", "ann"), w.played.letter("二", "ann"), w.played.letter("三", "bob")]
        assert await w.played.knock({"letters": letters}) == (200, "coo")
        await w.come_to("delivered", "delivered", "delivered")
        assert await w.played.knock({"letters": letters}) == (200, "coo")
        assert [to for to, _ in w.post.sent].count("ann") == 2
        assert len(w.post.sent) == len(w.models.requests) == 3
        ann = [text for to, text in w.post.sent if to == "ann"]
        assert len(ann[0]) < len(ann[1]), "in the order in which they were written"


@jumping
async def test_a_long_answer_comes_in_letters_counted_in_characters(tmp_path):
    async with world(tmp_path, says("字" * 250)) as w:
        await w.played.write("说说")
        await w.come_to("delivered")
        assert [len(text) for _, text in w.post.sent] == [100, 100, 50]


@jumping
async def test_what_may_have_arrived_is_sent_again_where_the_platform_knows_repeats(tmp_path):
    async with world(tmp_path, says("咕")) as w:
        w.post.faults.script("/send", "lost")
        await w.played.write("在吗")
        await w.come_to("delivered")
        assert w.post.asked.count("/send") == 2
        assert w.post.sent == [("ann", "咕")]


@jumping
async def test_a_badge_that_is_out_of_date_is_replaced_and_a_sleeping_post_is_asked_again(tmp_path):
    async with world(tmp_path, says("咕")) as w:
        w.post.faults.script("/send", "badge", "asleep")
        await w.played.write("在吗")
        await w.come_to("delivered")
        assert (w.post.badges, w.post.asked.count("/send")) == (2, 3)


@jumping
async def test_codes_mean_what_the_channel_says_they_mean(tmp_path):
    async with world(tmp_path, says("咕")) as w:
        w.post.faults.script("/send", "moved")
        await w.played.write("在吗")
        await w.come_to("unreachable")
        w.post.faults.script("/send", "no_rights")
        await w.played.write("还在吗")
        await w.come_to("held", "held")
        [surface] = w.gateway.surfaces.all()
        assert w.gateway.abilities.can_push(surface) is False


@jumping
async def test_whoever_joins_is_greeted_and_what_the_channel_cannot_tell_is_said(tmp_path):
    async with world(tmp_path) as w:
        joined = {"id": "j", "from": "eve", "event": "joined"}
        letters = [joined, {"id": "x", "from": "eve", "event": "parcel"}]
        await w.played.knock({"letters": letters})
        await w.come_to("delivered", "delivered")
        assert w.post.sent[0][1] == "欢迎"
        assert "看不懂" in w.post.sent[1][1]


@jumping
async def test_a_signal_brings_all_pages_and_the_next_start_goes_on_behind_them(tmp_path):
    async with world(tmp_path, says("咕")) as w:
        w.post.waiting = [{**w.played.letter(f"第 {n}", f"p{n}"), "at": w.played.clock()} for n in range(5)]
        assert await w.played.knock({"waiting": True}) == (200, "coo")
        await w.come_to(*["delivered"] * 5)
        played = w.played
    pages = played.post.asked.count("/letters")
    async with world(tmp_path, says("咕"), played=played) as w:
        await asyncio.sleep(1)
        assert w.models.requests == []
        assert played.post.asked.count("/letters") == pages + 1, "one look at the start"
        played.post.waiting.append({**played.letter("新的", "late"), "at": played.clock()})
        await w.come_to(*["delivered"] * 6)  # nobody signalled: it was looked for by itself
    assert len(played.post.sent) == 6


@jumping
async def test_a_page_that_cannot_be_read_is_asked_for_again(tmp_path):
    async with world(tmp_path, says("咕")) as w:
        w.post.faults.script("/letters", "asleep", "lost")
        w.post.waiting = [{**w.played.letter("在吗"), "at": w.played.clock()}]
        await w.played.knock({"waiting": True})
        await w.come_to("delivered")


@jumping
async def test_a_page_whose_cursor_stands_still_does_not_go_on_for_ever(tmp_path):
    async with world(tmp_path, says("咕")) as w:
        await asyncio.sleep(1)  # the look at the start is over
        w.post.page = 0
        w.post.waiting = [{**w.played.letter("在吗"), "at": w.played.clock()}]
        before = w.post.asked.count("/letters")
        await w.played.knock({"waiting": True})
        await asyncio.sleep(1)
        assert w.post.asked.count("/letters") == before + 1


@jumping
async def test_what_cannot_be_stored_is_turned_away_and_comes_again(tmp_path):
    async with world(tmp_path, says("咕")) as w:
        letters = [w.played.letter("在吗")]
        write = w.gateway.messages.database.write
        await write(lambda db: db.execute(FULL).rowcount)
        assert (await w.played.knock({"letters": letters}))[0] == 503
        await write(lambda db: db.execute("drop trigger full").rowcount)
        assert (await w.played.knock({"letters": letters}))[0] == 200
        await w.come_to("delivered")


@jumping
async def test_a_person_who_writes_too_much_is_told_once(tmp_path):
    limited = AGENT.model_copy(update={"limits": AGENT.limits.model_copy(update={"messages_per_minute": 2})})
    async with world(tmp_path, says("咕"), agent=limited) as w:
        await w.played.knock({"letters": [w.played.letter(str(n)) for n in range(5)]})
        await w.come_to("delivered", "delivered")
        await asyncio.sleep(1)
        assert sorted(text for _, text in w.post.sent) == ["咕", "咕", "慢些"]


@jumping
async def test_typing_is_shown_while_the_model_thinks(tmp_path):
    async with world(tmp_path, says("咕")) as w:
        w.models.gate = asyncio.Event()
        await w.played.write("在吗")
        await asyncio.sleep(3)
        w.models.gate.set()
        await w.come_to("delivered")
        assert w.post.scratched[0] == "ann"


@jumping
async def test_what_is_sent_carries_the_thread_of_the_newest_message(tmp_path):
    async with world(tmp_path, says("咕"), says("咕咕")) as w:
        for thread in ("T1", "T2"):
            await w.played.knock({"letters": [{**w.played.letter("在吗"), "thread": thread}]})
            await w.come_to(*["delivered"] * (1 if thread == "T1" else 2))
        assert w.post.threads == ["T1", "T2"]


RINGED = {"ringed": "true"}


@jumping
async def test_an_account_is_joined_by_a_scan_and_what_it_brings_is_its_settings(tmp_path):
    async with world(tmp_path, says("咕"), more=RINGED) as w:
        w.post.scans = ["shown", "scanned", "digits"]
        await w.when(lambda: w.kept.stage == "digits")
        assert w.kept.content == "https://pigeon.example/ring/R1"
        w.post.scans = ["digits"]
        w.publications.joinings.change("p", digits="000000")
        await w.when(lambda: w.kept.stage == "wrong_digits")
        w.post.scans = ["scanned", "joined"]
        w.publications.joinings.change("p", digits="123456")
        await w.when(lambda: w.kept.stage == "joined")
        assert w.kept.content == ""
        assert w.publications.channel_settings("p")["ring"] == "ring-key"
        assert [one for one in w.post.digits if one] == ["000000", "123456"]
        w.post.waiting = [{**w.played.letter("在吗"), "at": w.played.clock()}]
        await w.come_to("delivered")


@jumping
async def test_codes_that_nobody_scans_end_until_somebody_asks_for_another(tmp_path):
    async with world(tmp_path, more=RINGED) as w:
        await w.when(lambda: w.kept.stage == "given_up")
        await asyncio.sleep(600)
        assert w.post.rings == 2
        w.publications.joinings.change("p", asked_at=w.played.clock())
        await w.when(lambda: w.post.rings == 3)


@jumping
async def test_a_lost_account_is_told_and_joined_anew(tmp_path):
    async with world(tmp_path, says("咕"), more={**RINGED, "ring": "old"}) as w:
        [surface] = w.gateway.surfaces.all()
        await w.gateway._pairings.lost(
            surface, SendFailed(registry()["pigeon"].explain("x"), code="ring_broken")
        )
        w.post.scans = ["joined"]
        await w.when(lambda: w.kept.stage == "joined")
        assert [text for what, text in w.doctor.codes if what == "trouble"] == [
            "The pigeon post did not take it.",
            None,
        ]
        assert w.publications.channel_settings("p")["ring"] == "ring-key"


# Published, looked at, checked, rehearsed, counted


@pytest.fixture
def studio(tmp_path):
    control = Control.in_folder(tmp_path / "data")
    prompts = Prompts([CHECKOUT / "templates" / "prompts"])
    return SimpleNamespace(
        library=Library(tmp_path / "agents", CHECKOUT / "templates" / "agents", tmp_path / "data"),
        control=control,
        prompts=prompts,
        services=Services(Script([says("咕咕")]), prompts, NoHttp()),
        models=None,
        doctor=Doctor(control),
        settings=Settings(home=tmp_path),
        public_url=lambda: control.public_url(""),
        trying=lambda by: nullcontext(),
        spent=nothing,
    )


async def nothing(*_, **__):
    """It costs nobody anything."""


@pytest.fixture
def live(studio):
    """Published on the page."""
    studio.library.save(AGENT)
    notice = page.go_live(studio, OWNER, "shop", "pigeon", {"loft": "north"})
    assert "the loft register" not in notice.text.zh
    assert "鸽房登记处" in notice.text.zh
    return notice.value["publication"]


def test_the_page_asks_and_shows_what_the_channel_says(studio, live):
    seen = page.overview(studio, OWNER, "shop")
    told = next(one for one in seen["channels"] if one["name"] == "pigeon")
    assert (told["fields"], told["guide"]["rare"], told["ports"]) == (
        ["loft", "sends", "ringed"],
        ["sends", "ringed"],
        [],
    )
    assert told["words"]["platform"]["zh"] == "鸽站"
    [published] = seen["publications"]
    copied = {line["name"]: line["value"] for line in published["to_copy"]}
    assert copied == {"url": f"/c/{live}", "passphrase": "feather-feather-feather"}
    assert published["account"] == "north"
    assert published["reached"] is False


def test_the_page_waits_for_this_platform_and_explains_what_it_refused(studio, live):
    assert page.state(studio, OWNER, live)["title"]["zh"] == "等待鸽站来验证…"
    studio.doctor.saw(live, "refused", "signature", time.time())
    assert "鸽房的口令" in page.state(studio, OWNER, live)["title"]["zh"]
    studio.doctor.saw(live, "verified", "the register", time.time())
    assert page.state(studio, OWNER, live)["title"]["zh"] == "鸽站已经验证通过"


async def test_it_is_checked_up_by_what_it_can(studio, live):
    """Its own question is asked, and its own words are in what is found."""
    played = simulator.registry()["pigeon"]("tame", time.time)
    async with Server(played.call) as post, away() as outbound:
        hosts = {"HONGYAN_PIGEON_API": post.url}
        accounts, reach = Accounts.alone(outbound, hosts), Reach(studio.control)
        ways = Ways(Outside(), outbound, accounts, reach, hosts)
        patient = opening.patient(studio.control, studio.doctor, ways, live, "")
        found = {one.check: one async for one in order.examine(patient)}
    assert "Not looked at" in found["echo"].says.en
    assert found["secret"].ok
    assert "The pigeon post" in found["secret"].says.en or "the pigeon post" in found["secret"].says.en
    assert found["feathers"].says.en == "7 feathers are left."
    assert found["callback_ip"].copy == "203.0.113.9"
    assert (found["quota"].ok, found["permissions"].ok) == (True, False)
    assert "aes_key" not in found, "it has no such thing"
    assert "鸽房登记处" in found["verified"].title.zh


@asynccontextmanager
async def away():
    outbound = Outbound()
    yield outbound
    await outbound.close()


async def test_it_is_rehearsed_by_the_folder_of_its_name(studio, live):
    assert [kind["name"] for kind in rehearsal.choices(studio, "shop")["kinds"]] == ["carrier", "tame"]
    found = await rehearsal.rehearse(studio, OWNER, "shop", "在吗", "carrier", 6)
    said = next(item for item in found["items"] if item["who"] == "agent")
    assert (said["kind"], said["text"], said["route"]) == ("text", "咕咕", "push")
    assert (found["summary"]["pushes"], found["summary"]["quota"]) == (1, 10)


def test_insights_explain_its_codes():
    assert "moved" in _words.explained("pigeon", "moved") or "搬走" in _words.explained("pigeon", "moved")
