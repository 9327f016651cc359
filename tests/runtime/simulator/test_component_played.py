"""A third-party platform, played: tickets, consents, tokens, and the accounts that answer by them."""

import asyncio
import time
from contextlib import suppress
from dataclasses import replace

from component_world import AGENT, FIRST, ITS, OTHER, SECOND, entered, world

from played_world import jumping
from runtime.publish import publish, rotate, rotation
from runtime.simulator.wechat.accounts import Account
from runtime.simulator.wechat_component.component import Teller, page_of, way_back
from runtime.simulator.wechat_component.platform import ComponentPlatform
from runtime.simulator.wechat_component.simulation import account_of
from script import says


@jumping
async def test_an_account_is_live_by_one_consent_and_answers_passively_and_by_push(tmp_path):
    async with world(tmp_path, says("好"), says("慢")) as w:
        assert await w.ticket() == (200, "success")
        assert await w.consent()
        await w.when(lambda: w.joining().stage == "joined")
        assert w.publication().account == FIRST.app_id
        assert w.publication().settings["original_id"] == FIRST.original_id
        await w.reads("你好", "好")
        assert [one.text for one in w.platform.sent] == ["好"]
        publish(w.control, AGENT, "wechat_component", {"push": "false"})
        await w.reads("想想", "好", "慢")
        assert len(w.platform.sent) == 1


@jumping
async def test_either_way_of_telling_a_consent_is_enough(tmp_path):
    for number, way in enumerate(({"told": False}, {"browser": False})):
        async with world(tmp_path / str(number), says("好")) as w:
            await w.ticket()
            await w.consent(**way)
            await w.when(lambda w=w: w.joining().stage == "joined")
            await w.reads("你好", "好")


@jumping
async def test_a_browser_that_we_did_not_send_away_proves_nothing_and_one_that_we_did_only_once(tmp_path):
    async with world(tmp_path) as w:
        await w.ticket()
        page = await w.shown()
        theirs = w.desk.consent(SECOND.app_id)
        assert not await w.come_back(way_back(page.link, theirs).replace(w.joining().back, "A" * 32))
        assert not await w.come_back(way_back(page.link, "a\nb"))
        back = way_back(page.link, w.desk.consent(FIRST.app_id))
        assert [await w.come_back(back), await w.come_back(back)] == [True, False]
        await w.when(lambda: w.joining().stage == "joined")
        assert w.publication().account == FIRST.app_id


@jumping
async def test_tokens_are_renewed_and_each_refresh_token_is_stored_before_it_counts(tmp_path):
    async with world(tmp_path, says("一"), says("二")) as w:
        await w.ticket()
        await w.consent()
        await w.when(lambda: w.joining().stage == "joined")
        seen = set()
        for answers in (("一",), ("一", "二")):
            await w.reads("你好", *answers)
            kept = w.control.grants.kept(w.grant().id)["refresh_token"]
            assert kept == w.desk.consents[FIRST.app_id].refresh_token
            seen.add(kept)
            w.platform.tokens.void()
            w.platform.component_tokens.void()
        assert len(seen) == 2


@jumping
async def test_a_missing_ticket_is_asked_for_and_told(tmp_path):
    async with world(tmp_path) as w:
        await w.when(lambda: w.desk.wanted_tickets and w.joining().trouble)
        assert "10 minutes" in w.joining().trouble["en"]
        await asyncio.sleep(605)
        assert w.desk.wanted_tickets == 2
        await w.ticket()
        await w.shown()
        assert w.joining().trouble == {}


@jumping
async def test_a_consent_that_is_taken_back_pauses_and_a_new_one_goes_on_with_what_was_kept(tmp_path):
    async with world(tmp_path, says("好"), says("晚")) as w:
        await w.ticket()
        await w.consent()
        await w.when(lambda: w.joining().stage == "joined")
        await w.reads("你好", "好")
        assert await w.take_back() == (200, "success")
        await w.when(lambda: w.publication().lapsed_at is not None)
        await w.when(lambda: "took the consent back" in str(w.doctor.troubles))
        await w.reads("还在吗", "好")  # it came just before, and is kept
        await w.come_to("delivered", "accepted")
        page = await w.shown()
        assert f"biz_appid={FIRST.app_id}" in page.link
        await w.consent()
        await w.when(lambda: w.publication().lapsed_at is None)
        await w.come_to("delivered", "delivered")
        assert w.doctor.troubles[w.publication().id] is None
        assert [one.text for one in w.platform.sent] == ["好", "晚"]


@jumping
async def test_an_event_that_comes_again_later_undoes_nothing(tmp_path):
    async with world(tmp_path, says("好")) as w:
        await w.ticket()
        await w.consent()
        await w.when(lambda: w.joining().stage == "joined")
        await asyncio.sleep(5)
        before = asyncio.get_running_loop().wall()
        await w.take_back()
        await w.when(lambda: w.publication().lapsed_at is not None)
        await asyncio.sleep(20)
        await w.consent()
        await w.when(lambda: w.publication().lapsed_at is None)
        assert await w.tell("unauthorized", before, AuthorizerAppid=FIRST.app_id) == (200, "success")
        await asyncio.sleep(20)
        assert w.publication().lapsed_at is None
        await w.reads("你好", "好")


@jumping
async def test_a_refresh_token_that_is_void_pauses_the_same(tmp_path):
    async with world(tmp_path) as w:
        await w.ticket()
        await w.consent()
        await w.when(lambda: w.joining().stage == "joined")
        w.desk.consents[FIRST.app_id].refresh_token = "another"
        w.platform.tokens.void()
        words = iter(("你好", "在吗", "还在吗"))  # what is noticed first may be the application's own token
        while w.publication().lapsed_at is None:
            await w.write(next(words))
            with suppress(AssertionError):
                await w.when(lambda: w.publication().lapsed_at is not None, 60)
        assert "scan and" in w.doctor.troubles[w.publication().id]


@jumping
async def test_several_accounts_and_agents_share_what_was_entered_once(tmp_path):
    async with world(tmp_path, says("店"), says("台")) as w:
        await w.ticket()
        await w.consent()
        await w.when(lambda: w.joining().stage == "joined")
        entered(w.control, OTHER)
        assert len(w.control.applications.all()) == 1
        assert await w.consent(FIRST, "desk")
        await w.when(lambda: w.joining("desk").stage == "taken")
        w.control.joinings.change(w.publication("desk").id, asked_at=w.joining("desk").at + 1)
        await w.consent(SECOND, "desk")
        await w.when(lambda: w.joining("desk").stage == "joined")
        await w.reads("你好", "店")
        await w.reads("你好", "台", account=SECOND)
        assert not any(ITS.settings.keys() & one.settings.keys() for one in w.control.publications())


@jumping
async def test_a_consent_to_less_is_kept_and_said(tmp_path):
    async with world(tmp_path) as w:
        await w.ticket()
        await w.consent(scopes=(1,))
        await w.when(lambda: w.joining().stage == "joined")
        assert w.publication().settings["permissions"] == "1"
        code = w.desk.consent(FIRST.app_id)
        await w.authorized(FIRST, code, "updateauthorized")
        await w.when(lambda: w.publication().settings["permissions"] == "1,2,3,4,6,7,11,15")


@jumping
async def test_codes_are_renewed_and_given_up_and_shown_again_when_asked_for(tmp_path):
    async with world(tmp_path) as w:
        await w.ticket()
        id = w.publication().id
        for number in (1, 2, 3):
            await w.when(lambda number=number: len(w.desk.pages) == number)
            page = await w.shown()
            w.control.joinings.change(id, at=page.at - 1501)
        await w.when(lambda: w.joining().stage == "given_up")
        w.control.joinings.change(id, asked_at=asyncio.get_running_loop().wall() + 1)
        await w.when(lambda: w.joining().stage == "shown")
        assert w.joining().content != page.content
        assert await w.come_back(way_back(page.link, w.desk.consent(FIRST.app_id)))  # they had it open
        await w.when(lambda: w.joining().stage == "joined")


@jumping
async def test_a_new_token_is_used_at_once_and_the_old_one_counts_until_the_console_has_it(tmp_path):
    async with world(tmp_path, says("店"), says("台")) as w:
        await w.ticket()
        await w.consent()
        await w.when(lambda: w.joining().stage == "joined")
        entered(w.control, OTHER)
        await w.consent(SECOND, "desk")
        await w.when(lambda: w.joining("desk").stage == "joined")
        loop = asyncio.get_running_loop()
        loop.ahead += time.time() - loop.wall()  # the store writes down when it was
        made = rotation(w.control, w.publication().id, {"token": "another7Token"})
        rotate(w.control, made)
        assert await w.ticket() == (200, "success")
        await w.reads("你好", "店")
        await w.reads("你好", "台", account=SECOND)
        w.teller = Teller(replace(ITS, token="another7Token"))
        assert await w.ticket() == (200, "success")


@jumping
async def test_the_event_of_an_older_page_is_as_good(tmp_path):
    async with world(tmp_path) as w:
        await w.ticket()
        older = page_of((await w.shown()).content)
        w.control.joinings.change(w.publication().id, asked_at=asyncio.get_running_loop().wall() + 1)
        await w.when(lambda: page_of(w.joining().content) != older)
        await w.authorized(FIRST, w.desk.consent(FIRST.app_id), PreAuthCode=older)
        await w.when(lambda: w.joining().stage == "joined")


@jumping
async def test_wechats_trial_is_answered_by_a_push_after_an_empty_answer(tmp_path):
    async with world(tmp_path) as w:
        tried = account_of(ITS, Account(app_id="wx570bc396a51b8ff8", original_id="gh_3c884a361561"))
        w.platform.accounts[tried.app_id] = tried
        await w.ticket()
        await w.reads("TESTCOMPONENT_MSG_TYPE_TEXT", "TESTCOMPONENT_MSG_TYPE_TEXT_callback", account=tried)
        code = w.desk.consent(tried.app_id)
        await w.write(f"QUERY_AUTH_CODE:{code}", tried)
        await w.when(lambda: w.platform.sent)
        assert [one.text for one in w.platform.sent] == [f"{code}_from_api"]
        publish(w.control, AGENT, "wechat_component", {"released": "true"})
        assert await w.write("TESTCOMPONENT_MSG_TYPE_TEXT", tried) == [
            "TESTCOMPONENT_MSG_TYPE_TEXT_callback",
            f"{code}_from_api",
        ]


@jumping
async def test_forged_and_foreign_calls_change_nothing(tmp_path):
    async with world(tmp_path) as w:
        await w.ticket()
        before = w.control.grants.all()
        good = w.teller.event("unauthorized", asyncio.get_running_loop().wall(), AuthorizerAppid=FIRST.app_id)
        for path, query in (
            (f"/c/{w.application}", {**good.query, "msg_signature": "0" * 40}),
            (f"/c/{w.application}", {**good.query, "timestamp": "1700000000"}),
            (f"/c/{w.application}/{FIRST.app_id}", good.query),
            ("/c/app-unknown", good.query),
            (f"/c/{w.application}/{page_of.__name__}", good.query),
        ):
            assert (await w.at(path, type(good)(query, good.body)))[0] == 403
        assert w.control.grants.all() == before


@jumping
async def test_a_start_goes_on_where_the_last_one_ended(tmp_path):
    async with world(tmp_path) as w:
        await w.ticket()
        page = await w.shown()
        code = w.desk.consent(FIRST.app_id)
        platform = w.platform
    async with world(tmp_path, says("好"), platform=platform, enter=False) as w:
        assert await w.come_back(way_back(page.link, code))
        await w.when(lambda: w.joining().stage == "joined")
        tokens = len([one for one in platform.called if one.path == "component/api_component_token"])
        assert tokens == 1
        await w.reads("你好", "好")


@jumping
async def test_a_consent_that_is_over_before_it_was_proved_is_asked_for_ever_less_and_then_left(tmp_path):
    async with world(tmp_path) as w:
        await w.ticket()
        await w.consent()
        await w.when(lambda: w.joining().stage == "joined")
        await w.take_back()
        await w.authorized(FIRST, "used")
        before = len(w.platform.called)
        await asyncio.sleep(3600)
        proofs = [one for one in w.platform.called[before:] if one.path.endswith("api_query_auth")]
        assert 50 < len(proofs) < 80
        await w.when(lambda: not w.control.grants.code(w.grant().id))


class ToldMeanwhile(ComponentPlatform):
    """While one code is used its owner consents again."""

    def call(self, request):
        response = super().call(request)
        if "api_query_auth" in request.path and (act := self.__dict__.pop("meanwhile", None)):
            act()
        return response


@jumping
async def test_a_code_that_comes_while_an_older_one_is_used_stays(tmp_path):
    platform = ToldMeanwhile([FIRST], ITS, asyncio.get_running_loop().wall)
    async with world(tmp_path, platform=platform) as w:
        await w.ticket()
        await w.consent()
        await w.when(lambda: w.joining().stage == "joined")
        name = w.grant().id
        platform.meanwhile = lambda: w.control.grants.change(name, code=w.desk.consent(FIRST.app_id))
        await w.authorized(FIRST, w.desk.consent(FIRST.app_id))
        await w.when(lambda: not w.control.grants.code(name))
        kept = w.control.grants.kept(name)["refresh_token"]
        assert kept == w.desk.consents[FIRST.app_id].refresh_token
