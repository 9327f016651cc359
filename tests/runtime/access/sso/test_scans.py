"""Scan to sign in: WeCom for members, WeChat for anybody."""

from contextlib import asynccontextmanager
from urllib.parse import parse_qs, urlsplit

import pytest
from scan_platforms import WeChatPlatform, WeComPlatform, serving

import visitors
from runtime.access.actor import COMMAND_LINE
from runtime.access.sso.kinds import Net
from runtime.access.sso.providers import Providers
from runtime.access.users import Users
from runtime.network.egress import Egress
from runtime.network.platform_api import Outbound
from runtime.store.control.user_records import Given

EN = {"accept-language": "en"}
MEMBER = {"userid": "ZhangSan", "user_ticket": "t"}
UNION = {
    "access_token": "user-token", "expires_in": 7200, "refresh_token": "r", "openid": "oA",
    "scope": "snsapi_login", "unionid": "uA",
}  # fmt: skip
OPEN = {name: value for name, value in UNION.items() if name != "unionid"}
KINDS = {
    "wecom": (WeComPlatform, {"client_id": "ww1", "app": "1000002"}, "corp-secret", "HONGYAN_WECOM_API"),
    "wechat": (WeChatPlatform, {"client_id": "wx1"}, "app-secret", "HONGYAN_WECHAT_API"),
}


@asynccontextmanager
async def house_of(kind, tmp_path, codes, *, secret=None, **more):
    made, told, own, name = KINDS[kind]
    platform, outbound = made(codes=codes), Outbound()
    async with serving(platform) as host:
        house = visitors.build(tmp_path, net=Net(Egress(), outbound, {name: host}))
        about = {"id": "scan", "kind": kind, "name": "Scan", **told, **more}
        Providers(house.control).save(about, secret or own, COMMAND_LINE)
        yield house, platform
        await outbound.close()


async def scan(person, code, **headers):
    """Begin, and come back with that code."""
    begun = await person.get("/login/sso/scan", params={"next": "/who"}, headers=EN | headers)
    assert begun.status_code == 303, begun.text
    asks = {name: values[0] for name, values in parse_qs(urlsplit(begun.headers["location"]).query).items()}
    back = {"state": asks["state"]} | ({"code": code} if code else {})
    return begun, await person.get("/login/sso/scan/back", params=back, headers=EN)


BOSSES = {"rules": [{"claim": "department", "value": "7", "role": "editor"}]}


async def test_a_member_scans_and_the_department_says_what_they_may(tmp_path):
    async with (
        house_of("wecom", tmp_path, {"c1": MEMBER}, **BOSSES) as (house, _),
        house.visitor() as person,
    ):
        begun, came = await scan(person, "c1")
        there = urlsplit(begun.headers["location"])
        asks = parse_qs(there.query)
        assert there.netloc + there.path == "login.work.weixin.qq.com/wwlogin/sso/login"
        assert (asks["login_type"], asks["appid"], asks["agentid"]) == (["CorpApp"], ["ww1"], ["1000002"])
        assert asks["redirect_uri"] == ["http://localhost/login/sso/scan/back"]
        assert asks["state"][0].isalnum()
        assert (came.status_code, (await person.get("/who")).text) == (303, "zhangsan")
        one = Users(house.control).must("zhangsan")
        assert (one.name, one.mapped) == ("张三", (Given(role="editor"),))


async def test_inside_of_wecom_nobody_scans(tmp_path):
    async with house_of("wecom", tmp_path, {"c1": MEMBER}, **BOSSES) as (house, _), house.visitor() as person:
        begun, _ = await scan(person, "c1", **{"user-agent": "Mozilla/5.0 wxwork/4.1 MicroMessenger/7.0"})
        there = urlsplit(begun.headers["location"])
        assert there.netloc + there.path == "open.weixin.qq.com/connect/oauth2/authorize"
        assert there.fragment == "wechat_redirect"
        assert parse_qs(there.query)["scope"] == ["snsapi_base"]


async def test_a_stranger_in_wechat_is_known_again_by_unionid_and_by_openid(tmp_path):
    codes = {"c1": OPEN, "c2": UNION, "c3": {**UNION, "openid": "oB"}}
    async with (
        house_of("wechat", tmp_path, codes, default_role="guest") as (house, _),
        house.visitor() as person,
    ):
        begun, _ = await scan(person, "c1")
        there = urlsplit(begun.headers["location"])
        assert there.netloc + there.path == "open.weixin.qq.com/connect/qrconnect"
        assert parse_qs(there.query)["scope"] == ["snsapi_login"]
        who = (await person.get("/who")).text
        for code in ("c2", "c3"):  # the application was bound to an account since; then it was replaced
            await scan(person, code)
            assert (await person.get("/who")).text == who
        assert len(Users(house.control).all()) == 2


REFUSALS = {
    # kind, what its server does, the browser's code; HTTP status, words
    "wrong code": ("wecom", {}, "forged", 403, "Scan again"),
    "no code, as whoever says no at WeChat": ("wechat", {}, "", 403, "not finished"),
    "wrong code at WeChat": ("wechat", {}, "forged", 403, "Scan again"),
    "missing token": ("wecom", {"/cgi-bin/auth/getuserinfo": 41001}, "good", 503, "does not work just now"),
    "no trusted address": ("wecom", {"/cgi-bin/gettoken": 60020}, "good", 503, "does not work just now"),
    "reset secret": ("wechat", {"/sns/oauth2/access_token": 40125}, "good", 503, "does not work just now"),
}


@pytest.mark.parametrize("fault", REFUSALS)
async def test_what_the_platform_refuses_signs_in_nobody(tmp_path, fault):
    kind, refuses, code, status, words = REFUSALS[fault]
    good = {"wecom": MEMBER, "wechat": UNION}[kind]
    async with house_of(kind, tmp_path, {"good": good}, default_role="guest") as (house, platform):
        platform.refuses = refuses
        async with house.visitor() as person:
            _, came = await scan(person, code)
            assert (came.status_code, words in came.text) == (status, True), came.text
            assert (await person.get("/who")).status_code == 401


@pytest.mark.parametrize(("kind", "words"), [("wecom", "has expired"), ("wechat", "used before")])
async def test_a_code_is_good_once(tmp_path, kind, words):
    good = {"wecom": MEMBER, "wechat": UNION}[kind]
    async with house_of(kind, tmp_path, {"good": good}, default_role="guest") as (house, _):
        async with house.visitor() as person:
            await scan(person, "good")
        async with house.visitor() as thief:
            _, came = await scan(thief, "good")
            assert (came.status_code, words in came.text) == (403, True), came.text


async def test_who_is_no_member_does_not_come_in_by_wecom(tmp_path):
    outside = {"openid": "oX", "external_userid": "wmX"}
    at_ours = house_of("wecom", tmp_path, {"c": outside}, default_role="guest")
    async with at_ours as (house, _), house.visitor() as person:
        _, came = await scan(person, "c")
        assert (came.status_code, "no member" in came.text) == (403, True)


async def test_another_scope_is_no_sign_in(tmp_path):
    base = {**UNION, "scope": "snsapi_base"}
    at_ours = house_of("wechat", tmp_path, {"c": base}, default_role="guest")
    async with at_ours as (house, _), house.visitor() as person:
        assert (await scan(person, "c"))[1].status_code == 403


@pytest.mark.parametrize(
    ("kind", "secret", "refuses", "good", "says"),
    [
        ("wecom", None, {}, True, "callback domain"),
        ("wecom", "of-another-app", {}, False, "refuses this secret"),
        ("wecom", None, {"/cgi-bin/gettoken": 60020}, False, "address in (60020)"),
        ("wecom", None, {"/cgi-bin/gettoken": 40013}, False, "CorpID"),
        ("wechat", None, {}, True, "callback domain"),
        ("wechat", "of-another-app", {}, False, "refuses this secret"),
        ("wechat", None, {"/sns/oauth2/access_token": 40013}, False, "AppID"),
    ],
)
async def test_the_check_says_what_the_platform_refuses(tmp_path, kind, secret, refuses, good, says):
    *_, name = KINDS[kind]
    async with house_of(kind, tmp_path, {}, secret=secret) as (house, platform):
        platform.refuses = refuses
        async with serving(platform) as host:
            outbound = Outbound()
            record = house.control.sso.must("scan")
            way = Net(Egress(), outbound, {name: host}).way(record, house.control.sso.secret(record))
            found = await way.check("https://us.example/login/sso/scan/back", 0.0)
            await outbound.close()
    assert all(one.ok for one in found) is good
    assert says in " ".join(one.says.en for one in found)
