"""All API keys of one person have one day: a new key is no new one."""

from types import SimpleNamespace

import pytest
from test_who_calls import CHAT, SURFACES, TICKETS, nothing, served

from runtime.access.keys import Keys
from runtime.caps import Sum
from runtime.store.control.user_records import UserLimit

__all__ = ["served"]

TOGETHER = [
    ("messages", Sum(messages=99), None, "1"),
    ("messages", Sum(messages=100), "100 messages", "0"),
    ("tokens", Sum(tokens=1000), "1000 token", "0"),
    ("money", Sum(cost=2.0), "$2", "0"),
]
ALL = {"messages": 100, "tokens": 1000, "money": 2.0}


@pytest.mark.parametrize("surface", [CHAT, TICKETS])
@pytest.mark.parametrize(("what", "used", "says", "left"), TOGETHER)
def test_all_keys_of_one_person_are_bounded_together(served, surface, what, used, says, left):
    """A new key is no new day, whatever it may itself; and what is told is what less is left of."""
    anna, name = served.user("anna", "admin"), {"messages": "requests", "money": "dollars"}.get(what, what)
    served.control.user_limits.put(UserLimit(id="anna", **{what: ALL[what]}))
    served.gateway.used_by_all_of_a_user = used
    served.gateway.messages = SimpleNamespace(tickets=SimpleNamespace(listed=nothing))
    for _ in range(2):
        key = served.own(anna(), *SURFACES)
        answer = served.ask(key, surface)
        assert (answer.status_code == 429, answer.headers[f"x-ratelimit-remaining-{name}"]) == (
            says is not None,
            left,
        )
        if says:
            assert says in answer.json()["error"]["message"]
            assert answer.headers["retry-after"] == "3600"
        served.issuing.end(key[:7], anna(), user="anna")
    nobodys = Keys(served.control).create("shop", operates=True)
    assert served.ask(nobodys, TICKETS).status_code == 200


LEFT = [
    ({"per_day": 50}, Sum(messages=3), Sum(messages=99), {"requests": "1"}),
    ({"per_day": 50}, Sum(messages=45), Sum(messages=60), {"requests": "5"}),
    ({"tokens_per_day": 500}, Sum(tokens=100), Sum(messages=60), {"requests": "40", "tokens": "400"}),
]


@pytest.mark.parametrize(("own", "used", "together", "left"), LEFT)
def test_what_is_told_is_of_each_measure_what_less_is_left_of(served, own, used, together, left):
    anna = served.user("anna", "admin")
    served.control.user_limits.put(UserLimit(id="anna", messages=100))
    served.gateway.used, served.gateway.used_by_all_of_a_user = used, together
    answer = served.ask(served.own(anna(), *SURFACES, **own), CHAT)
    told = {
        name.rpartition("-")[2]: value
        for name, value in answer.headers.items()
        if name.startswith("x-ratelimit-remaining")
    }
    assert told == left
