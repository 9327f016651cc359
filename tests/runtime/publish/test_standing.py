"""What the publish page says of a connection."""

from dataclasses import dataclass, replace

import pytest

from runtime.channels import DEVICES, OWN, Channel, Responds, SignsIn, Verifies, is_for_people, registry
from runtime.lang import Text
from runtime.publish.doctor import Refusal, State
from runtime.publish.standing import standing
from runtime.store.messages.failing import Failing
from runtime.store.messages.insights import Lately

NEW = State(None, None, None, 0, {})
WAITED = replace(NEW, verified_at=1.0)
WORKS = replace(WAITED, message_at=2.0, messages=4)
REFUSED = Refusal("signature", Text("签名不对", "Bad signature"), 3.0)
TROUBLE = Text("白名单", "allow-list")
BROKEN = Failing("shop-1", 1, 5.0, Text("模型没有回应", "The model did not answer"))


class Checked(Verifies, Channel):
    """The platform checks its address."""


class Visited(SignsIn, Verifies, Channel):
    """People come by themselves, and what they write elsewhere is pushed."""


class Unchecked(Channel):
    """Nobody does."""


class Answering(Responds, Verifies, Channel):
    """An answer may stand in the response."""


@dataclass
class Case:
    id: str
    state: State
    lately: Lately
    tone: str
    says: str
    failing: Failing | None = None


CASES = [
    Case("at first it waits", NEW, Lately(), "accent", "Waiting"),
    Case("a refusal before it ever worked", replace(NEW, refusal=REFUSED), Lately(), "bad", "Bad signature"),
    Case("verified", WAITED, Lately(), "ok", "verified"),
    Case("working", WORKS, Lately(4, 0), "ok", "Working"),
    Case("a stray request is no alarm", replace(WORKS, strays=1), Lately(4, 0), "ok", "Working"),
    Case("many are a doubt, no alarm", replace(WORKS, strays=9), Lately(4, 0), "warn", "refused"),
    Case(
        "what only the platform can have caused is one",
        replace(WORKS, refusal=REFUSED),
        Lately(),
        "bad",
        "Bad",
    ),
    Case("newest not answered", WORKS, Lately(4, 1), "bad", "The model did not answer", BROKEN),
    Case("one that was not, and later ones that were", WORKS, Lately(4, 1), "warn", "1 messages"),
    Case("answers that cannot be pushed", replace(WORKS, trouble=TROUBLE), Lately(4, 0), "bad", "allow-list"),
    Case("not verified, though messages failed before", NEW, Lately(), "accent", "Waiting", BROKEN),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_one_sentence_tells_how_it_stands(case):
    found = standing(case.state, Checked, case.lately, case.failing)
    assert found.tone == case.tone
    assert case.says in found.title.en
    assert found.title.zh


def test_what_was_stored_counts_also_where_the_doctor_saw_less():
    assert "hour: 9." in standing(replace(WORKS, messages=1), Checked, Lately(9, 0)).hint.en
    assert "hour: 4." in standing(WORKS, Checked, Lately(1, 0)).hint.en


def test_a_stray_request_is_counted_in_the_hint():
    assert "2 requests" in standing(replace(WORKS, strays=2), Checked, Lately(4, 0)).hint.en


def test_where_no_address_is_checked_nobody_waits_for_it():
    assert standing(NEW, Unchecked, Lately()).title.en == "Connected"
    assert standing(NEW, Checked, Lately(), is_called=False).title.en == "Connected"
    assert standing(NEW, Visited, Lately()).title.en == "Connected"
    assert standing(WAITED, Visited, Lately()).title.en == "The address is verified by the platform"
    assert standing(NEW, Checked, Lately()).title.en == "Waiting for the platform to verify…"


def test_what_the_world_cannot_reach_yet_is_not_called_connected():
    for kind in (Unchecked, Visited):
        found = standing(NEW, kind, Lately(), is_open=False)
        assert (found.tone, found.title.en) == ("accent", "A public address is missing"), kind
    assert "verified" in standing(WAITED, Checked, Lately(), is_open=False).title.en
    assert standing(WORKS, Checked, Lately(1, 0), is_open=False).title.en == "Working"


def test_what_is_not_pushed_goes_another_way_only_where_there_is_one():
    seen = replace(WORKS, trouble=TROUBLE)
    assert "passively" in standing(seen, Answering, Lately(1, 0)).hint.en
    assert "kept" in standing(seen, Checked, Lately(1, 0)).hint.en


@pytest.mark.parametrize("name", sorted(registry()))
def test_how_to_try_it_is_said_in_the_surface_s_own_words(name):
    kind = registry()[name]
    hint = standing(replace(NEW, verified_at=1.0), kind, Lately()).hint
    assert "{" not in hint.zh + hint.en
    is_own = kind.profile.family in (OWN, DEVICES) and is_for_people(kind)
    assert not (is_own and "手机" in hint.zh)


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (NEW, "Connecting to"),
        (replace(NEW, trouble=TROUBLE), "allow-list"),
        (replace(WORKS, trouble=TROUBLE), "allow-list"),
        (WAITED, "Connected"),
        (WORKS, "Working"),
    ],
)
def test_where_we_connect_it_is_the_connection_that_is_told_of(state, says):
    assert says in standing(state, Checked, Lately(1, 0), is_linked=True).title.en
