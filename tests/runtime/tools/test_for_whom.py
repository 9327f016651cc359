"""A request acts for whoever writes: that comes from us, whatever a model says."""

from datetime import UTC, datetime

import pytest
from test_http_request import Web, request

from runtime.errors import ToolFailed
from runtime.person import Person
from runtime.tools import Env

ORDERS = "https://api.tea.example/orders?customer={{ person.customer }}&id={{ person.id }}&q={{ q }}"
LISTED = [{"name": "person"}, {"name": "q"}]


def env(**person):
    who = Person(**{"id": "ann", "customer": "123", **person})
    return Env(http=Web(), now=datetime.now(UTC), values={"person": who.view()}, person=who)


@pytest.mark.parametrize(
    ("settings", "arguments"),
    [
        ({}, {"q": "茶", "person": {"id": "bob", "customer": "456"}}),
        ({}, {"q": "茶", "person.id": "bob"}),
        ({"arguments": LISTED}, {"q": "茶", "person": "bob"}),
        ({"arguments": [{"name": "q"}]}, {"q": "茶", "person": "bob"}),
        ({}, {"q": "茶&customer=456&id={{ person.unionid }}"}),
    ],
)
async def test_no_argument_of_a_models_says_who_that_is(settings, arguments):
    tool, around = request(ORDERS, **settings), env()
    try:
        await tool.call(arguments, around)
    except ToolFailed:
        assert around.http.asked == []
    else:
        [(_, url, _, _)] = around.http.asked
        assert "customer=123&id=ann&" in url
        assert "456&" not in url.replace("%26", "")
        assert "bob" not in url


def test_it_is_never_asked_of_the_model_and_an_argument_of_that_name_is_told():
    assert list(request(ORDERS).parameters()["properties"]) == ["q"]
    assert list(request(ORDERS).parameters(env().values)["properties"]) == ["q"]
    [problem] = request(ORDERS, arguments=LISTED).check({}, ())
    assert problem.field == "arguments"


@pytest.mark.parametrize("field", ["customer", "unionid", "id"])
async def test_for_nobody_nothing_is_asked(field):
    around = env(**{field: ""})
    with pytest.raises(ToolFailed, match=f"person.{field}"):
        await request(f"https://api.tea.example/o?who={{{{ person.{field} }}}}").call({}, around)
    assert around.http.asked == []


async def test_a_blank_called_person_stays_one_where_nothing_of_the_person_is_asked_for():
    tool, around = request("https://api.tea.example/people/{{ person }}"), env()
    assert list(tool.parameters(around.values)["properties"]) == ["person"]
    await tool.call({"person": "bob"}, around)
    assert around.http.asked[0][1] == "https://api.tea.example/people/bob"
