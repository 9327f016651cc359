"""What every channel owes, by what it says that it can; each brings its tables (`NAME_table.py`)."""

import contextlib
import importlib
import importlib.util
import itertools
import json
from typing import get_args
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import example_channel.table
import example_channel.telegraph_table
from runtime import channels
from runtime.channels import (
    ABILITIES,
    Announces,
    ApiAnswer,
    AsksPlatform,
    Authenticates,
    Connects,
    Drafts,
    Edits,
    Fetches,
    Frame,
    Guides,
    OwnServer,
    Pushes,
    Receives,
    Registers,
    Responds,
    Streams,
    Types,
    TypesUnder,
    Verified,
    Verifies,
    WebRequest,
)
from runtime.errors import Refused, SendFailed, Wrong
from runtime.message import Event

OWN = {"pigeon": example_channel.table.TABLES, "telegraph": example_channel.telegraph_table.TABLES}
MODULES = {
    name: importlib.import_module(f"{name}_table")
    for name in channels.registry()
    if importlib.util.find_spec(f"{name}_table")
}
TABLES = {name: module.TABLES for name, module in MODULES.items()} | OWN
for _name, _module in MODULES.items():
    # a surface that may be set up in two ways brings a table for each
    TABLES |= {f"{_name} {way}": tables for way, tables in getattr(_module, "OTHERS", {}).items()}
KINDS = {name: type(tables.channel) for name, tables in TABLES.items()}
EVENTS = get_args(Event)


def can(name, *abilities):
    """With the settings of its tables: whoever connects is not called, and the other way round."""
    channel = TABLES[name].channel
    off = Receives if channels.connects(channel) else Connects
    return any(isinstance(channel, one) and not issubclass(one, off) for one in abilities)


def claiming(*abilities):
    """Each channel that says it can, with its tables."""
    found = [name for name in TABLES if can(name, *abilities)]
    return pytest.mark.parametrize("tables", [TABLES[name] for name in found], ids=found)


def rows(ability, table, wanted=lambda _: True):
    """Each row of a table that is wanted, of each channel that says it can."""
    found = [
        pytest.param(TABLES[name], row, id=f"{name}-{row.id if hasattr(row, 'id') else n}")
        for name in TABLES
        if can(name, ability)
        for n, row in enumerate(getattr(TABLES[name], table))
        if wanted(row)
    ]
    assert found
    return pytest.mark.parametrize(("tables", "row"), found)


def test_every_ability_is_somebodys():
    assert [one for one in ABILITIES if not any(can(name, one) for name in TABLES)] == []


def test_every_channel_brings_its_tables():
    assert [
        f"write tests/runtime/channels/{name}_table.py" for name in channels.registry() if name not in TABLES
    ] == []


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_as_long_as_what_a_channel_can(name):
    tables = TABLES[name]
    assert name in OWN or isinstance(tables.channel, channels.registry()[name.partition(" ")[0]])
    assert bool(tables.incoming) == can(name, Receives)
    assert bool(tables.outgoing) == bool(tables.answered) == can(name, Pushes)
    assert bool(tables.linked) == bool(tables.broken_frames) == can(name, Connects)
    assert bool(tables.grown) == can(name, Streams)
    assert (tables.bubble is not None) == can(name, Streams, Drafts)
    assert bool(tables.drafted) == can(name, Drafts)
    assert bool(tables.edited) == bool(tables.begun) == can(name, Edits)
    assert (tables.registered is not None) == can(name, Registers)
    assert bool(tables.secrets) == bool(tables.incoming or tables.outgoing)


# What all owe

MARKDOWN = [
    "你好",
    "# 标题\n\n**粗** [链接](https://example.com)\n\n- 一\n- 二",
    "很长的一段。" * 900,
    "a" * 9000,
]


@claiming(channels.Channel)
@pytest.mark.parametrize("markdown", MARKDOWN, ids=["short", "rich", "long", "one word"])
def test_an_answer_is_rendered_in_parts_that_fit(tables, markdown):
    parts = tables.channel.render(markdown)
    assert parts
    assert all(part.strip() for part in parts)
    assert all(tables.channel.limits.size(part) <= tables.channel.limits.room for part in parts)


@claiming(channels.Channel)
@pytest.mark.parametrize("nothing", ["", " \n\n"])
def test_nothing_is_no_part(tables, nothing):
    assert tables.channel.render(nothing) == []


@claiming(channels.Channel)
@pytest.mark.parametrize(("url", "word"), [("https://x.example/r/1", "answer"), ("", "answer")])
def test_an_invitation_says_where_the_rest_is(tables, url, word):
    line = tables.channel.invite("See it", url, word)
    assert "See it" in line
    assert (url or word) in line


@claiming(channels.Channel)
def test_its_things_have_names_in_both_languages(tables):
    assert all(text.zh and text.en for text in vars(tables.channel.words).values())


@claiming(channels.Channel)
def test_who_may_choose_it_is_told_in_both_languages(tables):
    profile = tables.channel.profile
    texts = (profile.writes, profile.needs, profile.cost, profile.risk)
    assert all(text.zh and text.en for text in texts)


@claiming(Verifies)
def test_what_is_reached_by_the_platform_alone_says_so(tables):
    if not issubclass(type(tables.channel), Fetches | Connects):
        assert tables.channel.profile.public_address


# Receives


@rows(Receives, "incoming", lambda row: not row.refused)
def test_what_a_call_brings_and_a_repeat_of_it_brings_again(tables, row):
    arrivals = tables.channel.receive(row.request, tables.now)
    assert list(arrivals.messages) == list(row.messages)
    assert arrivals.bubble == row.bubble
    assert (arrivals.signal, arrivals.ticket, arrivals.account) == (row.signal, row.ticket, row.account)
    assert arrivals.response is None or not arrivals.messages
    assert tables.channel.receive(row.request, tables.now) == arrivals
    # its events have names that all share
    assert all(one.kind != "event" or one.data["event"] in EVENTS for one in row.messages)


@rows(Receives, "incoming", lambda row: row.refused)
def test_what_is_refused_is_explained_and_tells_no_secret(tables, row):
    with pytest.raises(Refused) as refused:
        tables.channel.receive(row.request, tables.now)
    assert refused.value.code == row.refused
    text = tables.channel.explain(row.refused)
    assert text.zh
    assert text.en
    assert text != tables.channel.explain("no-such-code")
    assert not any(secret in str(text) for secret in tables.secrets)


@claiming(Receives)
def test_an_acknowledgement_is_good_and_a_call_that_is_turned_away_is_sent_again(tables):
    assert tables.channel.acknowledge().status == 200
    assert tables.channel.turn_away().status >= 500


@claiming(Receives)
def test_what_only_the_platform_can_cause_is_explained(tables):
    channel = tables.channel
    assert all(channel.explain(code) != channel.explain("no-such-code") for code in channel.proven_codes)


@claiming(Receives)
@given(
    method=st.sampled_from(["GET", "POST", "PUT"]),
    body=st.binary(max_size=200),
    names=st.dictionaries(
        st.sampled_from(["signature", "timestamp", "nonce", "echostr", "msg_signature", "id"]), st.text()
    ),
)
@settings(max_examples=60)
def test_any_call_is_read_or_refused(tables, method, body, names):
    with contextlib.suppress(Refused):
        tables.channel.receive(WebRequest(method, names, body, {"x-pigeon": "x"}), tables.now)


@claiming(Responds)
def test_a_response_answers_the_message_that_came(tables):
    row = next(row for row in tables.incoming if row.messages)
    response = tables.channel.respond(row.messages[0], "好", tables.now)
    assert response.status == 200
    assert response != tables.channel.acknowledge()
    assert tables.channel.window > 0
    assert tables.channel.attempts >= 1


@claiming(Verifies)
def test_our_own_check_of_the_address_is_passed_and_known_as_ours(tables):
    check = tables.channel.address_check("hongyan-self-test-0a1b", tables.now)
    found = tables.channel.receive(check.request, tables.now).response
    assert isinstance(found, Verified)
    assert (found.body.encode(), found.mark) == (check.expected, "hongyan-self-test-0a1b")
    assert tables.channel.patience > 0


# Asks the platform

HOSTILE = [
    {},
    {"errcode": []},
    {"error": {}},
    {"errcode": "9" * 9000},
    {"errcode": float("nan")},
    {"token": 1},
]


def pushed(tables, row, key):
    channel = tables.channel
    return (
        channel.push_after(row.after, row.part, key) if row.after else channel.push(row.part, tables.to, key)
    )


@rows(Pushes, "outgoing")
def test_what_a_part_becomes(tables, row):
    assert pushed(tables, row, "k1") == row.request


@rows(Pushes, "outgoing")
def test_the_same_key_is_the_same_request(tables, row):
    first, second = (pushed(tables, row, "k2") for _ in range(2))
    assert first == second
    assert isinstance(first, Frame) or json.dumps(first.body)


@rows(Pushes, "answered")
def test_what_the_platform_says_to_a_push(tables, row):
    answer = ApiAnswer(row.status, row.data)
    if not row.code:
        return tables.channel.pushed(answer)
    with pytest.raises(SendFailed) as failed:
        tables.channel.pushed(answer)
    assert failed.value.code == row.code
    assert failed.value.retryable == (row.code in tables.channel.codes.throttled)
    assert failed.value.text.zh
    assert not any(secret in str(failed.value) for secret in tables.secrets)
    return None


@claiming(Pushes)
@pytest.mark.parametrize("status", [200, 500])
def test_a_strange_answer_is_a_failure_or_taken_and_nothing_else(tables, status):
    for data, read in itertools.product(HOSTILE, (tables.channel.pushed, tables.channel.probed)):
        with contextlib.suppress(SendFailed):
            read(ApiAnswer(status, data))


@claiming(Pushes)
def test_what_may_be_pushed_is_bounded(tables):
    for row in tables.incoming:
        for message in row.messages:
            quota = tables.channel.quota(message)
            assert quota.pushes >= 0
            assert 0 < quota.seconds <= tables.channel.push_seconds


@claiming(Pushes)
def test_how_often_one_person_may_be_pushed_to_is_bounded_if_it_is_said(tables):
    rates = sorted(tables.channel.rates, key=lambda rate: rate.seconds)
    assert all(rate.pushes > 0 and 0 < rate.seconds <= 86_400 for rate in rates)
    assert [rate.pushes for rate in rates] == sorted(rate.pushes for rate in rates)


@claiming(channels.Channel)
def test_where_one_only_reads_nobody_needs_to_be_named(tables):
    channel = tables.channel
    only_reads = type(channel).profile.audience == "readers"
    assert only_reads == (isinstance(channel, Announces) and bool(channel.receiver))


@claiming(Announces)
def test_who_may_be_written_to_unasked_is_checked_and_named_if_there_is_only_one(tables):
    channel = tables.channel
    channel.check_receiver(channel.receiver or tables.to)
    for to in ["", "a b", "a|b", "@all", "x" * 500, "a\n"]:
        with pytest.raises(Wrong) as wrong:
            channel.check_receiver(to)
        assert wrong.value.text.zh
        assert wrong.value.text.en


@claiming(AsksPlatform)
def test_a_code_has_one_consequence(tables):
    codes = tables.channel.codes
    assert not codes.forbidden & (codes.blocking.keys() | codes.unreachable | codes.throttled)
    assert not codes.unreachable & (codes.blocking.keys() | codes.throttled | codes.stale)
    assert not codes.lost & (codes.forbidden | codes.unreachable | codes.throttled | codes.stale)
    assert all(seconds > 0 for seconds in codes.blocking.values())


@claiming(AsksPlatform)
def test_its_api_can_be_replaced_and_its_account_has_a_name(tables):
    if isinstance(tables.channel, OwnServer):
        assert tables.channel.account
        return
    assert tables.channel.api_host.startswith("https://")
    assert tables.channel.api_host_setting.startswith("HONGYAN_")
    assert tables.channel.api_host_setting.endswith("_API")
    assert tables.channel.account


@claiming(Authenticates)
def test_a_request_is_authorized_and_shows_no_secret(tables):
    request = tables.channel.authorized(tables.channel.probe(), "T0KEN")
    assert "T0KEN" in json.dumps([request.query, request.headers])
    shown = [repr(request), repr(tables.channel.token_request()), repr(tables.channel.settings)]
    assert not any(secret in text for secret in (*tables.secrets, "T0KEN") for text in shown)


@claiming(Authenticates)
@pytest.mark.parametrize("data", HOSTILE, ids=range(len(HOSTILE)))
def test_without_a_token_there_is_none(tables, data):
    with pytest.raises(SendFailed):
        tables.channel.token(ApiAnswer(200, data))


@claiming(Types)
def test_the_typing_sign_goes_to_the_person(tables):
    channel = tables.channel
    if isinstance(channel, TypesUnder):
        assert "TH-1" in json.dumps(channel.typing_under("TH-1").body)
    else:
        request = channel.typing(tables.to)
        assert tables.to.partition("/")[0] in json.dumps([request.path, request.body])
    assert tables.channel.typing_seconds > 0


@claiming(Fetches)
def test_a_ticket_goes_with_the_request_and_into_no_log(tables):
    channel = tables.channel
    request = channel.fetch("C1", "T1CKET")
    used = "T1CKET" in json.dumps([request.query, request.body])
    assert used == (tables.channel.ticket_seconds > 0)
    assert "T1CKET" not in repr(request)
    assert request == channel.fetch("C1", "T1CKET")
    assert channel.fetch_seconds > 0
    assert channel.fresh_seconds >= 0
    assert channel.refused_tickets.isdisjoint(channel.codes.throttled)


@claiming(Fetches)
@pytest.mark.parametrize("data", [*HOSTILE, {"letters": ["x"], "next": 1, "more": 1}, {"letters": 7}])
def test_a_page_that_cannot_be_read_is_a_failure(tables, data):
    with pytest.raises(SendFailed):
        tables.channel.page(ApiAnswer(200, data))


# A server of the owner's


@claiming(OwnServer)
def test_a_server_of_the_owners_has_an_address_and_shows_no_secret(tables):
    server = tables.channel.server
    parts = urlsplit(server.url)
    assert parts.scheme
    assert parts.hostname
    assert parts.port
    assert server.tool
    assert not any(secret in repr(server) for secret in tables.secrets)


# Guides


@claiming(Guides)
def test_what_the_owner_is_asked_and_told_is_about_the_settings(tables):
    kind = type(tables.channel)
    fields = kind.Settings.model_fields.keys()
    assert {*kind.guide.ask, *kind.guide.rare, *kind.verified_by, *kind.suggest()} <= fields
    assert not {*kind.guide.ask, *kind.guide.rare} & kind.suggest().keys()
    asked = kind.Settings.model_json_schema()["properties"]
    conditions = [kind.guide.called, *(field.get("when") for field in asked.values())]
    for other, value in filter(None, conditions):
        values = {*value} if isinstance(value, tuple) else {value}
        assert values <= {*asked[other].get("enum", (True, False))}, other
    texts = [kind.guide.title, kind.guide.where, kind.guide.paste]
    assert all(text.zh and text.en for text in texts)


@claiming(Guides)
def test_what_is_copied_is_told_once_and_begins_with_the_address(tables):
    lines = tables.channel.to_copy("https://bot.example/c/p")
    is_called = isinstance(tables.channel, Receives) and not channels.connects(tables.channel)
    assert [line.value for line in lines[:1]] == ["https://bot.example/c/p"] * is_called
    assert len({line.name for line in lines}) == len(lines)
    assert all(bool(line.value) != bool(line.choose) for line in lines)


@claiming(Guides)
def test_where_our_host_is_not_known_yet_nothing_is_copied_that_lacks_it(tables):
    lines = tables.channel.to_copy("/c/p")
    assert [line.name for line in lines if line.value.endswith("/")] == []
    assert all(bool(line.value) != bool(line.choose) for line in lines)
