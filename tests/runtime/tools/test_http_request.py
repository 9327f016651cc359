import json
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from runtime.errors import ToolFailed
from runtime.network.fetched import Fetched
from runtime.network.reach import Reach
from runtime.tools import Env
from runtime.tools.http_request import TOOL

VALUES = {
    "message": {"text": "查 A&B/1"},
    "shop": "一叶",
    "api": "https://api.tea.example/v1/",
    "now": "2026-01-01",
}
ORDERS = "https://api.tea.example/orders/{{ order_id }}"


SHIPPED = Fetched("", 200, "application/json", '{"state": "已发货"}')


@dataclass
class Web:
    """Implements Http with one answer."""

    answer: Fetched = SHIPPED
    asked: list = field(default_factory=list)
    reach: Reach | None = None

    async def fetch(self, method, url, *, headers=None, body=None, seconds=15, max_bytes=0, reach=None):
        self.reach = reach
        self.asked.append((method, url, headers, body))
        return self.answer


def request(url=ORDERS, **settings):
    return TOOL.model_validate({"type": "http_request", "url": url, **settings})


async def send(tool, web=None, **arguments):
    web = web or Web()
    result = await tool.call(arguments, Env(http=web, now=datetime.now(UTC), values=VALUES))
    return result, *web.asked


async def test_the_model_fills_in_the_blanks():
    result, sent = await send(request(), order_id="1024")
    assert sent == ("GET", "https://api.tea.example/orders/1024", {}, None)
    assert result == {"status": 200, "body": {"state": "已发货"}}


def test_blanks_are_the_variables_that_the_turn_does_not_know():
    tool = request(
        "{{ api }}/orders/{{ order_id }}?q={{ message.text }}", headers={"X": "{{ shop }}{{ token }}"}
    )
    parameters = tool.spec(VALUES)["function"]["parameters"]
    assert set(parameters["properties"]) == set(parameters["required"]) == {"order_id", "token"}


def test_listed_arguments_are_all_that_the_model_sees():
    listed = [
        {"name": "copy", "description": "几份", "type": "integer"},
        {"name": "城市", "required": False},
    ]
    parameters = request(arguments=listed).spec()["function"]["parameters"]
    assert parameters["properties"]["copy"] == {"description": "几份", "type": "integer"}
    assert parameters["required"] == ["copy"]
    assert "城市" in parameters["properties"]


@pytest.mark.parametrize(
    "arguments", [{}, {"order_id": []}, {"order_id": None}, {"order_id": "1", "admin": "1"}]
)
async def test_wrong_arguments_are_told_and_nothing_is_sent(arguments):
    web = Web()
    with pytest.raises(ToolFailed, match=r"order_id|admin"):
        await send(request(), web, **arguments)
    assert web.asked == []


async def test_what_the_turn_knows_cannot_be_replaced_by_the_model():
    _, sent = await send(request("https://a.example/{{ shop }}/{{ id }}"), shop="evil", id="1")
    assert sent[1] == "https://a.example/%E4%B8%80%E5%8F%B6/1"


async def test_numbers_are_taken_for_text():
    _, sent = await send(request(), order_id=1024)
    assert sent[1].endswith("/1024")


@pytest.mark.parametrize(
    ("value", "there"),
    [
        ("1/../../admin", "1%2F..%2F..%2Fadmin"),
        ("1?admin=1", "1%3Fadmin%3D1"),
        ("1#x", "1%23x"),
        ("1&x=2", "1%26x%3D2"),
        ("%2e%2e%2f", "%252e%252e%252f"),
        ("@evil.example", "%40evil.example"),
        ("1\r\nHost: evil", "1%0D%0AHost%3A%20evil"),
        ("\\evil", "%5Cevil"),
        ("龙井", "%E9%BE%99%E4%BA%95"),
    ],
)
async def test_a_value_stays_in_its_place_in_the_url(value, there):
    _, sent = await send(request(), order_id=value)
    assert sent[1] == f"https://api.tea.example/orders/{there}"
    _, sent = await send(request("https://api.tea.example/s?q={{ q }}&n=1"), q=value)
    assert sent[1] == f"https://api.tea.example/s?q={there}&n=1"


@pytest.mark.parametrize("value", ["", ".", ".."])
@pytest.mark.parametrize("url", [ORDERS, ORDERS + "/items", ORDERS + "?a=1"])
async def test_a_value_cannot_take_a_step_out_of_the_path(url, value):
    web = Web()
    with pytest.raises(ToolFailed):
        await send(request(url), web, order_id=value)
    assert web.asked == []


async def test_the_host_may_be_a_variable_of_the_owner():
    _, sent = await send(request("{{ api }}/orders/{{ id }}"), id="1")
    assert sent[1] == "https://api.tea.example/v1/orders/1"


@pytest.mark.parametrize(
    "base", ["evil.example", "https://a@evil.example", "file:///etc", "https://a\\b", 5, None]
)
async def test_a_host_variable_must_hold_an_address(base):
    web = Web()
    with pytest.raises(ToolFailed, match="api"):
        await request("{{ api }}/x").call({}, Env(http=web, now=datetime.now(UTC), values={"api": base}))
    assert web.asked == []


async def test_the_model_cannot_give_the_host():
    web = Web()
    tool = request("{{ host }}/x", arguments=[{"name": "host"}])
    with pytest.raises(ToolFailed):
        await send(tool, web, host="https://evil.example")
    assert web.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "", "orders/1", "ftp://a/", "https://{{ host }}/x", "https://a.{{ host }}/x",
        "https://a.example{{ path }}", "https://a.example:{{ port }}/", "{{ a }}{{ b }}/x",
        "{{ message.text }}/x", "https://user@a.example/", "{{ a|upper }}/",
    ],
)  # fmt: skip
def test_a_url_must_begin_with_a_fixed_host(url):
    with pytest.raises(ValidationError):
        request(url)


HOSTILE = '","admin":true,"x":"\n\\'


async def test_a_value_stays_in_its_place_in_json():
    body = '{"note": "{{ note }}", "n": {{ n }}, "whole": {{ note|tojson }}}'
    listed = [{"name": "note"}, {"name": "n", "type": "number"}]
    tool = request("https://a.example/", method="POST", body=body, arguments=listed)
    _, sent = await send(tool, note=HOSTILE, n=2)
    assert json.loads(sent[3]) == {"note": HOSTILE, "n": 2, "whole": HOSTILE}
    assert sent[2] == {"Content-Type": "application/json"}


async def test_a_body_that_is_one_value_is_json():
    tool = request("https://a.example/", method="POST", body="{{ order | tojson }}")
    _, sent = await send(tool, order={"day": "明天"})
    assert (sent[2], json.loads(sent[3])) == ({"Content-Type": "application/json"}, {"day": "明天"})


async def test_numbers_and_yes_are_spelled_as_programs_do_wherever_they_are_sent():
    listed = [{"name": "n", "type": "number"}, {"name": "yes", "type": "boolean"}, {"name": "s"}]
    spelled = {
        5.0: "5",
        2.5: "2.5",
        "7": "7",
        10**20: f"{10**20}",
        1e-7: "0.0000001",
        -0.5: "-0.5",
        1e300: f"{10**300}",
    }
    for given, there in spelled.items():
        tool = request(
            "https://a.example/{{ n }}/{{ yes }}?s={{ s }}",
            method="PUT",
            headers={"X": "{{ n }} {{ yes }}", "Content-Type": "text/plain"},
            body="{{ n }} {{ yes }} {{ s }}",
            arguments=listed,
        )
        _, (_, url, headers, body) = await send(tool, n=given, yes=True, s=5.0)
        assert url == f"https://a.example/{there}/true?s=5"
        assert headers["X"] == f"{there} true"
        assert body == f"{there} true 5".encode()


async def test_numbers_and_yes_in_json_are_json():
    listed = [{"name": "n", "type": "number"}, {"name": "yes", "type": "boolean"}]
    body = '{"n": {{ n }}, "yes": {{ yes }}, "both": {{ [n, yes]|tojson }}}'
    _, sent = await send(
        request("https://a.example/", method="POST", body=body, arguments=listed), n=5.0, yes=False
    )
    assert sent[3] == b'{"n": 5, "yes": false, "both": [5, false]}'


@pytest.mark.parametrize("value", ["nan", "inf", float("nan"), "x", None, [], "9" * 5000])
async def test_what_is_no_number_is_told(value):
    tool = request("https://a.example/{{ n }}", arguments=[{"name": "n", "type": "number"}])
    with pytest.raises(ToolFailed, match="n"):
        await send(tool, n=value)


ITEMS = [{"id": 1, "note": '三"件'}, "茶", 2.5, None]


@pytest.mark.parametrize("value", [ITEMS, {"a": ITEMS}, json.dumps(ITEMS), "[not json"])
async def test_a_list_or_object_is_taken_where_the_body_prints_json(value):
    body = '{"items": {{ items|tojson }}}'
    found = request("https://a.example/", method="POST", body=body)
    _, sent = await send(found, items=value)
    assert json.loads(sent[3]) == {"items": value}
    described = found.spec()["function"]["parameters"]["properties"]["items"]
    assert {"array", "object", "string"} <= {kind["type"] for kind in described["anyOf"]}


@pytest.mark.parametrize(("kind", "value"), [("array", ITEMS), ("object", {"a": {"b": [1]}})])
async def test_listed_lists_and_objects_may_come_as_text(kind, value):
    listed = [{"name": "x", "type": kind}]
    tool = request("https://a.example/", method="POST", body='{"x": {{ x|tojson }}}', arguments=listed)
    assert tool.spec()["function"]["parameters"]["properties"]["x"]["type"] == kind
    for given in (value, json.dumps(value)):
        _, sent = await send(tool, x=given)
        assert json.loads(sent[3]) == {"x": value}
    for wrong in ("text", 5, "[1", {"a": 1} if kind == "array" else [1], "[" * 50_000):
        with pytest.raises(ToolFailed, match="x"):
            await send(tool, x=wrong)


async def test_an_address_is_of_bounded_length():
    web = Web()
    for url in (ORDERS, "https://a.example/?q={{ order_id }}"):
        with pytest.raises(ToolFailed, match="4000"):
            await send(request(url), web, order_id="龙" * 500)
    assert web.asked == []


async def test_it_reaches_its_own_host_and_those_that_the_owner_added():
    web = Web()
    await send(request(hosts=["*.cdn.example"]), web, order_id="1")
    assert web.reach == Reach("owner", "http_request", ("api.tea.example", "*.cdn.example"))
    await send(request("{{ api }}/orders/{{ id }}"), web, id="1")
    assert web.reach.hosts == ("api.tea.example",)


def test_what_a_model_is_told_is_built_once():
    tool = request(arguments=[{"name": "a", "type": "array"}], body="{{ b }}")
    first, again = (TOOL.model_validate(tool.model_dump()).spec(VALUES) for _ in range(2))
    assert first == again
    assert first["function"]["parameters"] is again["function"]["parameters"]


async def test_a_form_is_percent_encoded():
    headers = {"content-type": "application/x-www-form-urlencoded"}
    _, sent = await send(
        request("https://a.example/", method="POST", headers=headers, body="a={{ a }}&b=1"), a="1&b=2"
    )
    assert sent[3] == b"a=1%26b%3D2&b=1"


async def test_text_is_sent_as_it_is():
    _, sent = await send(request("https://a.example/", method="PUT", body="{{ message.text }}"))
    assert sent[3] == "查 A&B/1".encode()


async def test_broken_json_is_told_and_not_sent():
    web = Web()
    with pytest.raises(ToolFailed, match="JSON"):
        await send(request("https://a.example/", method="POST", body='{"n": {{ n }}}'), web, n='1, "a"')
    assert web.asked == []


async def test_a_broken_template_is_told():
    with pytest.raises(ToolFailed, match="nothing"):
        await send(request("https://a.example/{{ message.nothing }}"))


@pytest.mark.parametrize("status", [301, 400, 404, 500])
async def test_another_status_is_a_failure_with_the_beginning_of_the_answer(status):
    web = Web(Fetched("", status, "text/plain", "no such order" + "x" * 1000))
    with pytest.raises(ToolFailed, match=f"{status}.*no such order") as caught:
        await send(request(), web, order_id="1")
    assert len(caught.value.text.zh) < 400


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("plain", {"status": 200, "body": "plain"}),
        ("", {"status": 200, "body": ""}),
        ("[" * 9000, {"status": 200, "body": "[" * 8000, "cut": True}),
        ('"' + "x" * 9000 + '"', {"status": 200, "body": '"' + "x" * 7999, "cut": True}),
    ],
)
async def test_long_answers_are_cut(text, told):
    result, _ = await send(request(), Web(Fetched("", 200, "", text)), order_id="1")
    assert result == told


@pytest.mark.parametrize(("method", "repeatable"), [("GET", True), ("POST", False), ("DELETE", False)])
def test_only_reading_may_run_again_after_a_crash(method, repeatable):
    assert request(method=method).repeatable is repeatable
