"""Signing in on a page or in an app of ours, going on, and out again."""

import asyncio
import base64
import hashlib
import hmac
import json

import pytest

from doorway import AGENT, SITE, doorway
from runtime.gateway.one_publication import Unobserved
from runtime.safety.settings import MADE
from runtime.server.people.collecting import MESSAGES
from runtime.store.messages.people import Face


@pytest.fixture
async def door(tmp_path):
    async with doorway(tmp_path) as door:
        yield door


def signed(claims, secret="s" * 40, **header):
    """As a site would, by RFC 7515 alone."""
    parts = [{"alg": "HS256", "typ": "JWT", **header}, claims]
    said = ".".join(_packed(json.dumps(part).encode()) for part in parts)
    return f"{said}.{_packed(hmac.digest(secret.encode(), said.encode(), hashlib.sha256))}"


def _packed(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


async def test_who_comes_to_a_page_is_somebody_and_is_answered(door):
    pair = await door.come()
    assert (pair["expires_in"], pair["refresh_expires_in"], pair["refresh"][:4]) == (900, 2592000, "hyr-")
    said = await door.post("/agent/chat", {"input": "在吗"}, pair["token"])
    assert (said.status_code, said.json()) == (200, {"reply": "好的"})
    again = await door.post("/agent/chat", {"input": "还在吗"}, pair["token"])
    assert again.json()["reply"] == "好的"
    earlier = [one["content"] for one in door.models.requests[-1].messages if one["role"] == "user"]
    assert earlier == ["在吗", "还在吗"]
    rows = await states(door)
    for _ in range(100):
        if {row[2] for row in rows} == {"delivered"}:
            break
        await asyncio.sleep(0.02)
        rows = await states(door)
    assert {(row[0], row[2]) for row in rows} == {("page", "delivered")}
    assert len({row[1] for row in rows}) == 1


async def states(door):
    return await door.gateway.messages.database.read(
        lambda db: [tuple(row) for row in db.execute("select publication, sender, state from messages")]
    )


async def test_two_visitors_are_two_and_a_member_is_who_their_site_says(door):
    until = int(door.clock()) + 600
    first, second = [(await door.come())["token"] for _ in range(2)]
    members = [
        (await door.come(visitor=signed({"sub": "m-7", "exp": until, "name": "林"})))["token"] for _ in "ab"
    ]
    for token in (first, second, *members):
        await door.post("/agent/chat", {"input": "在吗"}, token)
    rows = await door.gateway.messages.database.read(
        lambda db: [row["sender"] for row in db.execute("select sender from messages order by seq")]
    )
    assert rows[2:] == ["site:m-7"] * 2
    assert len({*rows}) == 3
    assert all(one.startswith("v-") for one in rows[:2])


UNTIL = 1_790_000_600


@pytest.mark.parametrize(
    "statement",
    [
        "nonsense",
        signed({"sub": "m-7", "exp": UNTIL}, "t" * 40),
        signed({"sub": "m-7", "exp": UNTIL}, alg="none"),
        signed({"sub": "m-7", "exp": UNTIL}, alg="HS512"),
        signed({"sub": "m-7", "exp": UNTIL}, jku="https://evil.example/keys"),
        signed({"sub": "m-7", "exp": UNTIL}, crit=["exp"]),
        signed({"sub": "m-7"}),
        signed({"sub": "m-7", "exp": UNTIL - 900}),
        signed({"sub": "m-7", "exp": UNTIL + 9000}),
        signed({"sub": "m-7", "exp": True}),
        signed({"sub": "", "exp": UNTIL}),
        signed({"sub": "m\n7", "exp": UNTIL}),
        signed({"sub": "m" * 200, "exp": UNTIL}),
        signed(["m-7"]),
        signed({"sub": "m-7", "exp": UNTIL})[:-1] + "*",
    ],
)
async def test_a_statement_that_does_not_count_lets_nobody_in(door, statement):
    refused = await door.post("/agent/session", {"publication": "page", "visitor": statement})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "proof")


async def test_where_no_secret_is_shared_no_statement_counts(door):
    statement = signed({"sub": "m-7", "exp": UNTIL}, "")
    refused = await door.post("/agent/session", {"publication": "other", "visitor": statement})
    assert refused.status_code == 403


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 400, "publication"),
        ({"publication": "nowhere"}, 404, "publication"),
        ({"publication": 7}, 404, "publication"),
        ({"publication": "../page"}, 404, "publication"),
        ({"publication": "page", "code": "x" * 20}, 400, "code"),
        ({"publication": "page", "visitor": 7}, 400, "visitor"),
        ({"publication": "page", "visitor": "x" * 5000}, 400, "visitor"),
        ({"publication": "mini"}, 400, "code"),
    ],
)
async def test_what_is_wrong_with_a_sign_in_is_said(door, body, status, field):
    refused = await door.post("/agent/session", body)
    assert refused.status_code == status
    assert field in refused.json()["error"]["message"] or status == 404


async def test_a_code_is_shown_to_the_platform_once_and_is_somebody_there(door):
    door.platform.codes["c" * 20] = {"openid": "o-lin-123", "session_key": "canary", "unionid": "u-lin-123"}
    pair = await door.come("mini", code="c" * 20)
    ((body, query),) = [rest for path, *rest in door.platform.asked if path == "/sns/jscode2session"]
    assert (body, query["js_code"], query["grant_type"]) == (None, "c" * 20, "authorization_code")
    assert "canary" not in json.dumps(pair)
    await door.post("/agent/chat", {"input": "在吗"}, pair["token"])
    known = await door.gateway.messages.database.read(
        lambda db: [row["sender"] for row in db.execute("select sender from messages")]
    )
    assert known == ["o-lin-123"]
    twice = await door.post("/agent/session", {"publication": "mini", "code": "c" * 20})
    codes = [query for path, _, query in door.platform.asked if path == "/sns/jscode2session"]
    assert (twice.status_code, len(codes)) == (403, 1)


@pytest.mark.parametrize(
    ("errcode", "status", "code"),
    [
        (40029, 403, "proof"),
        (40163, 403, "proof"),
        (40226, 502, "40226"),
        (45011, 502, "45011"),
        (-1, 502, "-1"),
    ],
)
async def test_a_code_that_the_platform_refuses_lets_nobody_in(door, errcode, status, code):
    door.platform.codes["c" * 20] = {"errcode": errcode, "errmsg": "canary, rid: 1"}
    refused = await door.post("/agent/session", {"publication": "mini", "code": "c" * 20})
    assert (refused.status_code, refused.json()["error"]["code"]) == (status, code)
    assert "canary" not in refused.text


async def test_who_goes_on_is_the_same_and_what_was_used_counts_no_more(door):
    first = await door.come()
    second = (await door.refresh(first)).json()
    assert second["refresh"] != first["refresh"]
    door.clock.now += 500
    assert (await door.post("/agent/chat", {"input": "在吗"}, second["token"])).status_code == 200
    copied = await door.refresh(first, "a2")
    assert (copied.status_code, copied.json()["error"]["code"]) == (401, "session_over")
    for path, body in (
        ("/agent/chat", {"input": "在吗"}),
        ("/agent/session/refresh", {"refresh": second["refresh"], "attempt": "x"}),
    ):
        ended = await door.post(path, body, second["token"])
        assert (ended.status_code, ended.json()["error"]["code"]) == (401, "session_over")


async def test_an_answer_that_was_lost_is_given_again_for_a_minute(door):
    first = await door.come()
    second, again = [(await door.refresh(first, "lost")).json() for _ in "ab"]
    assert second["refresh"] == again["refresh"]
    third = await door.refresh(again, "next")
    assert third.status_code == 200
    door.clock.now += 61
    late = await door.refresh(again, "next")
    assert late.status_code == 401


async def test_of_two_that_show_the_same_at_once_the_family_ends(door):
    first = await door.come()
    both = await asyncio.gather(door.refresh(first, "thief"), door.refresh(first, "owner"))
    assert sorted(one.status_code for one in both) == [200, 401]
    (winner,) = [one.json() for one in both if one.status_code == 200]
    assert (await door.refresh(winner, "on")).status_code == 401


async def test_two_tabs_that_retry_one_refresh_at_once_go_on(door):
    first = await door.come()
    both = await asyncio.gather(*(door.refresh(first, "same") for _ in range(4)))
    assert {one.status_code for one in both} == {200}
    assert len({one.json()["refresh"] for one in both}) == 1


def altered(text):
    return text[:-1] + ("0" if text[-1] != "0" else "1")


async def test_a_refresh_token_that_is_made_up_ends_nothing(door):
    pair = await door.come()
    for forged in (altered(pair["refresh"]), pair["refresh"][:30], "hyr-" + "x" * 118, "hy-" + "x" * 43):
        refused = await door.refresh({"refresh": forged})
        assert refused.status_code == 401, forged
    assert (await door.refresh(pair)).status_code == 200


async def test_who_signs_out_is_out_at_once_and_again_is_no_fault(door):
    pair = await door.come()
    for _ in range(2):
        assert (await door.post("/agent/session/end", {"refresh": pair["refresh"]})).status_code == 204
    refused = await door.post("/agent/chat", {"input": "在吗"}, pair["token"])
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "session_over")


async def test_an_access_token_lives_for_minutes_and_a_session_for_a_month(door):
    pair = await door.come()
    door.clock.now += 961
    late = await door.post("/agent/chat", {"input": "在吗"}, pair["token"])
    assert (late.status_code, late.json()["error"]["code"]) == (401, "token_expired")
    door.clock.now += 29 * 86_400
    pair = (await door.refresh(pair)).json()
    door.clock.now += 31 * 86_400
    assert (await door.refresh(pair)).status_code == 401


async def test_of_many_devices_of_one_person_the_oldest_is_signed_out(door):
    statement = signed({"sub": "m-7", "exp": UNTIL})
    pairs = []
    for _ in range(11):
        pairs.append(await door.come(visitor=statement))
        door.clock.now += 1
    assert (await door.refresh(pairs[0])).status_code == 401
    assert {(await door.refresh(one)).status_code for one in pairs[1:]} == {200}


async def test_who_is_forgotten_is_signed_out_and_told_so_before(door):
    pair = await door.come(visitor=signed({"sub": "m-7", "exp": UNTIL}))
    await door.post("/agent/chat", {"input": "在吗"}, pair["token"])
    face, remembered = Face("page", "site:m-7"), door.gateway.messages.remembered
    (surface,) = (await remembered.export(face))["surfaces"]
    assert surface["signed_in"] == [{"since": door.clock(), "last": door.clock()}]
    await remembered.erase(face, door.clock())
    assert (await door.post("/agent/chat", {"input": "在吗"}, pair["token"])).status_code == 401
    assert (await door.refresh(pair)).status_code == 401


async def test_a_publication_that_is_taken_back_lets_nobody_on(door):
    pair = await door.come()
    record = door.control.publication("page")
    door.control.save_publication(record.model_copy(update={"enabled": False}))
    assert (await door.post("/agent/chat", {"input": "在吗"}, pair["token"])).status_code == 401
    assert (await door.refresh(pair)).status_code == 401
    assert (await door.post("/agent/session", {"publication": "page"})).status_code == 404
    assert (await door.get("/agent/about?publication=page")).status_code == 404


@pytest.mark.parametrize(
    ("publication", "origin", "status"),
    [
        ("page", SITE, 200),
        ("page", "", 200),
        ("page", "https://us.example", 200),
        ("page", "null", 403),
        ("page", "https://evil.example", 403),
        ("page", f"{SITE}.evil.example", 403),
        ("page", f"{SITE}:444", 403),
        ("page", "http://shop.example", 403),
        ("other", SITE, 403),
        ("mini", SITE, 403),
        ("page", "https://console.example", 403),
    ],
)
async def test_pages_of_other_sites_may_where_the_publication_names_them(door, publication, origin, status):
    came = await door.get(f"/agent/about?publication={publication}", **({"origin": origin} if origin else {}))
    assert came.status_code == status
    if origin == SITE:
        assert came.headers["access-control-allow-origin"] == SITE


async def test_a_page_that_may_not_come_reads_which_setting_to_change_and_so_does_its_owner(tmp_path):
    async with doorway(tmp_path, seen=(seen := Watched())) as door:
        about = "/agent/about?publication={}"
        strange = await door.get(
            about.format("page"), origin="https://my.example", **{"accept-language": "en"}
        )
        assert strange.headers["access-control-allow-origin"] == "*"
        said = strange.json()["error"]["message"]
        assert "https://my.example" in said
        assert "“Sites that may embed it”" in said
        none = await door.get(about.format("mini"), origin="https://my.example")
        assert "“" not in none.json()["error"]["message"]
        token = (await door.come("other"))["token"]
        await door.post("/agent/chat", {"input": "在吗"}, token, origin="https://chat.example")
        await door.get(about.format("page"), origin=SITE)
    assert seen.strange == [("page", "https://my.example"), ("other", "https://chat.example")]


class Watched(Unobserved):
    def __init__(self):
        self.strange = []

    def saw(self, publication, what, code, *_):
        if what == "strange":
            self.strange.append((publication, code))


@pytest.mark.parametrize(
    ("query", "accepted", "lang"),
    [
        ("", "", "zh"),
        ("", "en-GB,en;q=0.9", "en"),
        ("", "zh_CN", "zh"),
        ("", "*", "zh"),
        ("&lang=en", "zh-CN", "en"),
        ("&lang=zh_CN", "en", "zh"),
        ("&lang=xx", "zh", "en"),
        ("&lang=", "en", "en"),
    ],
)
async def test_what_we_say_ourselves_is_in_the_visitors_language(tmp_path, query, accepted, lang):
    agent = {**AGENT, "safety": {"label": {"when": "always"}}}
    async with doorway(tmp_path, agent=agent) as door:
        came = await door.get(f"/agent/about?publication=page{query}", **{"accept-language": accepted})
    about = came.json()
    assert about["label"] == MADE.to(lang)
    assert about["collects"][1]["what"] == MESSAGES[0].to(lang)
    assert (about["language"], about["opening"], about["suggestions"]) == ("zh", "欢迎", ["怎么泡？"])
    assert "accept-language" in came.headers["vary"].lower()


async def test_a_page_that_may_come_somewhere_may_not_use_a_token_elsewhere_nor_a_key(door):
    pair = await door.come("other")
    refused = await door.post("/agent/chat", {"input": "在吗"}, pair["token"], origin=SITE)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "origin")
    asked = {"origin": SITE, "access-control-request-method": "POST"}
    preflight = await door.http.options("/agent/chat", headers=asked)
    assert preflight.headers["access-control-allow-origin"] == SITE
    evil = await door.http.options("/agent/chat", headers={**asked, "origin": "https://evil.example"})
    assert "access-control-allow-origin" not in evil.headers
    assert evil.status_code == 400
    assert "https://evil.example" in evil.text
    assert "HONGYAN_API_ORIGINS" in evil.text


async def test_what_is_shown_before_anybody_signs_in(door):
    about = (await door.get("/agent/about?publication=page")).json()
    assert (about["name"], about["about"], about["opening"]) == ("问茶", "卖茶", "欢迎")
    assert about["suggestions"] == ["怎么泡？"]
    assert about["consent"] == ""
    assert [one["days"] for one in about["collects"]][:2] == [None, None]
    assert {"what", "why", "days"} == {*about["collects"][0]}


@pytest.mark.parametrize("field", ["context_id", "user", "agent", "more"])
async def test_what_is_for_programs_is_refused_by_name(door, field):
    pair = await door.come()
    refused = await door.post("/agent/chat", {"input": "在吗", field: "x"}, pair["token"])
    assert refused.status_code == 400
    assert field in refused.json()["error"]["message"]


async def test_who_writes_too_much_is_told_to_be_slower(tmp_path):
    async with doorway(tmp_path, agent={**AGENT, "limits": {"messages_per_minute": 2}}) as door:
        pair, other = await door.come(), await door.come()
        said = [await door.post("/agent/chat", {"input": "在吗"}, pair["token"]) for _ in range(3)]
        assert [one.status_code for one in said] == [200, 200, 429]
        assert said[-1].headers["retry-after"]
        assert (await door.post("/agent/chat", {"input": "在吗"}, other["token"])).status_code == 200
