"""What a channel owes whose tokens hang on something kept, and whose account consents to an application."""

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_contract import HOSTILE, claiming

from runtime.channels import ApiAnswer, Consents, Granted, Joins, WebRequest
from runtime.errors import Refused, SendFailed


@claiming(Joins)
def test_what_a_scan_brings_is_asked_of_nobody_and_may_be_lost(tables):
    kind = type(tables.channel)
    assert kind.yields
    assert kind.yields <= kind.Settings.model_fields.keys()
    assert all(not kind.Settings.model_fields[name].is_required() for name in kind.yields)
    assert kind.codes.lost
    assert kind.most_codes >= 1
    assert kind.code_seconds > 0
    assert tables.channel.is_joined


@claiming(Granted)
def test_without_what_its_tokens_hang_on_it_says_why_there_is_none(tables):
    for one in (tables.channel, tables.channel.bearer):
        if one is None:
            continue
        with pytest.raises(SendFailed) as failed:
            one.fresh_request({})
        assert failed.value.text.zh
        assert failed.value.code
        assert one.kept_as
    assert tables.channel.bearer is None or tables.channel.bearer.kept_as != tables.channel.kept_as


@claiming(Granted)
@pytest.mark.parametrize("data", HOSTILE, ids=range(len(HOSTILE)))
def test_a_strange_answer_is_no_token(tables, data):
    for one in (tables.channel, tables.channel.bearer):
        if one is not None:
            with pytest.raises(SendFailed):
                one.fresh(ApiAnswer(200, data))


@claiming(Consents)
def test_what_is_shared_is_entered_and_what_a_consent_brings_is_not(tables):
    kind = type(tables.channel)
    assert kind.shared <= kind.Settings.model_fields.keys()
    assert not kind.shared & kind.yields
    assert kind.named_by in kind.shared
    assert kind.verified_by <= kind.shared


@claiming(Consents)
def test_another_account_of_the_application_shares_it_and_nothing_else(tables):
    channel = tables.channel
    other = channel.of("wx0123456789abcdee", {})
    assert other.account == "wx0123456789abcdee"
    assert other.application.kept_as == channel.application.kept_as
    assert other.kept_as not in (channel.kept_as, channel.application.kept_as)
    assert other.kept_as == channel.of("", {}).kept_as + other.account


@claiming(Consents)
@pytest.mark.parametrize("data", HOSTILE, ids=range(len(HOSTILE)))
def test_a_strange_answer_proves_no_consent(tables, data):
    application = tables.channel.application
    reads = (application.proof, application.account_told, lambda one: application.page(one, "https://a", ""))
    for read in reads:
        with pytest.raises(SendFailed):
            read(ApiAnswer(200, data))


@claiming(Consents)
@given(
    body=st.binary(max_size=200), query=st.dictionaries(st.sampled_from(["timestamp", "nonce"]), st.text())
)
@settings(max_examples=40)
def test_any_call_to_the_application_is_read_or_refused(tables, body, query):
    with contextlib.suppress(Refused):
        tables.channel.application.told(WebRequest("POST", query, body), tables.now)


@claiming(Consents)
def test_what_the_application_asks_shows_no_secret(tables):
    application = tables.channel.application
    asked = [
        application.prompt_request(),
        application.page_request(),
        application.proof_request("C0DE"),
        application.account_request("wx0"),
        application.token_request(),
    ]
    assert all(json.dumps(one.body) for one in asked)
    assert not any(secret in repr((asked, application)) for secret in (*tables.secrets, "C0DE"))


@claiming(Consents)
def test_the_platforms_own_accounts_are_accounts(tables):
    for account, brought in tables.channel.trials.items():
        made = tables.channel.of(account, brought)
        assert made.is_joined
        assert made.account == account
