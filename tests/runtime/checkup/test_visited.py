"""What people's own programs want of our address, as the check-up tells it."""

import json
from types import SimpleNamespace

import pytest

from runtime.channels import registry
from runtime.checkup import visited
from runtime.checkup.order import checks
from runtime.checkup.patient import Patient
from runtime.network.outside import Answer, Names, NotReached
from runtime.publish.credentials import with_suggested
from runtime.publish.doctor import State

OURS = {"miniprogram": {"app_id": "wx1234567890abcdef", "app_secret": "s" * 32}, "web": {}}
POLICY = {"content-security-policy": "default-src 'none'; frame-ancestors 'none'"}
PAGE = b'<script id="given">{"publication": "a-1", "title": "T"}</script>'
REFUSAL = json.dumps({"error": {"code": "key", "message": "No key."}}).encode()


class Outside:
    def __init__(self, answer):
        self.answer, self.asked = answer, []

    async def ask(self, method, url, addresses, seconds, **given):
        self.asked.append((method, url, given))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def patient(name, base="https://bot.example.com", answer=None, **given):
    kind = registry()[name]
    channel = kind(kind.Settings(**with_suggested(kind, {**OURS[name], **given})))
    ways = SimpleNamespace(outside=Outside(answer), hosts={}, proxy="", patience=None)
    never = State(None, None, None, 0, {})
    names = Names(a=("93.184.216.34",))
    return Patient("a-1", channel, base, "/c/a-1", ways, lambda: never, channel_name=name, names=names)


@pytest.mark.parametrize(
    ("name", "given", "own"),
    [
        ("miniprogram", {}, {"domain", "socket"}),
        ("web", {}, {"page"}),
        ("web", {"origins": "https://shop.example"}, {"page", "sites"}),
    ],
)
def test_what_is_asked_depends_on_how_people_come(name, given, own):
    planned = {check.id for check in checks(patient(name, **given))}
    assert planned & {"domain", "socket", "page", "sites"} == own
    assert {"dns", "tcp", "tls", "reaches"} <= planned


@pytest.mark.parametrize(
    ("base", "ok", "says"),
    [
        ("https://bot.example.com", True, "https://bot.example.com may be entered"),
        ("https://bot.example.com:8443", True, "https://bot.example.com:8443 may be"),
        ("http://bot.example.com", False, "https and wss alone"),
        ("https://93.184.216.34", False, "takes names alone"),
        ("https://[2606:2800:220:1::1]", False, "takes names alone"),
        ("https://API.weixin.qq.com", False, "no app call"),
    ],
)
async def test_an_app_calls_names_by_https_and_its_platforms_own_never(base, ok, says):
    told = await visited.taken(patient("miniprogram", base))
    assert told.ok is ok
    assert says in told.says.en
    assert ("beian.miit.gov.cn" in told.do.zh) is ok, "what nobody can ask is said in words"


@pytest.mark.parametrize(
    ("answer", "ok"),
    [
        (Answer(401, {}, REFUSAL), True),
        (Answer(403, {}, REFUSAL), True),
        (Answer(101, {}, b""), True),
        (Answer(404, {}, b"Not Found"), False),
        (Answer(404, {}, REFUSAL), False),
        (Answer(403, {}, b"<html>blocked</html>"), False),
        (Answer(401, {}, b'{"error": "key"}'), False),
        (Answer(426, {}, b""), False),
        (NotReached("timeout"), False),
        (NotReached("broken", "closed"), False),
    ],
)
async def test_a_socket_comes_through_where_our_own_refusal_comes_back(answer, ok):
    one = patient("miniprogram", answer=answer)
    told = await visited.socket(one)
    assert told.ok is ok
    assert ok or told.do.en
    [(_, url, given)] = one.ways.outside.asked
    assert (url, given["headers"]["Upgrade"]) == ("https://bot.example.com/agent/ws", "websocket")


@pytest.mark.parametrize(
    ("base", "answer", "ok", "says", "do"),
    [
        ("https://bot.example.com", Answer(200, POLICY, PAGE), True, "open the page", ""),
        ("http://bot.example.com", Answer(200, POLICY, PAGE), True, "open the page", "microphone"),
        ("https://bot.example.com", Answer(200, {}, PAGE), False, "frame it", "not an iframe"),
        (
            "https://bot.example.com",
            Answer(200, {"content-security-policy": "frame-ancestors *"}, PAGE),
            False,
            "frame it",
            "",
        ),
        ("https://bot.example.com", Answer(404, POLICY, b""), False, "no such page", "/chat/"),
        (
            "https://bot.example.com",
            Answer(200, POLICY, PAGE.replace(b"a-1", b"b-2")),
            False,
            "",
            "",
        ),
        ("https://bot.example.com", Answer(502, {}, b""), False, "", ""),
        ("https://bot.example.com", NotReached("timeout"), False, "no answer within", ""),
    ],
)
async def test_the_page_is_ours_and_nobody_may_frame_it(base, answer, ok, says, do):
    one = patient("web", base, answer)
    told = await visited.page(one)
    assert told.ok is ok
    assert says in told.says.en
    assert do in told.do.en
    assert one.ways.outside.asked[0][1] == f"{base}/chat/a-1"


@pytest.mark.parametrize(
    ("base", "sites", "ok"),
    [
        ("https://bot.example.com", ["https://shop.example", "http://localhost:3000"], True),
        ("http://bot.example.com", ["http://localhost:3000"], True),
        ("http://bot.example.com", ["http://localhost:3000", "https://shop.example"], False),
    ],
)
async def test_a_site_over_https_loads_nothing_over_http(base, sites, ok):
    told = await visited.sites(patient("web", base, origins="\n".join(sites)))
    assert told.ok is ok
    assert ok or "https://shop.example" in told.says.en
