"""A canary is begun small, grown, stopped, released and undone, and what cannot be is refused in words."""

import pytest

from runtime.agents.agent import Agent
from runtime.errors import BadSettings, Conflict, NotFound
from runtime.publish import canary, publish, roll_back, shadow, unpublish
from runtime.publish.canary import begin, begin_draft, change, checked_share, go_on, release, stop
from runtime.store.control.control import Control

AGENT = Agent.load({"id": "shop", "name": "店", "flow": [{"type": "reply", "id": "say", "text": "好"}]})


@pytest.fixture
def control(tmp_path):
    return Control.in_folder(tmp_path / "data")


@pytest.fixture
def id(control):
    """Version 2 answers; 1 and 3 are there."""
    made = [publish(control, AGENT, "api", {}).publication for _ in range(3)]
    roll_back(control, made[0], 2)
    return made[0]


@pytest.mark.parametrize(
    ("share", "said"),
    [(0, "stop it"), (100, "release it"), (-1, "from 0.1"), (99.5, "from 0.1"), (float("nan"), "from 0.1")],
)
def test_a_share_that_is_none_is_refused_with_what_to_do(control, id, share, said):
    with pytest.raises(BadSettings, match=said):
        begin(control, id, 3, share=share)
    begin(control, id, 3, share=5)
    with pytest.raises(BadSettings, match=said):
        change(control, id, share=share)
    assert control.canaries.find(id).share == 5


def test_it_begins_with_ten_percent_at_most_and_grows(control, id):
    with pytest.raises(BadSettings, match="10 %"):
        begin(control, id, 3, share=11)
    begun = begin(control, id, 3, share=10)
    grown = change(control, id, share=75)
    assert (grown.share, grown.salt, grown.since) == (75, begun.salt, begun.since)
    assert len(begun.salt) == 32
    assert checked_share(0.1) == 0.1


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"number": 2, "share": 5}, BadSettings),  # it answers everybody
        ({"number": 9, "share": 5}, NotFound),
        ({"number": 3}, BadSettings),  # for nobody
        ({"number": 3, "tags": ["a" * 41]}, BadSettings),
        ({"number": 3, "tags": [str(n) for n in range(21)]}, BadSettings),
    ],
)
def test_what_is_no_canary_is_none(control, id, given, error):
    with pytest.raises(error):
        begin(control, id, **given)
    assert control.canaries.find(id) is None


def test_one_at_a_time_and_none_where_nobody_is_answered(control, id):
    begin(control, id, 3, tags=["vip", " vip ", ""])
    assert control.canaries.find(id).tags == ("vip",)
    with pytest.raises(Conflict, match="v3"):
        begin(control, id, 1, share=5)
    with pytest.raises(BadSettings):
        change(control, id, tags=[])  # then it would be for nobody
    stop(control, id)
    with pytest.raises(Conflict):
        stop(control, id)
    unpublish(control, id)
    with pytest.raises(Conflict, match="offline"):
        begin(control, id, 3, share=5)


def test_stopping_is_undone_for_the_same_people_unless_something_else_began(control, id):
    begun = begin(control, id, 3, share=10, tags=["vip"])
    change(control, id, share=50)
    stop(control, id)
    back = go_on(control, id, 3)
    assert (back.share, back.tags, back.salt, back.since) == (50, ("vip",), begun.salt, begun.since)
    assert not control.canaries.past(id)
    stop(control, id)
    begin(control, id, 1, share=5)
    with pytest.raises(Conflict):
        go_on(control, id, 3)


@pytest.mark.parametrize(
    ("ends", "live", "why"),
    [
        (release, 3, "released"),
        (lambda control, id: roll_back(control, id, 3), 3, "released"),
        (lambda control, id: publish(control, AGENT, "api", {}), 4, "replaced"),
        (lambda control, id: roll_back(control, id, 1), 1, None),
    ],
)
def test_another_version_for_all_ends_it(control, id, ends, live, why):
    begin(control, id, 3, share=5)
    ends(control, id)
    assert control.publication(id).version == live
    assert [one.why for one in control.canaries.past(id)] == ([why] if why else [])
    assert bool(control.canaries.find(id)) is (why is None)


def test_two_publications_of_one_agent_choose_the_same_people(control, id):
    other = publish(
        control, AGENT, "wecom_group", {"key": "11111111-2222-4333-8444-555555555555"}
    ).publication
    publish(control, AGENT, "wecom_group", {}, id=other)
    first, second = begin(control, id, 3, share=5), begin(control, other, 1, share=5)
    assert first.salt == second.salt
    stop(control, id)
    stop(control, other)
    assert begin(control, id, 3, share=5).salt != first.salt


def test_the_last_ten_are_told_and_a_draft_that_is_refused_leaves_no_version(control, id):
    for share in (50, 0, None):
        with pytest.raises(BadSettings):
            begin_draft(control, AGENT, id, share=share)
    assert len(control.versions(id)) == 3
    begun = begin_draft(control, AGENT, id, "试试", share=5)
    assert (begun.version, control.publication(id).version, control.versions(id)[-1].note) == (4, 2, "试试")
    for _ in range(12):
        stop(control, id)
        begin(control, id, 4, share=5)
    assert len(control.canaries.past(id)) == 10


@pytest.mark.parametrize("kind", [canary, shadow], ids=["canary", "shadow"])
def test_only_the_one_that_ended_last_goes_on(control, id, kind):
    for version in (3, 1):
        kind.begin(control, id, version, share=5)
        kind.stop(control, id)
    with pytest.raises(Conflict):
        kind.go_on(control, id, 3)
    assert kind.go_on(control, id, 1).version == 1
